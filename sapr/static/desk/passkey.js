// Hands the page's options to django-allauth's passkey script, and says in words when the browser declined.
"use strict";
const passkey = document.getElementById("passkey");
if (passkey) {
  const kind = passkey.dataset.passkey;
  const options = JSON.parse(passkey.dataset.options);
  const ids = { credential: "id_credential", add: "passkey", authenticate: "passkey" };
  if (kind === "create") {
    allauth.webauthn.forms.addForm({ ids, data: { creation_options: options } });
  } else {
    allauth.webauthn.forms.authenticateForm({ ids, data: { request_options: options } });
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.getElementById("passkey-state").textContent = "The browser stopped. Try again, or use another way.";
  });
}
