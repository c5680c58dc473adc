/* The tabs say what each part is, as the report says it now. */

import { state } from "./sending.js";

const tell = () => {
  for (const [label, [specimen, diagnosis]] of Object.entries(state.called)) {
    const tab = [...document.querySelectorAll("[data-tab]")].find((each) => each.dataset.tab === label);
    if (!tab) continue;
    const [of, is] = tab.querySelectorAll("[data-specimen], [data-diagnosis]");
    if (is) [of.textContent, is.textContent] = [specimen, diagnosis];
    tab.title = [`Part ${label}`, specimen, diagnosis].filter(Boolean).join(" · ");
  }
};
document.addEventListener("desk:saved", tell);
tell();
