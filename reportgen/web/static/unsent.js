/* What was entered and is not in the file: one item for each control, and why nothing can be saved now, if so. The bar,
   the marks, the closed buttons and the question on leaving are all painted from here. */

import { base, content, controlAt, fill, loaded, one, said } from "./form.js";

const items = new Map();
const saved = new WeakMap();
let away = "";
let late = false;
let revision = "";

/* An item: { path, name, control, content, said, phase, why, timer }. Its phase is "typed" (goes out soon), "waiting",
   "sending", "refused" (goes out again when it is changed) or "failed" (goes out again by itself). A `why` stays until
   the entry is saved or put back. */
export const get = (path) => items.get(path);
export const all = () => [...items.values()];
export const next = () => all().find((each) => each.phase === "waiting");
export const isOpen = () => all().some((each) => ["typed", "waiting", "sending"].includes(each.phase));

export const inFile = (control) => saved.get(control) ?? loaded(control);
export const isInFile = (control) => content(control) === inFile(control);
export const confirm = (control, sent) => saved.set(control, sent);

export const hold = (control, phase, why) => {
  const { path, name } = control.dataset;
  const item = items.get(path) || { path, name, why: "" };
  clearTimeout(item.timer);
  Object.assign(item, { control, phase, content: content(control), said: said(control), timer: 0, why: why ?? item.why });
  items.set(path, item);
  paint();
  return item;
};
export const release = (path) => {
  clearTimeout(items.get(path)?.timer);
  items.delete(path);
  paint();
};
export const forget = () => {
  items.clear();
  paint();
};
export const putBack = (path) => {
  const { control } = items.get(path);
  fill(control, inFile(control));
  release(path);
  return path;
};
export const setAway = (words) => {
  if (away === words) return;
  away = words;
  paint();
};
export const setLate = (isLate) => {
  late = isLate;
  paint();
};
export const isLate = () => late;
export const isAway = () => Boolean(away);

/* Why a report that is made now would not say what the page shows; "" where it would. */
const named = (item) => (item.path.startsWith("parts.") ? `${item.path.split(".")[1]} · ${item.name}` : item.name);
const refused = () => all().filter((each) => each.why);
export const trouble = () => {
  const names = refused().map(named);
  if (names.length) return `Not possible now: ${names.join(", ")} ${names.length === 1 ? "is" : "are"} not saved. Mend what is wrong, or put back what is saved.`;
  return away && `Not possible now: ${away}.`;
};
export const copied = () => all().map((each) => `${named(each)}: ${each.said}`).join("\n\n");

/* The review is drawn anew with every entry: what stands in it and is not saved is brought back. */
export const attach = () => {
  for (const item of items.values()) {
    const control = !item.control.isConnected && controlAt(item.path);
    if (!control) continue;
    fill(control, content(item.control));
    item.control = control;
  }
};

const CLOSED = "[data-copy], [data-print], [data-finalize], [data-download], [data-undo], [data-open=parts], [data-remove-row]";
let closed = "";
export const paint = (shown = "") => {
  const before = closed;
  closed = trouble();
  const troubled = refused();
  const open = late || isOpen();
  document.body.toggleAttribute("data-unsaved", Boolean(closed));
  const place = document.querySelector("[data-saved]");
  if (place) {
    place.textContent = troubled.length ? `Not saved: ${away || `${troubled.length} ${troubled.length === 1 ? "entry" : "entries"}`}`
      : away ? away[0].toUpperCase() + away.slice(1) : open ? "Saving …" : "Saved";
    place.classList.toggle("bad", Boolean(closed));
  }
  if (!shown && !closed && !before) return;  // nothing else hangs on it
  if (shown) revision = shown;
  const pill = document.querySelector(".saved .pill:not(.fixed)");
  if (pill) {
    pill.dataset.word ??= pill.textContent;
    pill.textContent = troubled.length ? "not saved" : pill.dataset.word;
    pill.classList.toggle("unsaid", troubled.length > 0);
    pill.hidden = Boolean(closed) && !troubled.length;
  }
  for (const each of document.querySelectorAll(CLOSED)) close(each);
  list(troubled);
  for (const each of document.querySelectorAll(".unsaved")) each.classList.remove("unsaved");
  for (const each of document.querySelectorAll(".unsaved-why")) if (!items.get(each.dataset.of)?.why) each.remove();
  for (const each of troubled) if (each.control.isConnected) mark(each);
};

const close = (element) => {
  element.toggleAttribute("data-closed", Boolean(closed));  // it can still be pressed, and then says why it is closed
  element.dataset.title ??= element.title;
  element.title = closed || element.dataset.title;
  if (!element.matches("a")) return;
  if (closed) element.removeAttribute("href");  // what opens it elsewhere is closed as well
  else element.href = `${base}/report.${element.dataset.download}?revision=${revision}`;
  element.role = "link";
  element.tabIndex = 0;
};

const list = (troubled) => {
  const place = document.querySelector("[data-unsent]");
  if (!place) return;
  place.hidden = !troubled.length;
  place.querySelector("ul").replaceChildren(...troubled.map((each) => {
    const item = document.createElement("li");
    const chip = document.createElement("button");
    Object.assign(chip, { type: "button", className: "chip bad", textContent: named(each), title: each.why });
    chip.dataset.jump = each.path;
    item.append(chip);
    return item;
  }));
};

const mark = (item) => {
  (one(`f:${item.path}`) || item.control).classList.add("unsaved");
  let place = document.querySelector(`.unsaved-why[data-of="${CSS.escape(item.path)}"]`);
  if (!place) {
    place = document.createElement("p");
    place.className = "unsaved-why";
    place.dataset.of = item.path;
    place.append(document.createElement("span"));
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "link", textContent: "Put back what is saved" });
    button.dataset.putBack = item.path;
    place.append(" ", button);
    const error = one(`e:${item.path}`);
    if (error) error.before(place);
    else item.control.append(place);
  }
  place.firstChild.textContent = `Not saved. ${item.why}`;
};
