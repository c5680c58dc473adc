/* A protocol being written: drawn anew at each save, with the file, the scenario and the place that one looks at. */

import { say } from "./notices.js";

const one = (id) => document.getElementById(id);
const [{ dataset }, frame] = [one("drawn"), one("report")];
const { address } = dataset;
const asked = () => (one("scenario").value ? `?scenario=${one("scenario").value}` : "");

const show = (name) => {
  for (const tab of document.querySelectorAll("[data-file]")) tab.ariaPressed = String(tab.dataset.file === name);
  for (const file of document.querySelectorAll(".file")) file.hidden = file.id !== name;
};

const answered = async (path) => {
  const answer = await fetch(address + path);
  if (!answer.ok) throw new Error(answer.status);
  return answer;
};

let [drawing, top] = [0, 0];
frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top));
const draw = async () => {
  const mine = ++drawing;
  const text = await (await answered(asked())).text();
  if (mine !== drawing) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const [focused, scenario] = [document.activeElement?.id, fresh.getElementById("scenario").value];
  for (const old of document.querySelectorAll("[data-live]")) old.replaceChildren(...fresh.getElementById(old.id).childNodes);
  one("scenario").value = scenario;
  if (focused) one(focused)?.focus({ preventScroll: true });
  dataset.revision = fresh.getElementById("drawn").dataset.revision;
  history.replaceState(null, "", address + asked());
  if (frame.contentDocument?.readyState === "complete") top = frame.contentWindow.scrollY;  // else the last one holds
  frame.contentWindow.location.replace(`${address}/report${asked()}`);
};

let isSaid = false;
const tried = async (work) => {
  const done = await work().then(() => true, () => false);
  if (!done && !isSaid) say("The desk does not answer. Is it still running, and is the protocol still in its folder?");
  isSaid = !done;
};
const watch = async () => {
  await tried(async () => (await answered(`/watch/${dataset.revision}`)).status === 200 && (await draw()));
  setTimeout(watch, 500);
};

one("scenario").addEventListener("change", () => tried(draw));
document.addEventListener("click", (event) => {
  const chosen = event.target.closest?.("[data-file], [data-line]")?.dataset;
  if (!chosen) return;
  event.preventDefault();
  show(chosen.file || chosen.in);
  const line = one(`${chosen.in}:${chosen.line}`);
  line?.scrollIntoView({ block: "center" });
  line?.focus({ preventScroll: true });
});
watch();
