// Keeps what is typed on a page of the intake, sealed on the server and nowhere else: never in this browser.
"use strict";
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const WAIT = 1500, AGAIN = 4000;
  const line = form.querySelector("[data-draft-state]");
  let changed = false, over = false, state = "", timer = 0, running = null;

  const say = (word, time) => {
    state = word;
    line.dataset.state = word;
    line.textContent = (line.dataset[word] || "").replace("{time}", time || "");
  };
  const soon = (pause) => {
    clearTimeout(timer);
    if (!over) timer = setTimeout(keep, pause);
  };
  // A page that waited while somebody signed in again needs the token of that session, for this person alone.
  const renewed = async () => {
    const answer = await fetch(form.dataset.draft, { redirect: "error", cache: "no-store" });
    if (!answer.ok) return false;
    const told = await answer.json();
    if (told.author !== form.elements.author.value) {
      say("other");
      return false;
    }
    form.elements.csrfmiddlewaretoken.value = told.token;
    return true;
  };
  const send = async (leaving, again = false) => {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.draft, { method: "POST", body, redirect: "error", keepalive: leaving });
    if (answer.ok) {
      say("saved", (await answer.json()).kept);
      return true;
    }
    if ([401, 403, 423].includes(answer.status)) {
      if (!again && ["out", "other"].includes(state) && (await renewed())) return send(leaving, true);
      if (state !== "other") say("out");
    } else if (answer.status === 412) {
      say("other");
    } else if ([404, 409, 410].includes(answer.status)) {
      over = true;
      say("over");
    } else {
      say(answer.status < 500 ? "refused" : "offline");
    }
    return false;
  };
  // One at a time; what was typed meanwhile goes with the next.
  function keep(leaving = false) {
    if (running) return running.then(() => (changed ? keep(leaving) : state === "saved"));
    changed = false;
    running = send(leaving).catch(() => say("offline")).then((kept) => {
      running = null;
      if (!kept) changed = true;
      if (changed && state !== "refused") soon(state === "saved" ? WAIT : AGAIN);
      return Boolean(kept);
    });
    return running;
  }
  const typed = () => {
    changed = true;
    if (state !== "offline" && state !== "out" && state !== "other") soon(WAIT);
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  // Without a connection the browser would put an error page in place of what was typed: it is tried first.
  form.addEventListener("submit", (event) => {
    const lost = !navigator.onLine || ["offline", "out", "other"].includes(state);
    if (lost && !over) {
      event.preventDefault();
      const button = event.submitter;
      changed = true;
      keep().then((kept) => kept && form.requestSubmit(button));
      return;
    }
    over = true;
    clearTimeout(timer);
  });
  addEventListener("online", () => changed && keep());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed && !over) keep(true);
  });
  addEventListener("pagehide", () => changed && !over && keep(true));
  // Back from the browser's memory, the form may have been submitted meanwhile: the server knows.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
