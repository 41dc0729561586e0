// Looks how far a job is, and drives the steps of one that this page makes. Without JavaScript buttons do the same.
"use strict";
const EVERY = 1500;
// Then it stands until somebody looks again: a page left alone does not keep a session alive for ever.
let looks = 400;

async function look() {
  const here = document.querySelector("[data-job]");
  const step = here.querySelector("[data-step] form");
  const asked = step ? { method: "POST", body: new FormData(step) } : {};
  const answer = await fetch(location.pathname, { credentials: "same-origin", ...asked });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const there = page.querySelector("[data-job]");
  if (!answer.ok || !there || !("open" in there.dataset)) {
    location.replace(location.pathname);
    return;
  }
  here.querySelector("progress").value = there.querySelector("progress").value;
  here.querySelector("progress").max = there.querySelector("progress").max;
  here.querySelector("[data-said]").textContent = there.querySelector("[data-said]").textContent;
  if (step) {
    step.querySelector("[name=once]").value = there.querySelector("[data-step] [name=once]").value;
  }
  again();
}

function again() {
  looks -= 1;
  if (looks > 0) {
    setTimeout(() => look().catch(() => {}), EVERY);
  }
}

if (document.querySelector("[data-job][data-open]")) {
  again();
}
