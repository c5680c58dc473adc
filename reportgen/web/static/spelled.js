/* A word is no answer. One letter picks an answer; letters that follow each other as fast as in a word must each be the
   answer to a question of their own. As soon as one is not, or would be written into a text, somebody types or dictates
   into the wrong place: all that the word has answered is taken back, the rest of it is stopped, and it is told. */

import { focusOn, inputs, isPick, isText, restore, snapshot } from "./form.js";
import { settled, whileHeld } from "./held.js";
import { add, remark } from "./notices.js";
import { enter } from "./sending.js";

export const BEAT = 250;  // ms between two keys of one word, at the most
const REST = 1000;  // ms of silence until a word that was stopped is over

let run = null;
const started = (control) => ({ first: control, picks: [], spelled: "", at: 0, stopped: false, subject: `word ${Date.now()}` });

export const end = () => (run = null);
export const isRunning = (at) => {
  if (run && at - run.at > (run.stopped ? REST : BEAT)) end();
  return run !== null;
};
export const isStopped = (at) => isRunning(at) && run.stopped;

/* A space picks what has the focus; a word may begin with one. */
export const isSpaced = (at) => isRunning(at) && run.spelled.endsWith(" ");

/* Whether a printable key goes on with a word. It does in a text, too, where that came up with the letter before. A
   capital, a digit or a sign begins something new there (block A1, 90 %), unless an answer is being spelled ("10 HPF"). */
export const goesOn = (event, at) => {
  if (!isRunning(at)) return false;
  const { key, target } = event;
  if (run.stopped) return true;
  if (!isText(target)) return false;
  const isLetter = key.toLowerCase() !== key.toUpperCase();
  if (isLetter && (key === key.toLowerCase() || event.getModifierState("CapsLock"))) return true;
  const spelled = `${run.spelled}${key}`.toLowerCase();
  if (inputs(run.first).some((each) => isPick(each) && each.value.toLowerCase().startsWith(spelled))) return true;
  end();
  return false;
};

/* A letter picks an answer: what it changes is remembered as it was. */
export const picks = (control, key, at) => {
  run ??= started(control);
  run.spelled += key;
  run.at = at;
  const path = control.dataset.path;
  const below = [...document.querySelectorAll(".control")].filter((each) => each.dataset.path.startsWith(`${path}.`));
  run.picks.push([control, ...below].map((each) => [each, snapshot(each)]));
};

export const stop = (control, key, at) => {
  run ??= started(control);
  const { first, picks: done } = run;
  run.spelled += key;
  run.at = at;
  run.stopped = true;
  run.picks = [];
  tell();
  if (!done.length) return;
  whileHeld(async () => {
    const known = await settled(first);
    for (const shots of done.reverse()) {
      for (const [each, shot] of shots) if (restore(each, shot)) enter(each);
    }
    focusOn(first);
    return known;
  });
};

const tell = () => {
  const { spelled, subject, first } = run;
  const name = first.dataset.name;
  if (spelled.length === 1) remark(`“${spelled}” picks no answer of ${name}.`);
  else add(`“${spelled}” was typed at ${name}. A word is no answer there: nothing of it was entered. One letter picks an answer.`, subject);
};
