/* The form: its controls, which of them are asked now, moving among them. */

export const one = (id) => document.getElementById(id);
export const base = document.querySelector("[data-case]").dataset.case;
export const fixed = document.body.classList.contains("fixed");
export const content = (control) => new URLSearchParams(new FormData(control)).toString();

const seen = (element) => !element.closest("[hidden]") && !element.closest("details:not([open])");
export const controls = () => [...document.querySelectorAll(".sheet .control")].filter(seen);
export const controlAt = (path) => one(`c:${path}`);
export const controlOf = (element) => (element?.form?.classList.contains("control") ? element.form : null);
export const inputs = (control) => [...control.elements].filter((each) => !each.hidden);
export const isPick = (element) => element.matches?.("input[type=radio], input[type=checkbox]");
export const isText = (element) => element.matches?.("textarea, select, input:not([type]), input[type=search]");
const picked = (control) => inputs(control).filter((each) => each.name === "answer" && each.checked);

export const focusOn = (control) => {
  const all = inputs(control).filter((each) => each.tagName !== "SELECT");
  const first = all.find((each) => isPick(each) && each.name === "answer" && each.checked) || all[0];
  if (!first) return;
  first.focus({ preventScroll: true });
  (control.closest(".field, tr, .remark") || control).scrollIntoView({ block: "nearest" });
  if (first.select && isText(first)) first.select();
};

export const showTab = (label) => {
  for (const sheet of document.querySelectorAll("[data-sheet]")) sheet.hidden = sheet.dataset.sheet !== label;
  for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === label));
  sessionStorage.setItem(`tab ${base}`, label);
};
const tabNow = () => document.querySelector("[data-sheet]:not([hidden])")?.dataset.sheet;
export const tabs = () => [...document.querySelectorAll("[data-sheet]")].map((sheet) => sheet.dataset.sheet);

export const move = (control, step) => {
  const all = controls();
  let next = all[all.indexOf(control) + step];
  if (!next) {
    const label = tabs()[tabs().indexOf(tabNow()) + step];
    if (!label) return;
    showTab(label);
    next = step > 0 ? controls()[0] : controls().at(-1);
    if (step > 0) one("form").scrollTop = 0;
  }
  if (next) focusOn(next);
};

export const jump = (path) => {
  let steps = path.split(".");
  let target = null;
  while (steps.length && !target) {
    const path = steps.join(".");
    target = controlAt(path) || one(`f:${path}`)?.querySelector(".control");
    if (!target) steps.pop();
  }
  if (!target) return;
  const sheet = target.closest("[data-sheet]");
  if (sheet) showTab(sheet.dataset.sheet);
  const own = target.closest("details");
  if (own) own.open = true;
  if (!seen(target)) target = controls().find((each) => each.dataset.path.startsWith(steps.join("."))) || target;
  focusOn(target);
  target.closest(".field, tr, .remark")?.scrollIntoView({ block: "center" });
};

/* Follow-ups, fill-ins and reasons appear with their answer, before the desk has answered */

export const follow = (control) => {
  if (control.dataset.kind !== "choice" && !control.elements.answer) return;
  const chosen = picked(control);
  const unknown = chosen.some((each) => "undetermined" in each.dataset);
  const ids = chosen.map((each) => each.value);
  for (const each of control.elements) {
    if (each.dataset.for) each.hidden = !ids.includes(each.dataset.for);
    if (each.name === "reason") each.hidden = !unknown;
  }
  if (control.dataset.kind !== "choice") return;
  const path = control.dataset.path;
  const below = [...document.querySelectorAll(`.below[data-of="${path}"] > [data-under]`)];
  const cells = [...(control.closest("tr")?.querySelectorAll("td[data-under]") || [])];
  for (const each of [...below, ...cells]) {
    const under = each.dataset.under ? each.dataset.under.split("|") : [];
    const asked = ids.length > 0 && (under.length ? !unknown && under.some((id) => ids.includes(id)) : true);
    const target = each.matches("td") ? each.firstElementChild : each;
    const filled = [...target.querySelectorAll("input, textarea")].some((i) => (isPick(i) ? i.checked : i.value));
    target.hidden = !asked && !(filled && !ids.length);
  }
};

export const clear = (control) => {
  for (const each of control.elements) {
    if (isPick(each)) each.checked = false;
    else each.value = "";
  }
  follow(control);
};

/* What was typed and "cannot be determined" are never sent together: one of the two would be lost */

const untype = (input) => {
  const typed = input.form.elements.value;
  if (!typed || input.form.dataset.kind === "choice") return;
  if (input === typed && typed.value) for (const other of picked(input.form)) other.checked &&= !("undetermined" in other.dataset);
  if ("undetermined" in input.dataset && input.checked) typed.value = "";
};

export const exclude = (input) => {
  untype(input);
  if (input.type !== "checkbox" || !input.checked) return;
  for (const other of picked(input.form)) {
    if (other !== input && ("exclusive" in input.dataset || "exclusive" in other.dataset)) other.checked = false;
  }
};
