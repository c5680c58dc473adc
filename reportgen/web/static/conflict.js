/* The file is no longer what the page shows. What is not saved is kept and offered; the form takes nothing more. */

import { base, controlAt, fill, one } from "./form.js";
import { notice, say } from "./notices.js";
import * as unsent from "./unsent.js";

let stuck = false;
export const isStuck = () => stuck;

const line = (item) => {
  const entry = document.createElement("li");
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", checked: true, value: item.path });
  const name = document.createElement("strong");
  name.textContent = item.name;
  label.append(box, " ", name, ` ${item.said}`);
  entry.append(label);
  return entry;
};

export const conflict = (html) => {
  if (stuck) return;
  stuck = true;
  notice(html);
  const place = document.querySelector("[data-conflict]");
  const mine = unsent.all();
  for (const each of mine) clearTimeout(each.timer);
  place.querySelector("[data-mine]").hidden = !mine.length;
  place.querySelector("[data-mine] ul").replaceChildren(...mine.map(line));
  const again = place.querySelector("[data-again]");
  again.hidden = !mine.length;
  again.onclick = () => enterAgain(place);
  const reload = place.querySelector("[data-reload]");
  if (mine.length) reload.dataset.sure = "Press again: what you entered is thrown away";
  document.dispatchEvent(new Event("desk:lost"));
  unsent.setAway("the file now holds something else");
  for (const each of [one("form"), one("review")]) each.inert = true;
  place.tabIndex = -1;
  place.focus();
};

/* Keys that are still pressed must not do anything else than what they were meant for. */
document.addEventListener("keydown", (event) => {
  if (!stuck || event.key === "Tab" || event.ctrlKey || event.metaKey) return;
  if (event.target.closest("[data-conflict] button, [data-conflict] input, dialog")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

/* The chosen entries are handed to the page that is loaded, and sent from there as if they were typed. Patients' data
   lies in the tab's own store for that moment alone. */
const KEPT = `again ${base}`;
const enterAgain = async (place) => {
  const answer = await fetch(`${base}/report`).catch(() => null);
  if (!answer?.ok) {
    place.querySelector("[data-said]").textContent = "The desk does not give the case now. What you entered is still here.";
    return;
  }
  const wanted = [...place.querySelectorAll("[data-mine] input:checked")].map((each) => each.value);
  const mine = unsent.all().filter((each) => wanted.includes(each.path));
  sessionStorage.setItem(KEPT, JSON.stringify(mine.map(({ path, name, content, said }) => ({ path, name, content, said }))));
  load();
};
export const load = () => {
  unsent.forget();
  location.reload();
};

export const handedOver = () => {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
  sessionStorage.removeItem(KEPT);
  const lost = kept.filter((each) => !controlAt(each.path)).map(({ name, said }) => `${name}: ${said}`);
  if (lost.length) say(`Not entered again, as the case is no longer asked that. ${lost.join(" · ")}`);
  const found = kept.filter((each) => controlAt(each.path));
  for (const { path, content } of found) fill(controlAt(path), content);
  return found.map((each) => controlAt(each.path));
};
