/* One case: what a hand does in the form, and how the page begins. */

import { base, controlAt, controlOf, controls, exclude, fix, fixed, focusOn, follow, inputs, isPick, isText, jump, one, showTab, tabs } from "./form.js";
import { changed, met, typedIn } from "./emptied.js";
import { find } from "./find.js";
import { handedOver, load } from "./conflict.js";
import { copy, copyUnsent, download, finalize, print } from "./leaving.js";
import { back, listen, mark } from "./report.js";
import { grow } from "./rows.js";
import { act, begin, enter, go, watch } from "./sending.js";
import { paint } from "./state.js";
import { putBack } from "./unsent.js";
import { toTab } from "./keys.js";

document.addEventListener("focusin", (event) => {
  const control = controlOf(event.target);
  if (!control) return;
  met(control, event.relatedTarget);
  document.querySelector("[data-about]").textContent = one(`d:${control.dataset.path}`)?.textContent.trim() || control.dataset.name;
  sessionStorage.setItem(`at ${base}`, control.dataset.path);
  mark(control.dataset.path);
});
document.addEventListener("input", (event) => {
  const control = controlOf(event.target);
  if (!control || !isText(event.target)) return;
  exclude(event.target);
  follow(control);
  typedIn(control);
  enter(control, 350);
});
document.addEventListener("change", (event) => {
  const control = controlOf(event.target);
  if (!control) return;
  exclude(event.target);
  follow(control);
  changed(control);
  enter(control);
  grow(control);
});
let was = null;
document.addEventListener("mousedown", (event) => {
  const input = event.target.closest?.(".choice")?.querySelector("input[type=radio]");
  was = input?.checked ? input : null;
});
document.addEventListener("click", (event) => {
  const target = event.target;
  if (isPick(target) && target === was && target.checked) {
    target.checked = false;  // a second click takes the answer away
    target.dispatchEvent(new Event("change", { bubbles: true }));
    was = null;
  }
  const button = target.closest?.("[data-jump], [data-tab], [data-remove-row], button[data-undo], [data-find], [data-copy], [data-print], [data-finalize], [data-back], [data-reload], [data-download], [data-put-back], [data-copy-unsent]");
  const link = target.closest?.("a[href='/']");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    go(link.href);
  }
  if (!button) return;
  const data = button.dataset;
  if ("jump" in data && button.matches("button")) {
    button.closest("dialog")?.close();
    jump(data.jump);
  } else if (data.tab) toTab(data.tab);
  else if (data.removeRow) act("rows", { path: data.removeRow, number: data.number });
  else if ("undo" in data) act("undo", {});
  else if ("find" in data) find();
  else if ("copy" in data) copy();
  else if ("print" in data) print();
  else if ("finalize" in data) finalize();
  else if ("back" in data) back();
  else if ("reload" in data) load();
  else if (data.putBack) jump(putBack(data.putBack));
  else if ("copyUnsent" in data) copyUnsent();
  else if (data.download) {
    event.preventDefault();
    download(data.download);
  }
});

for (const each of document.querySelectorAll(".control input[name^='unit ']")) {
  each.dataset.key = String(1 + inputs(controlOf(each)).filter((other) => other.name === each.name).indexOf(each));
}
if (fixed) for (const each of document.querySelectorAll(".control")) fix(each);
const last = sessionStorage.getItem(`tab ${base}`);
showTab(tabs().includes(last) ? last : tabs()[0]);
document.querySelector("main").inert = false;  // before, nothing that is typed would be heard
paint();
const at = sessionStorage.getItem(`at ${base}`);
if (at && controlAt(at) && !fixed) jump(at);
else if (!fixed && controls()[0]) focusOn(controls()[0]);
if (one("report").contentDocument?.readyState === "complete") listen();
begin();
for (const each of handedOver()) enter(each);
setInterval(watch, 2000);
