/* The work list: its keys, and a table that is dropped. */

import "./choosing.js";
import { notice, say } from "./notices.js";

const search = document.querySelector("[data-search]");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "n" && !typing) {
    event.preventDefault();
    document.getElementById("new-case").showModal();
  } else if ((event.key === "Enter" && event.target === search) || (event.key === "ArrowDown" && [search, document.body].includes(event.target))) {
    const first = document.querySelector("#rows a");
    if (first) {
      event.preventDefault();
      if (event.key === "Enter") first.click();
      else first.focus();
    }
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.matches("#rows a")) {
    event.preventDefault();
    const links = [...document.querySelectorAll("#rows a")];
    const next = links[links.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    (next || search).focus();
  }
});

const drop = document.querySelector("[data-drop]");
const input = drop.querySelector("input[type=file]");
const begin = async (file) => {
  if (!file) return;
  const ending = file.name.split(".").pop().toLowerCase();
  const headers = { "X-Table-Ending": ending, "X-Protocol": drop.querySelector("select").value };
  const answer = await fetch("/batches", { method: "POST", body: file, headers }).catch(() => null);
  if (!answer) say("The desk does not answer. Is it still running?");
  else if (answer.ok) location.assign(answer.headers.get("HX-Redirect"));
  else if (answer.status === 413) say("The table is larger than 5 MB. Use `reportgen batch` on the command line.");
  else notice(await answer.text());
};
input.addEventListener("change", () => begin(input.files[0]));
drop.addEventListener("submit", (event) => event.preventDefault());
for (const kind of ["dragover", "dragleave", "drop"]) {
  window.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") begin(event.dataTransfer.files[0]);
  });
}
