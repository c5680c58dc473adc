/* What every page of the desk needs: dialogs and remarks. */

export const notice = (html) => {
  const place = document.getElementById("notice");
  place.innerHTML = html;
  htmx.process(place);
};

export const say = (words) => {
  notice('<div class="notice"><p></p><button type="button" class="quiet" data-dismiss>Close</button></div>');
  document.querySelector("#notice p").textContent = words;
};

/* Beside what is told already; what is told of one subject again takes its own place. Returns the remark. */
export const add = (words, subject) => {
  document.querySelector(`#notice > [data-subject="${subject}"]`)?.remove();
  const remark = document.createElement("div");
  remark.className = "notice";
  remark.dataset.subject = subject;
  remark.innerHTML = '<p></p><p class="actions"><button type="button" class="quiet" data-dismiss>Close</button></p>';
  remark.firstChild.textContent = words;
  document.getElementById("notice").append(remark);
  return remark;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
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
