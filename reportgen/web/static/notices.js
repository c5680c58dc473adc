/* What every page of the desk needs: dialogs and remarks. */

const isAnswerDue = () => document.querySelector("#notice [data-conflict]");
export const notice = (html) => {
  const place = document.getElementById("notice");
  if (isAnswerDue()) return;
  place.innerHTML = html;
  htmx.process(place);
};

export const say = (words) => {
  if (!isAnswerDue()) document.getElementById("notice").replaceChildren();
  return add(words, "said");
};

/* At the foot of the page */
export const remark = (words) => (document.querySelector("[data-remark]").textContent = words);

/* Beside what is told already; what is told of one subject again takes its own place. Returns the notice. */
const MOST = 4;
export const add = (words, subject) => {
  document.querySelector(`#notice > [data-subject="${subject}"]`)?.remove();
  const box = document.createElement("div");
  box.className = "notice";
  box.dataset.subject = subject;
  box.innerHTML = '<p></p><p class="actions"><button type="button" class="quiet" data-dismiss>Close</button></p>';
  box.firstChild.textContent = words;
  document.getElementById("notice").append(box);
  for (const each of [...document.querySelectorAll("#notice > [data-subject]")].slice(0, -MOST)) each.remove();
  return box;
};

export const addUndoable = (words, subject, onUndo) => {
  const box = add(words, subject);
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "primary";
  undo.textContent = "Undo";
  undo.onclick = () => {
    box.remove();
    onUndo();
  };
  box.lastChild.prepend(undo, " ");
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a[data-closed]");
  if (!button) return;
  if ("closed" in button.dataset) {
    event.preventDefault();
    event.stopPropagation();
    say(button.title);
    return;
  }
  if (button.dataset.open) document.getElementById(button.dataset.open).showModal();
  if ("close" in button.dataset) button.closest("dialog").close();
  if ("dismiss" in button.dataset) button.closest(".notice").remove();
  if (button.dataset.sure && !button.dataset.asked) {
    event.preventDefault();
    event.stopPropagation();
    button.dataset.asked = "yes";
    button.textContent = button.dataset.sure;
  }
}, true);

/* A refusal that answers a form of the page stays readable: it is no place to go to. */
document.addEventListener("htmx:error", () => say("The desk does not answer. Is it still running?"));
