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
