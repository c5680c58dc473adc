/* Find an element by its name. */

import { inputs, isPick, jump, one } from "./form.js";

const words = one("find-words");
const list = one("find-list");
const more = one("find-more");
export const find = () => {
  words.value = "";
  look();
  one("find").showModal();
  words.focus();
};
const MOST = 14;  // hits that are shown
const labelOf = (path) => /^parts\.([^.]+)\./.exec(path)?.[1] || "";

/* A part is found by its label, and by what its tab says of it. */
const partsWith = (wanted) => [...document.querySelectorAll("[data-tab]")].flatMap((tab) => {
  const label = tab.dataset.tab;
  const sheet = document.querySelector(`[data-sheet="${CSS.escape(label)}"]`);
  const first = sheet.querySelector(".control");
  const said = tab.title.toLowerCase();
  const has = (word) => word === label.toLowerCase() || (word.length > 1 && said.includes(word));
  return first && wanted.length && wanted.every(has) ? [{ to: first.dataset.path, name: tab.title || label, where: "" }] : [];
});
const elementsWith = (wanted) => {
  const all = [...document.querySelectorAll(".sheet .control")].filter((each) => !each.closest(".sheet [hidden]"));
  const hits = all.flatMap((each) => {
    const { name, path } = each.dataset;
    const label = labelOf(path);
    const said = `${name} ${path.replace(/[._]/g, " ")}`.toLowerCase();
    const macros = "byWord" in each.dataset ? inputs(each).filter(isPick).map((input) => input.value.toLowerCase()) : [];
    if (!wanted.every((word) => said.includes(word) || macros.includes(word))) return [];
    const isOfPart = wanted.length > 1 && wanted.includes(label.toLowerCase());
    const rank = isOfPart || macros.includes(wanted[0]) ? 0 : name.toLowerCase().startsWith(wanted[0] || "") ? 1 : 2;
    return [{ to: path, name, where: label ? `Part ${label}` : "Case", rank }];
  });
  return hits.sort((one, other) => one.rank - other.rank);
};
const look = () => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = [...partsWith(wanted), ...elementsWith(wanted)];
  list.replaceChildren(...hits.slice(0, MOST).map((hit, number) => {
    const item = document.createElement("li");
    item.id = `hit-${number}`;
    item.role = "option";
    item.ariaSelected = String(number === 0);
    item.dataset.to = hit.to;
    item.append(hit.name);
    const where = document.createElement("span");
    where.className = "quiet";
    where.textContent = hit.where;
    item.append(where);
    return item;
  }));
  more.textContent = hits.length > MOST ? `${hits.length - MOST} more: go on typing, or add the letter of a part` : "";
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
