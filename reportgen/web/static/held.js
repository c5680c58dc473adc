/* Keys that are faster than the page wait in order until it is known which element comes next: that may hang on the
   answer just given, and the desk is asked. Each then goes where it would have gone, had the page been faster. */

import { isPick, isText, toEnd } from "./form.js";
import { say } from "./notices.js";
import { grow } from "./rows.js";
import { idle } from "./sending.js";

const LONGEST = 15000;  // ms: who waits longer is told what was not entered
const NEVER_HELD = /^(Shift|Control|Alt|AltGraph|Meta|CapsLock|NumLock|ScrollLock|Dead|Process|Unidentified|F\d+)$/;

let held = null;
let lost = false;
document.addEventListener("desk:lost", () => (lost = true));
document.addEventListener("desk:saved", () => (lost = false));

export const isHeld = () => held !== null;
export const isLost = () => lost;

export const isCommand = (event) => (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph");
export const isPrintable = (event) => event.key.length === 1 && (event.getModifierState("AltGraph") || !(event.ctrlKey || event.metaKey || event.altKey));

export const hold = (event) => {
  const { key, code, shiftKey, ctrlKey, altKey, metaKey, repeat } = event;
  if (NEVER_HELD.test(key)) return;
  if (isCommand(event) && !/^([akvxyz]|Enter|Backspace|Delete|Home|End)$/i.test(key)) return;  // the browser's own
  event.preventDefault();
  const modifierCapsLock = event.getModifierState("CapsLock");
  const modifierAltGraph = event.getModifierState("AltGraph");
  held.push({ key, code, shiftKey, ctrlKey, altKey, metaKey, repeat, modifierCapsLock, modifierAltGraph, at: event.timeStamp });
};

/* Everything is saved, and the next row of a group is there; false where the desk cannot be asked. */
export const settled = (control) => {
  const ready = idle().then(async () => {
    await grow(control);
    return !lost;
  });
  const given = new Promise((done) => {
    document.addEventListener("desk:lost", () => done(false), { once: true });
    setTimeout(() => done(false), LONGEST);
  });
  return Promise.race([ready, given]).catch(() => false);
};

/* Does something that takes time, and then presses the keys that came meanwhile. Where it says false, it is not known
   for which element they were meant: they are told, and not entered. */
export const whileHeld = async (work) => {
  held = [];
  document.documentElement.dataset.held = "yes";
  const known = await work();
  const keys = held;
  held = null;
  delete document.documentElement.dataset.held;
  if (!known) return untold(keys);
  while (keys.length && !held) press(keys.shift());
  if (held) held.push(...keys);
};

const untold = (keys) => {
  if (!keys.length) return;
  const words = keys.map(({ key }) => (key.length === 1 ? key : ` ${key} `)).join("");
  say(`The desk did not answer in time. Pressed meanwhile, and not entered: “${words.trim()}”.`);
};

const press = (pressed) => {
  const target = document.activeElement;
  const event = new KeyboardEvent("keydown", { ...pressed, bubbles: true, cancelable: true });
  event.at = pressed.at;
  if (target.dispatchEvent(event)) natively(target, event);
};

/* What the browser itself does with a key. A key that is pressed by a script does nothing of it. */
const natively = (target, event) => {
  const { key } = event;
  const typing = isText(target) && target.tagName !== "SELECT";
  if (key === "Tab") return tab(target, event.shiftKey ? -1 : 1);
  if (!typing) {
    if ((key === " " && isPick(target)) || (target.tagName === "BUTTON" && (key === " " || key === "Enter"))) target.click();
    return;
  }
  if (isPrintable(event)) document.execCommand("insertText", false, key);
  else if (key === "Enter") document.execCommand("insertLineBreak");
  else if (key === "Backspace") document.execCommand("delete");
  else if (key === "Delete") document.execCommand("forwardDelete");
  else if (isCommand(event) && key.toLowerCase() === "a") target.select();
  else if (isCommand(event) && key.toLowerCase() === "z") document.execCommand("undo");
  else if (isCommand(event) && /^[vxy]$/i.test(key)) say(`Ctrl ${key.toUpperCase()} was pressed while the desk was saving. Press it again.`);
  else if (key === "End") toEnd(target);
  else if (key === "Home") target.setSelectionRange(0, 0);
  else if (key === "ArrowLeft" || key === "ArrowRight") {
    const to = Math.max(0, key === "ArrowLeft" ? target.selectionStart - 1 : target.selectionEnd + 1);
    target.setSelectionRange(to, to);
  }
};

const tab = (from, step) => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, iframe, [tabindex='0']")];
  const open = all.filter((each) => each === from || (!each.disabled && each.tabIndex >= 0 && each.getClientRects().length));
  const to = open[open.indexOf(from) + step];
  to?.focus();
  if (to) toEnd(to);
};
