/* What leaves the desk: documents, text, print; and finalizing. */

import { say } from "./notices.js";
import { base, one } from "./form.js";
import { fetched } from "./sending.js";
import { copied } from "./unsent.js";

export const download = async (format) => {
  const answer = await fetched(`${base}/report.${format}`);
  if (!answer) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") || "")?.[1] || "report";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
export const copy = async () => {
  const answer = await fetched(`${base}/report.txt`);
  if (!answer) return;
  await navigator.clipboard.writeText(await answer.text());
  say("The report is in the clipboard as text.");
};
export const copyUnsent = async () => {
  await navigator.clipboard.writeText(copied());
  say("What is not saved is in the clipboard.");
};
export const print = async () => {
  const answer = await fetched(`${base}/print`);
  if (!answer) return;
  const paper = document.createElement("iframe");
  paper.className = "hidden";
  paper.title = "The report for printing";
  paper.src = answer.url;
  paper.onload = () => {
    paper.contentWindow.onafterprint = () => paper.remove();
    paper.contentWindow.print();
  };
  document.body.append(paper);
};
export const finalize = async () => {
  const answer = await fetched(`${base}/finalize`);
  if (!answer) return;
  one("finalize-body").innerHTML = await answer.text();
  htmx.process(one("finalize-body"));
  one("finalize").showModal();
};
