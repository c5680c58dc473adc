/* A repeated group has one empty entry at its end: filling it brings the next. */

import { base, content } from "./form.js";
import { idle } from "./sending.js";

export const isLastRow = (control) => {
  const row = control.closest("[data-row]");
  const last = row?.closest("[data-rows]").querySelector(":scope > [data-row]:last-of-type");
  return Boolean(row) && last === row && /=[^&]/.test(content(control));
};
export const grow = async (control) => {
  if (!isLastRow(control)) return;
  const row = control.closest("[data-row]");
  const group = row.closest("[data-rows]");
  const number = Number(row.dataset.row) + 1;
  if (group.dataset.growing === String(number)) return;
  group.dataset.growing = String(number);
  await idle();
  const answer = await fetch(`${base}/row?path=${encodeURIComponent(group.dataset.path)}&number=${number}`);
  if (answer.ok) row.insertAdjacentHTML("afterend", await answer.text());
};
