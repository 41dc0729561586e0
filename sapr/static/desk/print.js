// Without JavaScript the browser's own print command does the same; the button then stays hidden.
"use strict";
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
