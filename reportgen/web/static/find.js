/* Find an element by its name. */

import { jump, one } from "./form.js";

const words = one("find-words");
const list = one("find-list");
export const find = () => {
  words.value = "";
  look();
  one("find").showModal();
  words.focus();
};
const look = () => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...document.querySelectorAll(".sheet .control")].filter((each) => !each.closest(".sheet [hidden]"));
  const named = (each) => `${each.dataset.name} ${each.dataset.path.replace(/[._]/g, " ")}`.toLowerCase();
  const rank = (each) => (each.dataset.name.toLowerCase().startsWith(wanted[0] || "") ? 0 : 1);
  const hits = all.filter((each) => wanted.every((word) => named(each).includes(word))).sort((a, b) => rank(a) - rank(b));
  list.replaceChildren(...hits.slice(0, 14).map((each, number) => {
    const item = document.createElement("li");
    const part = /^parts\.([A-Z]+)\./.exec(each.dataset.path)?.[1];
    item.id = `hit-${number}`;
    item.role = "option";
    item.ariaSelected = String(number === 0);
    item.dataset.to = each.dataset.path;
    item.append(each.dataset.name);
    const where = document.createElement("span");
    where.className = "quiet";
    where.textContent = part ? `Part ${part}` : "Case";
    item.append(where);
    return item;
  }));
  words.setAttribute("aria-activedescendant", hits.length ? "hit-0" : "");
};
const reach = (item) => {
  one("find").close();
  if (item) jump(item.dataset.to);
};
words.addEventListener("input", look);
words.addEventListener("keydown", (event) => {
  const items = [...list.children];
  const now = items.findIndex((each) => each.ariaSelected === "true");
  if (event.key === "Enter") {
    event.preventDefault();
    reach(items[now]);
  } else if (event.key === "Escape") {  // a search field would only be emptied
    event.preventDefault();
    reach(null);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = items[now + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    items[now].ariaSelected = "false";
    next.ariaSelected = "true";
    next.scrollIntoView({ block: "nearest" });
    words.setAttribute("aria-activedescendant", next.id);
  }
});
list.addEventListener("click", (event) => reach(event.target.closest("li")));
