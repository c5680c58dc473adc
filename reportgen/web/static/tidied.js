/* What the desk tidied of a pasted text is shown in its field, and told beside it until it was seen. */

import { content, inputAs, one } from "./form.js";
import { say } from "./notices.js";

const told = (html) => {
  const found = new DOMParser().parseFromString(html, "text/html").getElementById("tidied");
  return found && JSON.parse(found.dataset.tidied);
};

const put = (input, { text, changes }) => {
  const [was, end] = [input.value, input.selectionStart];
  const gone = changes.filter((each) => each.gone && each.at <= end).length;
  input.value = text;
  if (input !== document.activeElement) return;
  const at = end === was.length ? input.value.length : end - gone;
  input.setSelectionRange(at, at);
};

const remark = (path, words) => {
  const place = one(`e:${path}`);
  if (!place) return say(`The text was tidied. ${words.join(". ")}.`);  // a reason beside the report
  const now = one(`t:${path}`) || document.createElement("details");
  now.id = `t:${path}`;
  now.className = "tidied";
  now.role = "status";
  const all = [...[...now.querySelectorAll("li")].map((each) => each.textContent), ...words];
  const [summary, list, close] = ["summary", "ul", "button"].map((each) => document.createElement(each));
  summary.textContent = `${all.length === 1 ? "1 character was" : `${all.length} characters were`} changed in what was entered`;
  list.append(...all.map((each) => Object.assign(document.createElement("li"), { textContent: each })));
  Object.assign(close, { type: "button", className: "quiet", textContent: "Close" });
  close.dataset.dismissTidied = "";
  close.addEventListener("click", () => now.remove());
  now.replaceChildren(summary, list, close);
  place.after(now);
};

/* Show what an answer of the desk says; returns what the control then holds of what was sent. */
export const tidied = (control, sent, html) => {
  const made = told(html);
  if (!made) return sent;
  remark(made.path, made.texts.flatMap((each) => each.changes.map((change) => change.words)));
  if (content(control) !== sent) return sent;  // it is typed on: the next entry is tidied as well
  for (const each of made.texts) put(inputAs(control, each.name), each);
  return content(control);
};
