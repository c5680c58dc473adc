/* The form: its controls, which of them are asked now, moving among them. */

export const one = (id) => document.getElementById(id);
export const base = document.querySelector("[data-case]").dataset.case;
export const fixed = document.body.classList.contains("fixed");

/* An input is sent as the first word of its name; radio buttons have a path behind it, which keeps groups apart. */
export const sentAs = (input) => input.name.split(" ", 1)[0];
export const controlOf = (element) => element?.closest?.(".control") || null;
export const isPick = (element) => element.matches?.("input[type=radio], input[type=checkbox]");
export const isText = (element) => element.matches?.("textarea, select, input:not([type]), input[type=search]");
const everyInput = (control) => [...control.querySelectorAll("input, select, textarea")].filter((each) => controlOf(each) === control);
export const inputs = (control) => everyInput(control).filter((each) => !each.hidden);
export const inputAs = (control, name) => everyInput(control).find((each) => sentAs(each) === name);
export const fix = (control) => {
  for (const each of everyInput(control)) each.disabled = true;
};
export const entry = (control) => {
  const sent = everyInput(control).filter((each) => !each.disabled && (!isPick(each) || each.checked));
  return new URLSearchParams(sent.map((each) => [sentAs(each), each.value]));
};
export const content = (control) => entry(control).toString();
const loadedValue = (input) => {
  if (input.tagName === "SELECT") return ([...input.options].find((each) => each.defaultSelected) || input.options[0]).value;
  return isPick(input) ? input.value : input.tagName === "INPUT" ? input.defaultValue.replace(/[\r\n]/g, "") : input.defaultValue;
};
export const loaded = (control) => {
  const sent = everyInput(control).filter((each) => !each.disabled && (!isPick(each) || each.defaultChecked));
  return new URLSearchParams(sent.map((each) => [sentAs(each), loadedValue(each)])).toString();
};
export const fill = (control, text) => {
  const given = new URLSearchParams(text);
  for (const each of everyInput(control)) {
    if (isPick(each)) each.checked = given.getAll(sentAs(each)).includes(each.value);
    else each.value = given.get(sentAs(each)) ?? "";
  }
  follow(control);
};
export const clear = (control) => fill(control, "");
const words = (input) => (isPick(input) ? input.ariaLabel || input.closest("label").querySelector("span").firstChild.textContent : input.value);
export const said = (control) => {
  const sent = everyInput(control).filter((each) => (isPick(each) ? each.checked : each.value));
  return sent.map((each) => words(each).trim()).join(" ") || "(emptied)";
};

const seen = (element) => !element.closest("[hidden]") && !element.closest("details:not([open])");
export const controls = () => [...document.querySelectorAll(".sheet .control")].filter(seen);
export const controlAt = (path) => one(`c:${path}`);
const picked = (control) => inputs(control).filter((each) => sentAs(each) === "answer" && each.checked);

/* Who arrives at a text finds the caret at its end: nothing is selected, so that no key can take the place of the whole. */
export const toEnd = (input) => {
  if (!isText(input) || !input.setSelectionRange) return;
  input.setSelectionRange(input.value.length, input.value.length);
  input.scrollTop = input.scrollHeight;
};
export const focusOn = (control) => {
  const all = inputs(control).filter((each) => each.tagName !== "SELECT");
  const first = all.find((each) => isPick(each) && sentAs(each) === "answer" && each.checked) || all[0];
  if (!first) return;
  first.focus({ preventScroll: true });
  toEnd(first);
  (control.closest(".field, tr, .remark") || control).scrollIntoView({ block: "nearest" });
};

export const showTab = (label) => {
  for (const sheet of document.querySelectorAll("[data-sheet]")) sheet.hidden = sheet.dataset.sheet !== label;
  for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === label));
  document.querySelector(".tab[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  sessionStorage.setItem(`tab ${base}`, label);
};
const tabNow = () => document.querySelector("[data-sheet]:not([hidden])")?.dataset.sheet;
export const tabs = () => [...document.querySelectorAll("[data-sheet]")].map((sheet) => sheet.dataset.sheet);

/* Goes to the next element or the one before; false where there is none. */
export const move = (control, step) => {
  const all = controls();
  const at = all.indexOf(control);
  if (at < 0) return true;  // beside the form: what comes next is for the hand to say
  let next = all[at + step];
  if (!next) {
    const label = tabs()[tabs().indexOf(tabNow()) + step];
    if (!label) return false;
    showTab(label);
    next = step > 0 ? controls()[0] : controls().at(-1);
    if (step > 0) one("form").scrollTop = 0;
  }
  if (next) focusOn(next);
  return true;
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
  if (control.dataset.kind !== "choice" && !inputAs(control, "answer")) return;
  const chosen = picked(control);
  const unknown = chosen.some((each) => "undetermined" in each.dataset);
  const ids = chosen.map((each) => each.value);
  for (const each of everyInput(control)) {
    if (each.dataset.for) each.hidden = !ids.includes(each.dataset.for);
    if (sentAs(each) === "reason") each.hidden = !unknown;
  }
  if (control.dataset.kind !== "choice") return;
  const path = control.dataset.path;
  const below = [...document.querySelectorAll(`.below[data-of="${path}"] > [data-under]`)];
  const cells = [...control.querySelectorAll("td[data-under]")];
  for (const each of [...below, ...cells]) {
    const under = each.dataset.under ? each.dataset.under.split("|") : [];
    const asked = ids.length > 0 && (under.length ? !unknown && under.some((id) => ids.includes(id)) : true);
    const target = each.matches("td") ? each.firstElementChild : each;
    const filled = [...target.querySelectorAll("input, textarea")].some((i) => (isPick(i) ? i.checked : i.value));
    target.hidden = !asked && !(filled && !ids.length);
  }
};

/* How a control was, and is again */

export const snapshot = (control) => everyInput(control).map((input) => {
  const { checked, value } = input;
  return { input, checked, value, filled: !isPick(input) && input.tagName !== "SELECT" && !input.hidden && value.trim() !== "" };
});
export const restore = (control, shot) => {
  const changed = shot.filter(({ input, checked, value }) => input.checked !== checked || input.value !== value);
  for (const { input, checked, value } of changed) Object.assign(input, { checked, value });
  follow(control);
  return changed.length > 0;
};

/* What was typed and "cannot be determined" are never sent together: one of the two would be lost */

const untype = (input) => {
  const control = controlOf(input);
  const typed = inputAs(control, "value");
  if (!typed || control.dataset.kind === "choice") return;
  if (input === typed && typed.value) for (const other of picked(control)) other.checked &&= !("undetermined" in other.dataset);
  if ("undetermined" in input.dataset && input.checked) typed.value = "";
};

/* Nor is a comparator or a unit picked beside a text that says its own: the text is what is kept. */
const SAYS_SIGN = /^\s*[<>~≤≥]/;
const SAYS_MORE = /[^<>~≤≥=\s0-9.,x×]/;
const unpick = (control) => {
  const typed = inputAs(control, "value")?.value ?? "";
  const sign = inputAs(control, "sign");
  if (sign && SAYS_SIGN.test(typed)) sign.value = "";
  if (SAYS_MORE.test(typed)) for (const each of inputs(control)) if (sentAs(each) === "unit") each.checked = false;
};

export const exclude = (input) => {
  untype(input);
  unpick(controlOf(input));
  if (input.type !== "checkbox" || !input.checked) return;
  for (const other of picked(controlOf(input))) {
    if (other !== input && ("exclusive" in input.dataset || "exclusive" in other.dataset)) other.checked = false;
  }
};
