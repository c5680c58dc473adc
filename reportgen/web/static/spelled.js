/* A word is no answer. One letter picks an answer; letters that follow each other as fast as in a word must each be the
   answer to a question of their own. As soon as one is not, or would be written into a text, somebody types or dictates
   into the wrong place: all that the word has answered is taken back, the rest of it is stopped, and it is told. A word
   that spells an answer of the question at which it began is known at any speed. One word is an answer: that of a macro. */

import { controlOf, controls, focusOn, inputs, isPick, isText, move, restore, snapshot } from "./form.js";
import { settled, whileHeld } from "./held.js";
import { add, addUndoable, remark } from "./notices.js";
import { enter } from "./sending.js";

export const BEAT = 250;  // ms between two keys of one word, at the most
const SLOW = 1500;  // ms, where the word spells an answer
const LEAST = 4;  // letters, before a slow word is one
const REST = 1000;  // ms of silence until a word that was stopped is over

/* What was typed since a key that prints nothing: its letters, where those begin that came fast, and what each changed,
   [{ control, shots, from, isPick }], with `from` its place among the letters. */
let run = null;
const begin = () => ({ spelled: "", fast: 0, at: 0, done: [], stopped: null });

export const end = () => (run = null);
const alive = (at) => {
  if (run && at - run.at > (run.stopped ? REST : SLOW)) end();
  if (run && !run.stopped && at - run.at > BEAT) run.fast = run.spelled.length;
  return run !== null;
};
export const isStopped = (at) => alive(at) && run.stopped !== null;
export const isRunning = (at) => alive(at) && (run.stopped !== null || run.done.some((each) => each.isPick && each.from >= run.fast));

/* A space picks what has the focus; a word may begin with one. */
export const isSpaced = (at) => isRunning(at) && run.spelled.endsWith(" ");

const wordsOf = (control) => inputs(control).filter(isPick).flatMap((each) => {
  const label = each.closest("label");
  return [each.value, label.title || label.querySelector("span").firstChild.textContent].map((words) => words.trim().toLowerCase());
});
const isSpelling = (control, text) => wordsOf(control).some((words) => words.startsWith(text.toLowerCase()));

/* The answer from which on the letters, with this key, spell an answer of its own question. */
const spelledSince = (key) => {
  const text = `${run.spelled}${key}`;
  return run.done.find((each) => each.isPick && text.length - each.from >= LEAST && isSpelling(each.control, text.slice(each.from)));
};

const note = (control, all, key, at, isPicked) => {
  run ??= begin();
  const from = run.spelled.length;
  if (isPicked || run.done.at(-1)?.control !== control) run.done.push({ control, shots: all.map((each) => [each, snapshot(each)]), from, isPick: isPicked });
  run.spelled += key;
  run.at = at;
};

/* Whether a printable key goes on with a word. It does in a text, too, where that came up with the letter before. A
   capital, a digit or a sign begins something new there (block A1, 90 %), unless an answer is being spelled ("10 HPF"). */
export const goesOn = (event, at) => {
  if (!alive(at)) return false;
  const { key, target } = event;
  if (run.stopped || spelledSince(key)) return true;
  if (!isText(target)) return false;
  if (!isRunning(at)) {
    const control = controlOf(target);
    if (control) note(control, [control], key, at, false);
    return false;
  }
  const isLetter = key.toLowerCase() !== key.toUpperCase();
  if (isLetter && (key === key.toLowerCase() || event.getModifierState("CapsLock"))) return true;
  const last = run.done.at(-1);
  if (last && isSpelling(last.control, `${run.spelled.slice(last.from)}${key}`)) return true;
  nameWith(key, at);
  return false;
};

/* "p63" at a stain is an answer with its percentage, or another stain's name: it is entered, and told with Undo. */
const nameWith = (key, at) => {
  const text = `${run.spelled.slice(run.fast)}${key}`.toLowerCase();
  const names = controls().map((each) => each.dataset.name.toLowerCase()).filter((name) => name.startsWith(text));
  if (!names.length) return end();
  run.spelled += key;
  run.at = at;
  const back = run.done.filter((each) => each.from >= run.fast);
  const { control } = back[0];
  if (!names.includes(text)) return;
  const words = `“${run.spelled.slice(run.fast)}” was entered at ${control.dataset.name}. It is also the name of an element.`;
  addUndoable(words, "named", () => takeBack([...back], control));
};

/* A letter picks an answer: what it changes is remembered as it was, with what hangs below it. */
export const picks = (control, key, at) => {
  alive(at);
  const path = control.dataset.path;
  const below = [...document.querySelectorAll(".control")].filter((each) => each.dataset.path.startsWith(`${path}.`));
  note(control, [control, ...below], key, at, true);
};

export const stop = (control, key, at) => {
  alive(at);
  run ??= begin();
  const since = Math.min(spelledSince(key)?.from ?? Infinity, run.stopped?.since ?? run.fast);
  const back = run.done.filter((each) => each.from >= since);
  run.done = run.done.filter((each) => each.from < since);
  run.stopped = { since, first: back[0]?.control ?? run.stopped?.first ?? control, subject: run.stopped?.subject ?? `word ${Date.now()}` };
  run.spelled += key;
  run.at = at;
  tell();
  if (back.length) takeBack(back, run.stopped.first);
};

/* The word of a macro picks it. Its first letter may already have picked this or another macro, and a letter behind it an
   answer further on: that is taken back once the word is whole. Letters that come slowly are no word, except at the macro
   itself. Returns what the word picks, "taken" where the key is dealt with, "over" where the word goes wrong; else null. */
export const spellsMacro = (control, key, isAnswer, at) => {
  alive(at);
  if (run?.stopped) return null;
  const isWord = run?.macro && (run.macro.from >= run.fast || run.macro.control === control);
  const found = isWord ? macrosFrom(run.macro, key) : [];
  if (!found.length) {
    if (isWord && run.macro.waited && run.macro.from >= run.fast) return "over";
    if (run) run.macro = null;
    if (!control || !("byWord" in control.dataset)) return null;
    const macro = { control, from: run?.spelled.length ?? 0, waited: false };
    found.push(...macrosFrom(macro, key));
    if (!found.length) return null;
    run ??= { ...begin(), at };
    run.macro = macro;
  }
  const { from } = run.macro;
  const whole = found.find((each) => each.value.length === run.spelled.length - from + 1);
  if (isAnswer && (run.spelled.length === from || (!whole && control !== run.macro.control))) return null;
  run.macro.waited = true;
  const back = run.done.filter((each) => each.from >= from);
  if (whole && !back.length) return whole;
  run.spelled += key;
  run.at = at;
  if (!whole) remark(`“${run.spelled.slice(from)}” begins the word of a macro.`);
  else if (back.length > 1 || !whole.checked) pickInstead(back, run.macro.control, whole);
  return "taken";
};
const macrosFrom = ({ control, from }, key) => {
  const text = `${run?.spelled.slice(from) ?? ""}${key}`.toLowerCase();
  return inputs(control).filter((each) => isPick(each) && each.value.toLowerCase().startsWith(text));
};
const pickInstead = (back, control, input) => whileHeld(async () => {
  const known = await settled(control);
  putBack(back);
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const saved = await settled(control);
  focusOn(control);
  move(control, 1);
  return known && saved;
});

const takeBack = (back, first) => whileHeld(async () => {
  const known = await settled(first);
  putBack(back);
  focusOn(first);
  return known;
});
const putBack = (back) => {
  for (const { shots } of back.reverse()) {
    for (const [each, shot] of shots) if (restore(each, shot)) enter(each);
  }
};

const tell = () => {
  const { since, first, subject } = run.stopped;
  const word = run.spelled.slice(since);
  const name = first.dataset.name;
  if (word.length === 1) remark(`“${word}” picks no answer of ${name}.`);
  else if ("byWord" in first.dataset) add(`“${word}” was typed at ${name}. No macro has this word: nothing of it was entered.`, subject);
  else add(`“${word}” was typed at ${name}. A word is no answer there: nothing of it was entered. One letter picks an answer.`, subject);
};
