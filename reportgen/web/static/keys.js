/* Keys move and answer. docs/sign-out-desk.md lists them; so does the page, under `?`. */

import { base, clear, controlAt, controlOf, controls, fixed, focusOn, inputs, isPick, isText, jump, move, one, sentAs, showTab, tabs, toEnd } from "./form.js";
import { changed } from "./emptied.js";
import { find } from "./find.js";
import { hold, isCommand, isHeld, isLost, isPrintable, settled, whileHeld } from "./held.js";
import { remark } from "./notices.js";
import { back } from "./report.js";
import { isLastRow } from "./rows.js";
import { act, enter, go as leaveFor, isSending } from "./sending.js";
import { BEAT, end, goesOn, isRunning, isSpaced, isStopped, picks, spellsMacro, stop } from "./spelled.js";

const pick = (control, input) => {
  input.checked = input.type !== "checkbox" || !input.checked;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const words = inputs(control).find((each) => each.dataset.for === input.value || ("undetermined" in input.dataset && sentAs(each) === "reason"));
  if (input.checked && words) {
    words.focus();
    toEnd(words);
  } else if (input.type === "radio") onward(control, 1);
};

document.addEventListener("focusin", () => remark(""));
const go = (control, step) => {
  if (!move(control, step)) remark(step > 0 ? "This is the last element." : "This is the first element.");
};
const onward = (control, step) => {
  enter(control);
  if (isLost() || !(isSending() || isLastRow(control))) return go(control, step);
  return whileHeld(async () => {
    const known = await settled(control);
    const { activeElement, body } = document;
    if (activeElement === body || control.contains(activeElement)) go(control, step);  // else a hand went elsewhere
    return known;
  });
};

const nextOpen = () => {
  const all = [...document.querySelectorAll(".bar [data-jump]")].map((each) => each.dataset.jump);
  if (!all.length) return remark("No element is open.");
  const at = all.indexOf(controlOf(document.activeElement)?.dataset.path);
  jump(all[(at + 1) % all.length]);
};
export const toTab = (label) => {
  showTab(label);
  const first = controls()[0];
  if (first) focusOn(first);
};

/* A text of several lines is left by Enter until something is typed in it, or the caret moved. */
let written = null;
let tabbed = false;
document.addEventListener("focusin", ({ target }) => {
  written = null;
  if (tabbed) toEnd(target);  // a browser selects the whole
  tabbed = false;
});
document.addEventListener("input", ({ target }) => (written = target));
document.addEventListener("mousedown", end);
const CARET = /^(Arrow.*|Home|End|PageUp|PageDown)$/;

const onEnter = (control, target, backwards) => {
  const units = inputs(control).filter((each) => sentAs(each) === "unit");
  const bare = sentAs(target) === "value" && /^[<>~≤≥=\s0-9.,x×]+$/.test(target.value);
  if (!backwards && bare && units.length && !units.some((each) => each.checked)) units[0].focus();
  else onward(control, backwards ? -1 : 1);
};

/* A letter, digit or sign at a choice. */
let pressed = "";  // a key that is held down answers once
const answerTo = (event, control) => {
  const key = event.getModifierState("CapsLock") ? event.key.toLowerCase() : event.key;
  return isPick(event.target) ? inputs(control).find((each) => each.dataset.key === key && each.name === event.target.name) : undefined;
};
const picked = (event, control, answer, at) => {
  picks(control, event.key, at);
  pressed = event.key;
  pick(control, answer);
};
const onChoice = (event, control, at) => {
  if (event.key === " " && !isRunning(at)) return event.repeat || picks(control, " ", at);  // picks what has the focus
  event.preventDefault();
  if (event.repeat) return;
  const answer = answerTo(event, control);
  const takesWords = answer && ("fill" in answer.dataset || "undetermined" in answer.dataset);
  if (!answer || isSpaced(at) || (takesWords && isRunning(at))) return stop(control, event.key, at);
  picked(event, control, answer, at);
};
document.addEventListener("keyup", () => (pressed = ""));

/* Outside of every field: back to the form, or to the work list, unless the letter is one of a word. */
let leaving = 0;
let lastAt = 0;
const onNothing = (event, at) => {
  const { key } = event;
  const alone = at - lastAt > BEAT;
  if (isPrintable(event)) lastAt = at;
  if (key === "g" && alone) leaving = setTimeout(() => leaveFor("/"), BEAT);
  const last = controlAt(sessionStorage.getItem(`at ${base}`));
  if (!/^(ArrowDown|ArrowUp|Enter)$/.test(key) || document.activeElement !== document.body || !last || fixed) return;
  event.preventDefault();
  jump(last.dataset.path);
};

const byCommand = (event, control) => {
  const { target, key, altKey } = event;
  const command = isCommand(event);
  if (command && key.toLowerCase() === "k") return find;
  if (command && key.toLowerCase() === "z" && !isText(target) && !fixed) return () => act("undo", {});
  if (altKey && key.toLowerCase() === "o") return nextOpen;
  if (altKey && /^[0-9]$/.test(key) && tabs()[Number(key)]) return () => toTab(tabs()[Number(key)]);
  if (key === "Enter" && control && (target.tagName !== "TEXTAREA" || command || event.shiftKey || written !== target)) {
    return () => onEnter(control, target, event.shiftKey);
  }
  if (command || altKey || isText(target)) return null;
  if (key === "/") return find;
  if (key === "?") return () => one("help").showModal();
  return null;
};

const onField = (event, control, at) => {
  const { target, key } = event;
  const done = () => event.preventDefault();
  if (key === "Escape") return done(), back();
  if (target.tagName === "TEXTAREA" && CARET.test(key)) written = target;
  if (event.shiftKey && key.length > 1) return;
  if (target.tagName === "SELECT" || target.tagName === "TEXTAREA") return;
  if (key === "ArrowDown" || key === "ArrowUp") return done(), go(control, key === "ArrowDown" ? 1 : -1);
  if (!isPick(target)) return;
  if (key === "ArrowRight" || key === "ArrowLeft") {
    done();
    const all = inputs(control).filter(isPick);
    return all[all.indexOf(target) + (key === "ArrowRight" ? 1 : -1)]?.focus();
  }
  if (fixed) return;
  if (key === "Backspace" || key === "Delete") {
    done();
    clear(control);
    changed(control);
    return enter(control);
  }
  if (isPrintable(event)) onChoice(event, control, at);
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.isComposing) return;
  if (isHeld()) return hold(event);
  const at = event.at ?? event.timeStamp;  // a key that was held has the time at which it was pressed
  const { target, key } = event;
  const control = controlOf(target);
  clearTimeout(leaving);
  tabbed = key === "Tab";
  if (event.repeat && key === pressed) return event.preventDefault();
  if (isPrintable(event)) {
    const macro = fixed || event.repeat || !control ? null : spellsMacro(control, key, Boolean(answerTo(event, control)), at);
    if (macro) event.preventDefault();
    if (macro === "over") return stop(control, key, at);
    if (macro) return macro !== "taken" && picked(event, control, macro, at);
    const ofWord = goesOn(event, at) || ("/?".includes(key) && control && isPick(target) && isRunning(at));
    if (ofWord) return event.preventDefault(), stop(control, key, at);
  } else if (/^(Backspace|Delete)$/.test(key) && isStopped(at)) return event.preventDefault();  // corrects the word
  else if (!/^(Shift|CapsLock|AltGraph)$/.test(key)) end();
  const command = byCommand(event, control);
  if (command) return event.preventDefault(), command();
  if (isCommand(event) || event.altKey) return;
  if (control) onField(event, control, at);
  else if (!isText(target)) onNothing(event, at);
});
