/* Keys move and answer. */

import { clear, controlOf, controls, fixed, focusOn, inputs, isPick, isText, jump, move, sentAs, showTab, tabs } from "./form.js";
import { find } from "./find.js";
import { back } from "./report.js";
import { grow, isLastRow } from "./rows.js";
import { act, enter, idle, isSending } from "./sending.js";

const pick = (control, input) => {
  if (input.type === "checkbox") input.checked = !input.checked;
  else input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const words = inputs(control).find((each) => each.dataset.for === input.value || ("undetermined" in input.dataset && sentAs(each) === "reason"));
  if (input.checked && words) words.focus();
  else if (input.type === "radio") onward(control, 1);
};

/* Which element comes next may hang on the answer just given: the desk is asked first. What is typed meanwhile is
   held, and goes to the element that it was meant for. */
let held = null;
const onward = async (control, step) => {
  enter(control);
  if (isSending() || isLastRow(control)) {
    held = [];
    document.documentElement.dataset.held = "yes";
    const ready = idle().then(() => grow(control));
    await Promise.race([ready, new Promise((done) => setTimeout(done, 800))]);
  }
  move(control, step);
  const keys = held || [];
  held = null;
  delete document.documentElement.dataset.held;
  while (keys.length && !held) replay(keys.shift());
  if (held) held.push(...keys);
};
const replay = (pressed) => {
  const target = document.activeElement;
  const event = new KeyboardEvent("keydown", { ...pressed, bubbles: true, cancelable: true });
  if (!target.dispatchEvent(event) || pressed.key.length > 1 || !isText(target) || target.tagName === "SELECT") return;
  target.setRangeText(pressed.key, target.selectionStart, target.selectionEnd, "end");
  target.dispatchEvent(new Event("input", { bubbles: true }));
};

const nextOpen = () => {
  const all = [...document.querySelectorAll(".bar [data-jump]")].map((each) => each.dataset.jump);
  if (!all.length) return;
  const at = all.indexOf(controlOf(document.activeElement)?.dataset.path);
  jump(all[(at + 1) % all.length]);
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.isComposing) return;
  const { target, key } = event;
  if (held) {
    event.preventDefault();
    const { code, shiftKey, ctrlKey, altKey, metaKey } = event;
    if (!event.repeat) held.push({ key, code, shiftKey, ctrlKey, altKey, metaKey });
    return;
  }
  const control = controlOf(target);
  const done = () => event.preventDefault();
  const command = event.ctrlKey || event.metaKey;
  if (command && key.toLowerCase() === "k") return done(), find();
  if (command && key.toLowerCase() === "z" && !isText(target) && !fixed) return done(), act("undo", {});
  if (event.altKey && key.toLowerCase() === "o") return done(), nextOpen();
  if (event.altKey && /^[0-9]$/.test(key) && tabs()[Number(key)]) {
    done();
    showTab(tabs()[Number(key)]);
    const first = controls()[0];
    return first && focusOn(first);
  }
  if (key === "Enter" && control && (target.tagName !== "TEXTAREA" || command)) return done(), onEnter(control, target, event.shiftKey);
  if (command || event.altKey) return;
  if (key === "Escape" && control) {
    if (!back()) target.blur();
    return done();
  }
  if (key === "/" && !isText(target)) return done(), find();
  if (key === "?" && !isText(target)) return done(), one("help").showModal();
  if (key === "g" && !control) return done(), location.assign("/");
  if (!control || event.shiftKey || target.tagName === "SELECT" || target.tagName === "TEXTAREA") return;
  if (key === "ArrowDown" || key === "ArrowUp") return done(), move(control, key === "ArrowDown" ? 1 : -1);
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
    return enter(control);
  }
  const answer = inputs(control).find((each) => each.dataset.key === key.toLowerCase() && each.name === target.name);
  if (answer && !event.repeat) return done(), pick(control, answer);
});

const onEnter = (control, target, backwards) => {
  const units = inputs(control).filter((each) => sentAs(each) === "unit");
  const bare = target.name === "value" && /^[<>~≤≥=\s0-9.,x×]+$/.test(target.value);
  if (!backwards && bare && units.length && !units.some((each) => each.checked)) units[0].focus();
  else onward(control, backwards ? -1 : 1);
};
