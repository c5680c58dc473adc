/* What the desk answers to an entry: the bar, the side panel, the state of every field. */

import { clear, content, controlAt, fill, inputs, isText, one } from "./form.js";
import { say } from "./notices.js";
import * as unsent from "./unsent.js";

export let state = JSON.parse(one("state").dataset.state);

export const apply = (html) => {
  const parts = document.createElement("template");
  parts.innerHTML = html;
  const active = document.activeElement;
  const typed = active?.closest("#review") && active.id ? { id: active.id, at: active.selectionStart } : null;
  const why = one("why");
  for (const fresh of [...parts.content.children]) {
    const old = one(fresh.id);
    if (old) old.replaceWith(fresh);
  }
  if (why) one("why").replaceWith(why);
  unsent.attach();
  const again = typed && one(typed.id);
  again?.focus();
  again?.setSelectionRange?.(typed.at, typed.at);
  const fresh = one("state");
  const before = Object.keys(state.given);
  state = JSON.parse(fresh.dataset.state);
  showGiven(before);
  for (const path of fresh.dataset.removed.split(" ").filter(Boolean)) {
    for (const control of document.querySelectorAll(".control")) {
      const own = control.dataset.path;
      if ((own === path || own.startsWith(`${path}.`)) && !unsent.get(own)) {
        clear(control);
        unsent.confirm(control, content(control));
      }
    }
    say("Details that belong to the former answer were taken away with it. Undo brings them back.");
  }
  paint();
};

/* What a macro gives is shown like an entry of the file; what it no longer gives leaves the form. */
export const showGiven = (before = []) => {
  for (const path of new Set([...before, ...Object.keys(state.given)])) {
    const control = controlAt(path);
    if (!control || unsent.get(path)) continue;
    fill(control, new URLSearchParams((state.given[path] ?? []).map((answer) => ["answer", answer])));
    unsent.confirm(control, content(control));
  }
};

export const paint = () => {
  const hidden = new Set(state.hidden);
  for (const each of document.querySelectorAll(".sheet [data-path][id^='f:']")) {
    const path = each.dataset.path;
    if (!each.closest("[data-row]")) each.hidden = hidden.has(path) && !unsent.get(path);
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
  unsent.paint(state.revision);
};
