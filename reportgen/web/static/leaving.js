/* What leaves the desk: documents, text, print; and finalising. */

import { say } from "./notices.js";
import { base, one } from "./form.js";
import { fetched, idle } from "./sending.js";

export const download = async (address) => {
  const answer = await fetched(address);
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
export const print = async () => {
  if (!(await fetched(`${base}/print`))) return;
  const paper = document.createElement("iframe");
  paper.className = "hidden";
  paper.title = "The report for printing";
  paper.src = `${base}/print`;
  paper.onload = () => {
    paper.contentWindow.onafterprint = () => paper.remove();
    paper.contentWindow.print();
  };
  document.body.append(paper);
};
export const finalise = async () => {
  if (!(await idle())) return;
  await htmx.ajax("GET", `${base}/finalise`, { target: "#finalise-body", swap: "innerHTML" });
  one("finalise").showModal();
};
