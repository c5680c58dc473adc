/* Entries are sent as they are made, one after the other; they wait where the desk does not answer. */

import { notice, say } from "./notices.js";
import { tidied } from "./tidied.js";
import { base, clear, content, controlAt, controlOf, entry, fixed, inputs, isText, one } from "./form.js";

export let state = JSON.parse(one("state").dataset.state);

const waiting = new Map();
const known = new WeakMap();
const timers = new Map();
let busy = false;
let stuck = false;

const tell = (words, bad = false) => {
  const place = document.querySelector("[data-saved]");
  if (!place) return;
  place.textContent = words;
  place.classList.toggle("bad", bad);
};

export const enter = (control, delay = 0) => {
  if (delay && timers.has(control)) return;  // goes out soon: who types without a pause must not wait for one
  clearTimeout(timers.get(control));
  timers.delete(control);
  const send = () => {
    timers.delete(control);
    if (content(control) === known.get(control) || fixed) return;
    waiting.set(control.dataset.path, control);
    pump();
  };
  if (delay) timers.set(control, setTimeout(send, delay));
  else send();
};

const post = async (control) => {
  const body = entry(control);
  const sent = body.toString();
  body.set("path", control.dataset.path);
  body.set("revision", state.revision);
  const answer = await fetch(`${base}/entries`, { method: "POST", body });
  return [answer, await answer.text(), sent];
};

const pump = async () => {
  if (busy || stuck) return;
  busy = true;
  while (waiting.size && !stuck) {
    const [path, control] = waiting.entries().next().value;
    waiting.delete(path);
    tell("Saving …");
    try {
      known.delete(control);  // until it is answered nothing is: what is entered meanwhile is sent again
      const [answer, html, sent] = await post(control);
      known.set(control, sent);
      if (answer.ok) {
        apply(html);
        known.set(control, tidied(control, sent, html));
        tell("Saved");
      } else refuse(answer.status, html, control);
    } catch {
      waiting.set(path, control);
      tell("Not saved: the desk does not answer. It is tried again.", true);
      document.dispatchEvent(new Event("desk:lost"));
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
  busy = false;
  if (!stuck) document.dispatchEvent(new Event("desk:saved"));
};

const refuse = (status, html, control) => {
  if (status === 409) {
    conflict(html, control);
    return;
  }
  tell("Not saved", true);
  const words = new DOMParser().parseFromString(html, "text/html").querySelector("p")?.textContent || "It was refused.";
  const place = one(`e:${control.dataset.path}`);
  if (place) place.textContent = `Not saved. ${words}`;
  else notice(html);
};

export const idle = async () => {
  if (document.activeElement && controlOf(document.activeElement)) enter(controlOf(document.activeElement));
  while ((busy || waiting.size) && !stuck) await new Promise((done) => setTimeout(done, 15));
  return !stuck;
};

const conflict = (html, control) => {
  stuck = true;
  notice(html);
  tell("Not saved", true);
  if (!control) return;
  document.querySelector("[data-unsaved]").hidden = false;
  document.querySelector("[data-unsaved-name]").textContent = control.dataset.name;
  const again = document.querySelector("[data-again]");
  again.hidden = false;
  again.onclick = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(base)).text(), "text/html");
    state = JSON.parse(page.getElementById("state").dataset.state);
    const [answer, words] = await post(control);
    if (answer.ok) location.reload();
    else refuse(answer.status, words, control);
  };
};

/* What came back: the bar, the side panel, the state of every field. */

const apply = (html) => {
  const parts = document.createElement("template");
  parts.innerHTML = html;
  const active = document.activeElement;
  const typed = active?.closest("#review") && active.id ? { id: active.id, value: active.value, at: active.selectionStart } : null;
  const why = one("why");
  for (const fresh of [...parts.content.children]) {
    const old = one(fresh.id);
    if (old) old.replaceWith(fresh);
  }
  if (why) one("why").replaceWith(why);
  const again = typed && one(typed.id);
  if (again) {
    again.value = typed.value;
    again.focus();
    again.setSelectionRange?.(typed.at, typed.at);
  }
  const fresh = one("state");
  state = JSON.parse(fresh.dataset.state);
  for (const path of fresh.dataset.removed.split(" ").filter(Boolean)) {
    for (const control of document.querySelectorAll(".control")) {
      if (control.dataset.path === path || control.dataset.path.startsWith(`${path}.`)) {
        clear(control);
        known.set(control, content(control));
      }
    }
    say("Details that belong to the former answer were taken away with it. Undo brings them back.");
  }
  paint();
};

export const paint = () => {
  const hidden = new Set(state.hidden);
  for (const each of document.querySelectorAll(".sheet [data-path][id^='f:']")) {
    const path = each.dataset.path;
    if (!each.closest("[data-row]")) each.hidden = hidden.has(path);
    each.classList.toggle("missing", state.missing.includes(path));
    each.classList.toggle("pending", state.pending.includes(path));
    each.classList.toggle("wrong", path in state.errors);
    const said = one(`e:${path}`);
    if (said) {
      said.textContent = state.errors[path] || state.doubts[path] || "";
      said.classList.toggle("doubt", !(path in state.errors));
    }
    const word = one(`d:${path}`)?.querySelector("[data-open-word]");
    if (word) word.textContent = state.missing.includes(path) ? "Required, not entered. " : "";
    const control = controlAt(path);
    for (const input of control ? inputs(control) : []) if (isText(input)) input.ariaInvalid = String(path in state.errors);
  }
  for (const each of document.querySelectorAll("[data-section]")) each.hidden = hidden.has(each.dataset.section);
  for (const each of document.querySelectorAll("[data-revision]")) each.value = state.revision;
  const open = [...state.missing, ...Object.keys(state.errors)];
  for (const each of document.querySelectorAll("[data-left]")) {
    const label = each.dataset.left;
    const count = open.filter((path) => (label === "Case" ? !path.startsWith("parts.") : path.startsWith(`parts.${label}.`))).length;
    each.textContent = count || "";
  }
};

export const act = async (what, values) => {
  if (!(await idle())) return;
  const body = new URLSearchParams({ ...values, revision: state.revision });
  const answer = await fetch(`${base}/${what}`, { method: "POST", body });
  if (answer.ok) location.reload();
  else if (answer.status === 409) conflict(await answer.text());
  else notice(await answer.text());
};

export const fetched = async (address) => {
  if (!(await idle())) return null;
  const answer = await fetch(address).catch(() => null);
  if (answer?.ok) return answer;
  if (answer) notice(await answer.text());
  else say("The desk does not answer. Is it still running?");
  return null;
};

/* What else was changed, here or on the disk, is told before anything is entered over it. */
export const watch = async () => {
  if (busy || stuck || waiting.size || document.hidden) return;
  const seen = state.revision;
  const answer = await fetch(`${base}/watch/${seen}`).catch(() => null);
  if (answer?.status === 200 && seen === state.revision && !busy && !stuck) conflict(await answer.text());
};
export const isSending = () => busy || waiting.size > 0;
export const isUnsent = () => waiting.size > 0 && !stuck;
export const meet = (control) => {
  if (!known.has(control)) known.set(control, content(control));
};
