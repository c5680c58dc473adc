/* A text that was there and is gone is told, with Undo beside it. */

import { restore, snapshot } from "./form.js";
import { addUndoable } from "./notices.js";
import { enter } from "./sending.js";

const arrived = new WeakMap();  // a control as it was when the focus came to it
const latest = new WeakMap();  // and before what was last done to it

export const met = (control, from) => {
  const now = snapshot(control);
  if (!control.contains(from)) arrived.set(control, now);
  latest.set(control, now);
};

export const typedIn = (control) => weigh(control, arrived.get(control));
export const changed = (control) => weigh(control, latest.get(control));

const weigh = (control, before) => {
  const now = snapshot(control);
  latest.set(control, now);
  const gone = (before || []).filter(({ filled, input }) => filled && !now.some((each) => each.input === input && each.filled));
  if (!gone.length) return;
  arrived.set(control, now);  // it is told once
  tell(control, before, gone.map((each) => each.value.trim()).join("; "));
};

const tell = (control, before, text) => {
  const words = text.length > 80 ? `${text.slice(0, 80)} …` : text;
  addUndoable(`${control.dataset.name}: the text “${words}” was taken away.`, "emptied", () => {
    restore(control, before);
    arrived.set(control, before);
    changed(control);
    enter(control);
  });
};
