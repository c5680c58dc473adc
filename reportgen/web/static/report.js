/* The report as it forms: clicked for the why or for its field, and back. */

import { base, controlOf, jump, one } from "./form.js";
import { find } from "./find.js";
import { state } from "./state.js";

const frame = one("report");
let asked = 0;
const preview = async () => {
  const mine = ++asked;
  const { revision } = state;
  const answer = await fetch(`${base}/report`).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const styles = [];  // taken out before the page is read here, where the desk's own policy allows none
  const html = (await answer.text()).replace(/<style[^>]*>([^]*?)<\/style>/g, (_, style) => styles.push(style) && "");
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const shown = frame.contentDocument;
  const same = (page) => [...page.querySelectorAll("style")].map((each) => each.textContent).join() === styles.join();
  if (!shown?.body || !same(shown)) frame.contentWindow.location.reload();
  else {
    const at = frame.contentWindow.scrollY;
    shown.body.replaceWith(shown.adoptNode(fresh.body));
    frame.contentWindow.scrollTo(0, at);
    dress();
  }
  document.documentElement.dataset.shown = revision;
};

const dress = () => {
  for (const each of frame.contentDocument.querySelectorAll("[data-clause], td[data-path]")) each.tabIndex = 0;
  mark(controlOf(document.activeElement)?.dataset.path);
};

export const mark = (path) => {
  const page = frame.contentDocument;
  if (!page?.body) return;
  for (const each of page.querySelectorAll(".desk-here")) each.classList.remove("desk-here");
  const place = path && [...page.querySelectorAll("[data-path]")].find((each) => each.dataset.path === path);
  if (!place) return;
  place.classList.add("desk-here");
  const box = place.getBoundingClientRect();
  const height = frame.contentWindow.innerHeight;
  if (box.top < 70 || box.bottom > height - 20) frame.contentWindow.scrollBy(0, box.top - height / 2);
};

let from = null;
const leave = (place) => {
  from = { top: frame.contentWindow.scrollY, path: place.dataset.path, clause: place.dataset.clause };
  document.querySelector("[data-back]").hidden = false;
};
export const back = () => {
  if (!from) return false;
  const page = frame.contentDocument;
  const places = [...page.querySelectorAll("[data-path], [data-clause]")];
  const place = places.find((each) => (from.path ? each.dataset.path === from.path : each.dataset.clause === from.clause));
  frame.contentWindow.focus();
  frame.contentWindow.scrollTo(0, from.top);
  place?.focus({ preventScroll: true });
  document.querySelector("[data-back]").hidden = true;
  from = null;
  return true;
};

const chosen = async (place) => {
  if (place.dataset.path) {
    leave(place);
    jump(place.dataset.path);
    return;
  }
  const body = new URLSearchParams({ clause: place.dataset.clause, text: place.textContent });
  const answer = await fetch(`${base}/why`, { method: "POST", body });
  const why = one("why");
  why.innerHTML = `<h2>Why</h2>${await answer.text()}`;
  why.scrollIntoView({ block: "nearest" });
  const target = why.querySelector("[data-jump]")?.dataset.jump;
  if (place.matches(".gap, .gap *") && target) {
    leave(place);
    jump(target);
  }
};

export const listen = () => {
  const page = frame.contentDocument;
  if (!page || page.documentElement.dataset.heard) return;
  page.documentElement.dataset.heard = "yes";
  const hear = (event) => {
    const place = event.target.closest?.("[data-clause], [data-path]");
    if (!place) return;
    event.preventDefault();
    chosen(place);
  };
  page.addEventListener("click", hear);
  page.addEventListener("keydown", (event) => {
    if (event.key === "Enter") hear(event);
    else if (event.key === "/" || (event.ctrlKey && event.key === "k")) {
      event.preventDefault();
      find();
    }
  });
  dress();
};
frame.addEventListener("load", listen);
document.addEventListener("desk:saved", preview);
