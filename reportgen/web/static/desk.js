/* One case: entries are sent as they are made, one after the other; keys move and answer; the report follows. */
"use strict";

(() => {
  const head = document.querySelector("[data-case]");
  if (!head) return;
  const base = head.dataset.case;
  const fixed = document.body.classList.contains("fixed");
  const one = (id) => document.getElementById(id);
  const frame = one("report");
  let state = JSON.parse(one("state").dataset.state);

  /* --- the form: controls, which of them are asked now, moving among them */

  const seen = (element) => !element.closest("[hidden]") && !element.closest("details:not([open])");
  const controls = () => [...document.querySelectorAll(".sheet .control")].filter(seen);
  const controlAt = (path) => one(`c:${path}`);
  const controlOf = (element) => (element?.form?.classList.contains("control") ? element.form : null);
  const inputs = (control) => [...control.elements].filter((each) => !each.hidden);
  const isPick = (element) => element.matches?.("input[type=radio], input[type=checkbox]");
  const isText = (element) => element.matches?.("textarea, select, input:not([type]), input[type=search]");
  const picked = (control) => inputs(control).filter((each) => each.name === "answer" && each.checked);

  const focusOn = (control) => {
    const all = inputs(control).filter((each) => each.tagName !== "SELECT");
    const first = all.find((each) => isPick(each) && each.name === "answer" && each.checked) || all[0];
    if (!first) return;
    first.focus({ preventScroll: true });
    (control.closest(".field, tr, .remark") || control).scrollIntoView({ block: "nearest" });
    if (first.select && isText(first)) first.select();
  };

  const showTab = (label) => {
    for (const sheet of document.querySelectorAll("[data-sheet]")) sheet.hidden = sheet.dataset.sheet !== label;
    for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === label));
    sessionStorage.setItem(`tab ${base}`, label);
  };
  const tabNow = () => document.querySelector("[data-sheet]:not([hidden])")?.dataset.sheet;
  const tabs = () => [...document.querySelectorAll("[data-sheet]")].map((sheet) => sheet.dataset.sheet);

  const move = (control, step) => {
    const all = controls();
    let next = all[all.indexOf(control) + step];
    if (!next) {
      const label = tabs()[tabs().indexOf(tabNow()) + step];
      if (!label) return;
      showTab(label);
      next = step > 0 ? controls()[0] : controls().at(-1);
      if (step > 0) one("form").scrollTop = 0;
    }
    if (next) focusOn(next);
  };

  const jump = (path) => {
    let steps = path.split(".");
    let target = null;
    while (steps.length && !target) {
      const path = steps.join(".");
      target = controlAt(path) || one(`f:${path}`)?.querySelector(".control");
      if (!target) steps.pop();
    }
    if (!target) return;
    const sheet = target.closest("[data-sheet]");
    if (sheet) showTab(sheet.dataset.sheet);
    const own = target.closest("details");
    if (own) own.open = true;
    if (!seen(target)) target = controls().find((each) => each.dataset.path.startsWith(steps.join("."))) || target;
    focusOn(target);
    target.closest(".field, tr, .remark")?.scrollIntoView({ block: "center" });
  };

  /* --- follow-ups, fill-ins and reasons appear with their answer, before the desk has answered */

  const follow = (control) => {
    if (control.dataset.kind !== "choice" && !control.elements.answer) return;
    const chosen = picked(control);
    const unknown = chosen.some((each) => "undetermined" in each.dataset);
    const ids = chosen.map((each) => each.value);
    for (const each of control.elements) {
      if (each.dataset.for) each.hidden = !ids.includes(each.dataset.for);
      if (each.name === "reason") each.hidden = !unknown;
    }
    if (control.dataset.kind !== "choice") return;
    const path = control.dataset.path;
    const below = [...document.querySelectorAll(`.below[data-of="${path}"] > [data-under]`)];
    const cells = [...(control.closest("tr")?.querySelectorAll("td[data-under]") || [])];
    for (const each of [...below, ...cells]) {
      const under = each.dataset.under ? each.dataset.under.split("|") : [];
      const asked = ids.length > 0 && (under.length ? !unknown && under.some((id) => ids.includes(id)) : true);
      const target = each.matches("td") ? each.firstElementChild : each;
      const filled = [...target.querySelectorAll("input, textarea")].some((i) => (isPick(i) ? i.checked : i.value));
      target.hidden = !asked && !(filled && !ids.length);
    }
  };

  const clear = (control) => {
    for (const each of control.elements) {
      if (isPick(each)) each.checked = false;
      else each.value = "";
    }
    follow(control);
  };

  const pick = (control, input) => {
    if (input.type === "checkbox") input.checked = !input.checked;
    else input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    const words = inputs(control).find((each) => each.dataset.for === input.value || ("undetermined" in input.dataset && each.name === "reason"));
    if (input.checked && words) words.focus();
    else if (input.type === "radio") onward(control, 1);
  };

  /* Which element comes next may hang on the answer just given: the desk is asked first. What is typed meanwhile is
     held, and goes to the element that it was meant for. */
  let held = null;
  const onward = async (control, step) => {
    enter(control);
    if (busy || waiting.size || isLastRow(control)) {
      held = [];
      document.documentElement.dataset.held = "yes";
      const ready = idle().then(() => grow(control));
      await Promise.race([ready, new Promise((done) => setTimeout(done, 800))]);
    }
    move(control, step);
    const keys = held || [];
    held = null;
    delete document.documentElement.dataset.held;
    while (keys.length && !held) replay(keys.shift());
    if (held) held.push(...keys);
  };
  const replay = (pressed) => {
    const target = document.activeElement;
    const event = new KeyboardEvent("keydown", { ...pressed, bubbles: true, cancelable: true });
    if (!target.dispatchEvent(event) || pressed.key.length > 1 || !isText(target) || target.tagName === "SELECT") return;
    target.setRangeText(pressed.key, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const exclude = (input) => {
    if (input.type !== "checkbox" || !input.checked) return;
    for (const other of picked(input.form)) {
      if (other !== input && ("exclusive" in input.dataset || "exclusive" in other.dataset)) other.checked = false;
    }
  };

  /* --- sending: what was entered goes out at once, and waits where the desk does not answer */

  const waiting = new Map();
  const known = new WeakMap();
  const timers = new Map();
  let busy = false;
  let stuck = false;

  const content = (control) => new URLSearchParams(new FormData(control)).toString();
  const tell = (words, bad = false) => {
    const place = document.querySelector("[data-saved]");
    if (!place) return;
    place.textContent = words;
    place.classList.toggle("bad", bad);
  };

  const enter = (control, delay = 0) => {
    if (delay && timers.has(control)) return;  // goes out soon: who types without a pause must not wait for one
    clearTimeout(timers.get(control));
    timers.delete(control);
    const send = () => {
      timers.delete(control);
      if (content(control) === known.get(control) || fixed) return;
      waiting.set(control.dataset.path, control);
      pump();
    };
    if (delay) timers.set(control, setTimeout(send, delay));
    else send();
  };

  const post = async (control) => {
    const body = new URLSearchParams(new FormData(control));
    const sent = content(control);
    body.set("path", control.dataset.path);
    body.set("revision", state.revision);
    const answer = await fetch(`${base}/entries`, { method: "POST", body });
    return [answer, await answer.text(), sent];
  };

  const pump = async () => {
    if (busy || stuck) return;
    busy = true;
    while (waiting.size && !stuck) {
      const [path, control] = waiting.entries().next().value;
      waiting.delete(path);
      tell("Saving …");
      try {
        const [answer, html, sent] = await post(control);
        known.set(control, sent);
        if (answer.ok) {
          apply(html);
          tell("Saved");
        } else refuse(answer.status, html, control);
      } catch {
        waiting.set(path, control);
        tell("Not saved: the desk does not answer. It is tried again.", true);
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
    busy = false;
    if (!stuck) preview();
  };

  const refuse = (status, html, control) => {
    if (status === 409) {
      conflict(html, control);
      return;
    }
    tell("Not saved", true);
    const words = new DOMParser().parseFromString(html, "text/html").querySelector("p")?.textContent || "It was refused.";
    const place = one(`e:${control.dataset.path}`);
    if (place) place.textContent = `Not saved. ${words}`;
    else notice(html);
  };

  const idle = async () => {
    if (document.activeElement && controlOf(document.activeElement)) enter(controlOf(document.activeElement));
    while ((busy || waiting.size) && !stuck) await new Promise((done) => setTimeout(done, 15));
    return !stuck;
  };

  const conflict = (html, control) => {
    stuck = true;
    notice(html);
    tell("Not saved", true);
    if (!control) return;
    document.querySelector("[data-unsaved]").hidden = false;
    document.querySelector("[data-unsaved-name]").textContent = control.dataset.name;
    const again = document.querySelector("[data-again]");
    again.hidden = false;
    again.onclick = async () => {
      const page = new DOMParser().parseFromString(await (await fetch(base)).text(), "text/html");
      state = JSON.parse(page.getElementById("state").dataset.state);
      const [answer, words] = await post(control);
      if (answer.ok) location.reload();
      else refuse(answer.status, words, control);
    };
  };

  /* --- what came back: the bar, the side panel, the state of every field */

  const apply = (html) => {
    const parts = document.createElement("template");
    parts.innerHTML = html;
    const active = document.activeElement;
    const typed = active?.closest("#review") && active.id ? { id: active.id, value: active.value, at: active.selectionStart } : null;
    const why = one("why");
    for (const fresh of [...parts.content.children]) {
      const old = one(fresh.id);
      if (old) old.replaceWith(fresh);
    }
    if (why) one("why").replaceWith(why);
    const again = typed && one(typed.id);
    if (again) {
      again.value = typed.value;
      again.focus();
      again.setSelectionRange?.(typed.at, typed.at);
    }
    const fresh = one("state");
    state = JSON.parse(fresh.dataset.state);
    for (const path of fresh.dataset.removed.split(" ").filter(Boolean)) {
      for (const control of document.querySelectorAll(".control")) {
        if (control.dataset.path === path || control.dataset.path.startsWith(`${path}.`)) {
          clear(control);
          known.set(control, content(control));
        }
      }
      say("Details that belong to the former answer were taken away with it. Undo brings them back.");
    }
    paint();
  };

  const paint = () => {
    const hidden = new Set(state.hidden);
    for (const each of document.querySelectorAll(".sheet [data-path][id^='f:']")) {
      const path = each.dataset.path;
      if (!each.closest("[data-row]")) each.hidden = hidden.has(path);
      each.classList.toggle("missing", state.missing.includes(path));
      each.classList.toggle("pending", state.pending.includes(path));
      each.classList.toggle("wrong", path in state.errors);
      const said = one(`e:${path}`);
      if (said) {
        said.textContent = state.errors[path] || state.doubts[path] || "";
        said.classList.toggle("doubt", !(path in state.errors));
      }
      const word = one(`d:${path}`)?.querySelector("[data-open-word]");
      if (word) word.textContent = state.missing.includes(path) ? "Required, not entered. " : "";
      const control = controlAt(path);
      for (const input of control?.elements || []) if (isText(input)) input.ariaInvalid = String(path in state.errors);
    }
    for (const each of document.querySelectorAll("[data-section]")) each.hidden = hidden.has(each.dataset.section);
    for (const each of document.querySelectorAll("[data-revision]")) each.value = state.revision;
    const open = [...state.missing, ...Object.keys(state.errors)];
    for (const each of document.querySelectorAll("[data-left]")) {
      const label = each.dataset.left;
      const count = open.filter((path) => (label === "Case" ? !path.startsWith("parts.") : path.startsWith(`parts.${label}.`))).length;
      each.textContent = count || "";
    }
  };

  const isLastRow = (control) => {
    const row = control.closest("[data-row]");
    const last = row?.closest("[data-rows]").querySelector(":scope > [data-row]:last-of-type");
    return Boolean(row) && last === row && /=[^&]/.test(content(control));
  };
  const grow = async (control) => {
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

  /* --- the report: shown as it forms, clicked for the why, and back */

  let asked = 0;
  const preview = async () => {
    const mine = ++asked;
    const answer = await fetch(`${base}/report`).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const styles = [];  // taken out before the page is read here, where the desk's own policy allows none
    const html = (await answer.text()).replace(/<style[^>]*>([^]*?)<\/style>/g, (_, style) => styles.push(style) && "");
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const shown = frame.contentDocument;
    const same = (page) => [...page.querySelectorAll("style")].map((each) => each.textContent).join() === styles.join();
    if (!shown?.body || !same(shown)) frame.contentWindow.location.reload();
    else {
      const at = frame.contentWindow.scrollY;
      shown.body.replaceWith(shown.adoptNode(fresh.body));
      frame.contentWindow.scrollTo(0, at);
      dress();
    }
    document.documentElement.dataset.shown = state.revision;
  };

  const dress = () => {
    for (const each of frame.contentDocument.querySelectorAll("[data-clause], td[data-path]")) each.tabIndex = 0;
    mark(controlOf(document.activeElement)?.dataset.path);
  };

  const mark = (path) => {
    const page = frame.contentDocument;
    if (!page?.body) return;
    for (const each of page.querySelectorAll(".desk-here")) each.classList.remove("desk-here");
    const place = path && [...page.querySelectorAll("[data-path]")].find((each) => each.dataset.path === path);
    if (!place) return;
    place.classList.add("desk-here");
    const box = place.getBoundingClientRect();
    const height = frame.contentWindow.innerHeight;
    if (box.top < 70 || box.bottom > height - 20) frame.contentWindow.scrollBy(0, box.top - height / 2);
  };

  let from = null;
  const leave = (place) => {
    from = { top: frame.contentWindow.scrollY, path: place.dataset.path, clause: place.dataset.clause };
    document.querySelector("[data-back]").hidden = false;
  };
  const back = () => {
    if (!from) return false;
    const page = frame.contentDocument;
    const places = [...page.querySelectorAll("[data-path], [data-clause]")];
    const place = places.find((each) => (from.path ? each.dataset.path === from.path : each.dataset.clause === from.clause));
    frame.contentWindow.focus();
    frame.contentWindow.scrollTo(0, from.top);
    place?.focus({ preventScroll: true });
    document.querySelector("[data-back]").hidden = true;
    from = null;
    return true;
  };

  const chosen = async (place) => {
    if (place.dataset.path) {
      leave(place);
      jump(place.dataset.path);
      return;
    }
    const body = new URLSearchParams({ clause: place.dataset.clause, text: place.textContent });
    const answer = await fetch(`${base}/why`, { method: "POST", body });
    const why = one("why");
    why.innerHTML = `<h2>Why</h2>${await answer.text()}`;
    why.scrollIntoView({ block: "nearest" });
    const target = why.querySelector("[data-jump]")?.dataset.jump;
    if (place.matches(".gap, .gap *") && target) {
      leave(place);
      jump(target);
    }
  };

  const listen = () => {
    const page = frame.contentDocument;
    if (!page || page.documentElement.dataset.heard) return;
    page.documentElement.dataset.heard = "yes";
    const hear = (event) => {
      const place = event.target.closest?.("[data-clause], [data-path]");
      if (!place) return;
      event.preventDefault();
      chosen(place);
    };
    page.addEventListener("click", hear);
    page.addEventListener("keydown", (event) => {
      if (event.key === "Enter") hear(event);
      else if (event.key === "/" || (event.ctrlKey && event.key === "k")) {
        event.preventDefault();
        find();
      }
    });
    dress();
  };
  frame.addEventListener("load", listen);

  /* --- events of the form */

  document.addEventListener("submit", (event) => {
    if (event.target.classList.contains("control")) event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    const control = controlOf(event.target);
    if (!control) return;
    if (!known.has(control)) known.set(control, content(control));
    document.querySelector("[data-about]").textContent = one(`d:${control.dataset.path}`)?.textContent.trim() || control.dataset.name;
    sessionStorage.setItem(`at ${base}`, control.dataset.path);
    mark(control.dataset.path);
  });
  document.addEventListener("input", (event) => {
    const control = controlOf(event.target);
    if (control && isText(event.target)) enter(control, 350);
  });
  document.addEventListener("change", (event) => {
    const control = controlOf(event.target);
    if (!control) return;
    exclude(event.target);
    follow(control);
    enter(control);
    grow(control);
  });
  let was = null;
  document.addEventListener("mousedown", (event) => {
    const input = event.target.closest?.(".choice")?.querySelector("input[type=radio]");
    was = input?.checked ? input : null;
  });
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (isPick(target) && target === was && target.checked) {
      target.checked = false;  // a second click takes the answer away
      target.dispatchEvent(new Event("change", { bubbles: true }));
      was = null;
    }
    const button = target.closest?.("[data-jump], [data-tab], [data-remove-row], button[data-undo], [data-find], [data-copy], [data-print], [data-finalise], [data-back], [data-reload], [data-download], [data-text]");
    if (!button) return;
    const data = button.dataset;
    if ("jump" in data && button.matches("button")) {
      button.closest("dialog")?.close();
      jump(data.jump);
    } else if (data.tab) showTab(data.tab);
    else if (data.removeRow) act("rows", { path: data.removeRow, number: data.number });
    else if ("undo" in data) act("undo", {});
    else if ("find" in data) find();
    else if ("copy" in data) copy();
    else if ("print" in data) print();
    else if ("finalise" in data) finalise();
    else if ("back" in data) back();
    else if ("reload" in data) location.reload();
    else if ("download" in data || "text" in data) {
      event.preventDefault();
      download(button.getAttribute("href"));
    }
  });

  const act = async (what, values) => {
    if (!(await idle())) return;
    const body = new URLSearchParams({ ...values, revision: state.revision });
    const answer = await fetch(`${base}/${what}`, { method: "POST", body });
    if (answer.ok) location.reload();
    else if (answer.status === 409) conflict(await answer.text());
    else notice(await answer.text());
  };

  /* --- leaving: documents, text, print, finalise */

  const fetched = async (address) => {
    if (!(await idle())) return null;
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return answer;
    if (answer) notice(await answer.text());
    else say("The desk does not answer. Is it still running?");
    return null;
  };
  const download = async (address) => {
    const answer = await fetched(address);
    if (!answer) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") || "")?.[1] || "report";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const copy = async () => {
    const answer = await fetched(`${base}/report.txt`);
    if (!answer) return;
    await navigator.clipboard.writeText(await answer.text());
    say("The report is in the clipboard as text.");
  };
  const print = async () => {
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
  const finalise = async () => {
    if (!(await idle())) return;
    await htmx.ajax("GET", `${base}/finalise`, { target: "#finalise-body", swap: "innerHTML" });
    one("finalise").showModal();
  };

  /* --- find an element by its name */

  const words = one("find-words");
  const list = one("find-list");
  const find = () => {
    words.value = "";
    look();
    one("find").showModal();
    words.focus();
  };
  const look = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = [...document.querySelectorAll(".sheet .control")].filter((each) => !each.closest(".sheet [hidden]"));
    const named = (each) => `${each.dataset.name} ${each.dataset.path.replace(/[._]/g, " ")}`.toLowerCase();
    const rank = (each) => (each.dataset.name.toLowerCase().startsWith(wanted[0] || "") ? 0 : 1);
    const hits = all.filter((each) => wanted.every((word) => named(each).includes(word))).sort((a, b) => rank(a) - rank(b));
    list.replaceChildren(...hits.slice(0, 14).map((each, number) => {
      const item = document.createElement("li");
      const part = /^parts\.([A-Z]+)\./.exec(each.dataset.path)?.[1];
      item.id = `hit-${number}`;
      item.role = "option";
      item.ariaSelected = String(number === 0);
      item.dataset.to = each.dataset.path;
      item.append(each.dataset.name);
      const where = document.createElement("span");
      where.className = "quiet";
      where.textContent = part ? `Part ${part}` : "Case";
      item.append(where);
      return item;
    }));
    words.setAttribute("aria-activedescendant", hits.length ? "hit-0" : "");
  };
  const reach = (item) => {
    one("find").close();
    if (item) jump(item.dataset.to);
  };
  words.addEventListener("input", look);
  words.addEventListener("keydown", (event) => {
    const items = [...list.children];
    const now = items.findIndex((each) => each.ariaSelected === "true");
    if (event.key === "Enter") {
      event.preventDefault();
      reach(items[now]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = items[now + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      items[now].ariaSelected = "false";
      next.ariaSelected = "true";
      next.scrollIntoView({ block: "nearest" });
      words.setAttribute("aria-activedescendant", next.id);
    }
  });
  list.addEventListener("click", (event) => reach(event.target.closest("li")));

  /* --- keys */

  const nextOpen = () => {
    const all = [...document.querySelectorAll(".bar [data-jump]")].map((each) => each.dataset.jump);
    if (!all.length) return;
    const at = all.indexOf(controlOf(document.activeElement)?.dataset.path);
    jump(all[(at + 1) % all.length]);
  };

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.isComposing) return;
    const { target, key } = event;
    if (held) {
      event.preventDefault();
      const { code, shiftKey, ctrlKey, altKey, metaKey } = event;
      if (!event.repeat) held.push({ key, code, shiftKey, ctrlKey, altKey, metaKey });
      return;
    }
    const control = controlOf(target);
    const done = () => event.preventDefault();
    const command = event.ctrlKey || event.metaKey;
    if (command && key.toLowerCase() === "k") return done(), find();
    if (command && key.toLowerCase() === "z" && !isText(target) && !fixed) return done(), act("undo", {});
    if (event.altKey && key.toLowerCase() === "o") return done(), nextOpen();
    if (event.altKey && /^[0-9]$/.test(key) && tabs()[Number(key)]) {
      done();
      showTab(tabs()[Number(key)]);
      const first = controls()[0];
      return first && focusOn(first);
    }
    if (key === "Enter" && control && (target.tagName !== "TEXTAREA" || command)) return done(), onEnter(control, target, event.shiftKey);
    if (command || event.altKey) return;
    if (key === "Escape" && control) {
      if (!back()) target.blur();
      return done();
    }
    if (key === "/" && !isText(target)) return done(), find();
    if (key === "?" && !isText(target)) return done(), one("help").showModal();
    if (key === "g" && !control) return done(), location.assign("/");
    if (!control || event.shiftKey || target.tagName === "SELECT" || target.tagName === "TEXTAREA") return;
    if (key === "ArrowDown" || key === "ArrowUp") return done(), move(control, key === "ArrowDown" ? 1 : -1);
    if (!isPick(target)) return;
    if (key === "ArrowRight" || key === "ArrowLeft") {
      done();
      const all = inputs(control).filter(isPick);
      return all[all.indexOf(target) + (key === "ArrowRight" ? 1 : -1)]?.focus();
    }
    if (fixed) return;
    if (key === "Backspace" || key === "Delete") {
      done();
      clear(control);
      return enter(control);
    }
    const answer = inputs(control).find((each) => each.dataset.key === key.toLowerCase() && each.name === target.name);
    if (answer && !event.repeat) return done(), pick(control, answer);
  });

  const onEnter = (control, target, backwards) => {
    const units = inputs(control).filter((each) => each.name === "unit");
    const bare = target.name === "value" && /^[<>~≤≥=\s0-9.,x×]+$/.test(target.value);
    if (!backwards && bare && units.length && !units.some((each) => each.checked)) units[0].focus();
    else onward(control, backwards ? -1 : 1);
  };

  /* --- begin, and look out for changes made elsewhere */

  for (const each of document.querySelectorAll(".control input[name=unit]")) {
    each.dataset.key = String(1 + inputs(each.form).filter((other) => other.name === "unit").indexOf(each));
  }
  if (fixed) for (const each of document.querySelectorAll(".control")) for (const input of each.elements) input.disabled = true;
  const last = sessionStorage.getItem(`tab ${base}`);
  showTab(tabs().includes(last) ? last : tabs()[0]);
  paint();
  const at = sessionStorage.getItem(`at ${base}`);
  if (at && controlAt(at) && !fixed) jump(at);
  else if (!fixed && controls()[0]) focusOn(controls()[0]);
  if (frame.contentDocument?.readyState === "complete") listen();
  setInterval(async () => {
    if (busy || stuck || waiting.size || document.hidden) return;
    const seen = state.revision;
    const answer = await fetch(`${base}/watch/${seen}`).catch(() => null);
    if (answer?.status === 200 && seen === state.revision && !busy && !stuck) conflict(await answer.text());
  }, 2000);
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size && !stuck) event.preventDefault();
  });
})();
