// Leaving at once, locking, and the idle lock. Without JavaScript the buttons do the same by a POST, and the server
// locks what stands unused.
import { here, putBack, take } from "./kept.js";

const page = document.body.dataset;
const leaveForm = document.querySelector("[data-leave]");
const lockForm = document.querySelector("[data-lock]");
const going = document.querySelector("[data-going]");
const tabs = new BroadcastChannel("desk");
const MINUTE = 60_000;
// This page, asked for anew: without what stands behind a #, for which a browser would only scroll.
const again = location.pathname + location.search;

// The page is gone from the screen before anything is sent or waited for.
function clear() {
  const encrypt = page.here ? take() : async () => {};
  document.title = "";
  document.body.replaceChildren();
  return encrypt;
}

async function leave() {
  const to = leaveForm.dataset.leave, from = leaveForm.action;
  tabs.postMessage("left");
  const encrypt = clear();
  fetch(from, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  await encrypt().catch(() => {});
  location.replace(to);
}

async function lock() {
  const from = lockForm.action;
  await clear()().catch(() => {});
  // The page is asked for again only once the server knows; until then nothing is shown.
  for (;;) {
    if (await fetch(from, { method: "POST", redirect: "manual" }).then(() => true, () => false)) break;
    await new Promise((later) => setTimeout(later, 3000));
  }
  tabs.postMessage("locked");
  location.replace(again);
}

async function locked(to) {
  await clear()().catch(() => {});
  location.replace(to);
}

leaveForm?.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
lockForm?.addEventListener("submit", (event) => { event.preventDefault(); lock(); });

// Shift three times, alone: no letter, no command of a browser or a screen reader.
let presses = [], alone = false;
addEventListener("keydown", (event) => {
  alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (!alone) presses = [];
  const chord = event.ctrlKey && event.altKey && !event.getModifierState("AltGraph");
  if (lockForm && chord && event.key.toLowerCase() === "l") { event.preventDefault(); lock(); }
}, true);
addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 1500);
  if (leaveForm && presses.length >= 3) leave();
}, true);
addEventListener("pointerdown", () => { presses = []; }, true);

// A page that the back button brings back from memory is asked for anew: it may be locked, or somebody else's.
addEventListener("pagehide", () => { document.documentElement.hidden = true; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

if (page.here) {
  const after = Number(page.lockAfter) * 1000, said = after - Number(page.lockSaid) * 1000;
  let used = Date.now(), told = Date.now();
  const active = () => { used = Date.now(); if (going.textContent) going.textContent = ""; };
  tabs.onmessage = ({ data }) => {
    if (data === "used") active();
    else locked(data === "left" ? leaveForm.dataset.leave : again);
  };
  // The server hears at most once a minute that somebody is there, never what was pressed.
  const input = async () => {
    active();
    if (used - told < MINUTE) return;
    told = used;
    tabs.postMessage("used");
    if ((await here().catch(() => true)) === false) locked(again);
  };
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) addEventListener(kind, input, { passive: true });
  if ("sent" in page) here().catch(() => {});
  else document.addEventListener("input", () => here().catch(() => {}), { once: true });
  setInterval(() => {
    const idle = Date.now() - used;
    if (idle >= after) { used = Infinity; lock(); }
    else if (idle >= said && !going.textContent) going.textContent = going.dataset.going;
  }, 1000);
  putBack().catch(() => {});
}
