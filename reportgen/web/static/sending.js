/* Entries are sent as they are made, one after the other; what the desk does not take is held, and tried again. */

import { conflict, isStuck } from "./conflict.js";
import { base, content, controlOf, fixed } from "./form.js";
import { notice, say } from "./notices.js";
import { apply, showGiven, state } from "./state.js";
import * as unsent from "./unsent.js";
import { tidied } from "./tidied.js";

const PAGE = crypto.randomUUID();
const REFUSED = [413, 422, 423];  // for what was entered: the same would be refused again
const AWAY = {
  0: "the desk does not answer; what you enter is kept on this page and tried again",
  403: "the desk was started again; open the link that it printed, in another tab, and this page goes on",
  404: "the file of this case was moved, renamed or deleted",
};
const LONGEST = 4000;  // ms between two tries
const KEEPALIVE = 60_000;  // bytes that a browser sends for a page that is gone
let number = 0;
let busy = false;
let wait = 1000;
let trying = 0;
let late = null;  // until what the page before sent is known to be heard

export const enter = (control, delay = 0) => {
  const item = unsent.get(control.dataset.path);
  if (fixed || item?.phase === "sending") return;  // an answer is due: then it is looked at again
  if (unsent.isInFile(control)) {
    if (item) unsent.release(item.path);
    return;
  }
  if (delay && item?.timer) return;  // goes out soon: who types without a pause must not wait for one
  const held = unsent.hold(control, delay ? "typed" : "waiting");
  if (isStuck()) return;
  if (delay) held.timer = setTimeout(() => (held.timer = 0, enter(control)), delay);
  else pump();
};

const pump = async () => {
  if (busy || isStuck()) return;
  busy = true;
  await late;
  for (let item = unsent.next(); item && !isStuck(); item = unsent.next()) await send(item);
  busy = false;
  if (!isStuck() && !unsent.all().some((each) => each.phase === "failed")) document.dispatchEvent(new Event("desk:saved"));
};

const addressed = (entries) => {
  const body = new URLSearchParams(entries);
  body.set("page", PAGE);
  body.set("number", String(++number));
  body.set("revision", state.revision);
  return { method: "POST", body, keepalive: body.toString().length < KEEPALIVE };
};
const packed = (item) => `${item.content}&path=${encodeURIComponent(item.path)}`;

const send = async (item) => {
  const sent = unsent.hold(item.control, "sending").content;
  const [status, html] = await asked(`${base}/entries`, addressed(packed(item)));
  if (status === 200) {
    wait = 1000;
    unsent.confirm(item.control, sent);
    apply(html);
    unsent.confirm(item.control, tidied(item.control, sent, html));
    if (unsent.isInFile(item.control)) {
      unsent.release(item.path);
      if (item.path in state.given) showGiven();  // it was emptied, and a macro answers it
    } else unsent.hold(item.control, "waiting", "");  // it was changed meanwhile
  } else if (status === 409) {
    unsent.hold(item.control, "waiting");
    conflict(html);
  } else if (!REFUSED.includes(status)) failed(wordsOf(status, html));
  else if (unsent.isInFile(item.control)) unsent.release(item.path);
  else unsent.hold(item.control, content(item.control) === sent ? "refused" : "waiting", wordsOf(status, html));
};

/* Ask the desk: the status, 0 for no answer, and what it said. Whether it answers is told at once. */
const asked = async (address, options) => {
  let status = 0;
  let words = "";
  try {
    const answer = await fetch(address, options);
    words = await answer.text();
    status = answer.status;
  } catch {}
  if (!isStuck()) unsent.setAway(AWAY[status] || "");
  return [status, words];
};
const wordsOf = (status, html) => {
  const away = AWAY[status];
  if (away) return `${away[0].toUpperCase()}${away.slice(1)}.`;
  const said = new DOMParser().parseFromString(html, "text/html").querySelector("p")?.textContent.trim();
  return said || "It was refused.";
};

const failed = (why) => {
  for (const each of unsent.all()) if (each.phase !== "refused" && each.phase !== "typed") unsent.hold(each.control, "failed", why);
  document.dispatchEvent(new Event("desk:lost"));
  clearTimeout(trying);
  trying = setTimeout(tryAgain, wait);
  wait = Math.min(2 * wait, LONGEST);
};
const tryAgain = () => {
  for (const each of unsent.all()) if (each.phase === "failed") unsent.hold(each.control, "waiting");
  pump();
};

/* Send what is typed now, and wait for it; whether the file then holds what the page shows. */
export const idle = async () => {
  await late;
  const here = controlOf(document.activeElement);
  if (here) enter(here);
  for (const each of unsent.all()) if (each.phase === "typed") enter(each.control);
  tryAgain();
  while ((busy || unsent.next()) && !isStuck()) await new Promise((done) => setTimeout(done, 15));
  return !unsent.trouble();
};
export const isSending = () => busy || Boolean(unsent.next());

const settled = async () => {
  if (await idle()) return true;
  say(unsent.trouble());
  return false;
};
export const act = async (what, values) => {
  if (!(await settled())) return;
  const [status, html] = await asked(`${base}/${what}`, addressed(values));
  if (status === 200) location.reload();
  else if (status === 409) conflict(html);
  else if (html) notice(html);
};

/* What leaves the desk is made of the state that the page shows, or not at all. */
export const fetched = async (address) => {
  if (!(await settled())) return null;
  const answer = await fetch(`${address}?revision=${state.revision}`).catch(() => null);
  if (answer?.ok) return answer;
  if (!answer) say("The desk does not answer. Is it still running?");
  else if (answer.status === 409) conflict(await answer.text());
  else notice(await answer.text());
  return null;
};
export const go = async (address) => {
  if (!unsent.trouble()) await idle();
  location.assign(address);
};

/* What else was changed, here or on the disk, is told before anything is entered over it. */
export const watch = async () => {
  if (busy || isStuck() || unsent.isOpen() || unsent.isLate() || document.hidden) return;
  const seen = state.revision;
  const [status, html] = await asked(`${base}/watch/${seen}?page=${PAGE}`);
  if (status === 200 && seen === state.revision && !busy && !isStuck()) conflict(html);
  else if (status === 204 && unsent.all().some((each) => each.phase === "failed")) tryAgain();
};

/* A page that is left hands over what it holds: the desk takes it, though nobody waits for the answer. */
const LEFT = `left ${base}`;
const NOT_YET = 202;
const PATIENCE = 3000;  // ms
let onTheWay = false;
window.addEventListener("beforeunload", (event) => {
  for (const each of unsent.all()) if (each.phase === "typed") enter(each.control);
  onTheWay = unsent.all().length > 0;
  if (unsent.all().length || document.documentElement.dataset.held) event.preventDefault();
});
window.addEventListener("pagehide", () => {
  const mine = isStuck() ? [] : unsent.all();
  if (mine.length) {
    number += mine.length - 1;  // one for each of them
    const entries = mine.map((each) => ["entry", packed({ ...each, content: content(each.control) })]);
    fetch(`${base}/leave`, addressed(entries)).catch(() => {});
  }
  if (mine.length || onTheWay) sessionStorage.setItem(LEFT, new URLSearchParams({ page: PAGE, number }));
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) tryAgain();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const each of unsent.all()) if (each.phase === "typed") enter(each.control);
  else watch();
});

/* The page after it may be made before the desk has heard the last of that: nothing is called saved until it has, and a
   page that shows less is loaded again. */
const afterLeft = async (left) => {
  const seen = state.revision;
  const ends = Date.now() + PATIENCE;
  let status = NOT_YET;
  while (status === NOT_YET && Date.now() < ends) {
    [status] = await asked(`${base}/watch/${seen}?${left}`);
    if (status === NOT_YET) await new Promise((done) => setTimeout(done, 50));
  }
  if (status === 200 && !unsent.all().length && !isStuck()) return location.reload();  // not saved until it shows it
  unsent.setLate(false);
  if (status === NOT_YET) say("What was typed last before this page was loaded may not be saved. Check it.");
};
export const begin = () => {
  const left = sessionStorage.getItem(LEFT);
  sessionStorage.removeItem(LEFT);
  if (!left) return;
  unsent.setLate(true);
  late = afterLeft(left);
};
