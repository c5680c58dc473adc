/* Find a protocol for a new case by a few letters. The list stays in its order, and what cannot be seen cannot be chosen. */

const split = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const has = (text, wanted) => wanted.every((word) => split(text).some((each) => each.startsWith(word)));

const words = document.getElementById("new-words");  // there is none where the protocols are few
const told = document.getElementById("new-found");
const all = [...document.querySelectorAll("#new-protocols label")].map((label) => {
  const input = label.querySelector("input");
  const macros = [...label.querySelectorAll("[data-macro]")];
  const title = label.querySelector("span span").textContent;
  return { label, input, macros, title, name: [title, input.value, ...macros.map((each) => each.textContent)].join(" ") };
});

/* The first way that finds something counts: the word of a macro, then names, then what else only that protocol says. */
const WAYS = [
  ({ macros }, wanted) => macros.some((each) => split(each.dataset.macro).join() === wanted.join()),
  ({ name }, wanted) => has(name, wanted),
  ({ name, label }, wanted) => has(`${name} ${label.dataset.more}`, wanted),
];
const look = () => {
  const wanted = split(words.value);
  const hits = WAYS.map((finds) => all.filter((each) => finds(each, wanted))).find((found) => found.length) ?? [];
  for (const each of all) {
    const isHit = hits.includes(each);
    each.label.hidden = each.input.disabled = !isHit;
    each.input.checked &&= isHit;
    for (const macro of each.macros) macro.hidden = !wanted.length || has(each.title, wanted) || !has(macro.textContent, wanted);
  }
  told.textContent = !wanted.length ? "" : hits.length ? `${hits.length} of ${all.length} protocols` : "No protocol has these words.";
};

const choose = (input) => {
  input.checked = true;
  input.focus();
};
const onKey = (event) => {
  const { key, target } = event;
  const shown = all.filter(({ input }) => !input.disabled).map(({ input }) => input);
  const chosen = shown.find((each) => each.checked) ?? shown[0];
  const isAlone = shown.length === 1 || chosen?.checked;
  if (target === words && key === "Enter") {
    event.preventDefault();
    if (!chosen) return;
    choose(chosen);
    if (isAlone) words.form.requestSubmit();
  } else if (target === words && key === "ArrowDown" && chosen) {
    event.preventDefault();
    choose(chosen);
  } else if (target === shown[0] && key === "ArrowUp") {
    event.preventDefault();
    words.focus();
  }
};
if (words) {
  words.addEventListener("input", look);
  words.form.addEventListener("keydown", onKey);
}
