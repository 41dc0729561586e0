// What was typed and not sent stays in the tab while the screen is locked: encrypted, under a key that the server
// gives to the same person when nothing is locked. Nothing that can be read stays behind.
const PLACE = "kept";
const NEVER = ["hidden", "password", "submit", "button", "file"];
const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const forms = () => [...document.querySelectorAll("main form")];
let key = null;
let nonce = crypto.randomUUID();

// Says that somebody is here and brings the key; false when the session is locked or has ended.
export async function here(of = nonce) {
  const headers = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
  const body = new URLSearchParams({ nonce: of });
  const answer = await fetch(document.body.dataset.here, { method: "POST", headers, body, redirect: "manual" });
  if (!answer.ok) return false;
  const raw = bytes((await answer.json()).key);
  key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  return true;
}

// Takes what differs from the page as it came (of a page that a form led to: everything), at once; the function it
// returns encrypts it.
export function take() {
  const all = "sent" in document.body.dataset;
  const typed = forms().flatMap((form, at) => [...form.elements].flatMap((field, place) => {
    if (!field.name || NEVER.includes(field.type)) return [];
    const options = [...(field.options ?? [])];
    const changed = field.value !== (field.defaultValue ?? field.value) || field.checked !== field.defaultChecked
      || options.some((each) => each.selected !== each.defaultSelected);
    return all || changed ? [[at, place, field.name, field.value, Boolean(field.checked)]] : [];
  }));
  return async () => {
    if (!typed.length || !key) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(typed));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
    sessionStorage.setItem(PLACE, JSON.stringify({ nonce, iv: text(iv), sealed: text(sealed), page: location.pathname }));
  };
}

// Puts back what was kept of this page. What another person left, or cannot be opened, is dropped.
export async function putBack() {
  const kept = JSON.parse(sessionStorage.getItem(PLACE));
  if (kept?.page !== location.pathname) return;
  sessionStorage.removeItem(PLACE);
  if (!(await here(kept.nonce))) return;
  const iv = bytes(kept.iv);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes(kept.sealed)).catch(() => null);
  nonce = kept.nonce;
  for (const [at, place, name, value, checked] of plain ? JSON.parse(new TextDecoder().decode(plain)) : []) {
    const field = forms()[at]?.elements[place];
    if (field?.name !== name) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
