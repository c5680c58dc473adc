"""What the page of a case shows and says, taken at one moment, beside what its file holds at that moment."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

from reportgen.protocols.elements import CountElement, QuantityElement
from reportgen.reading.readers import read_content
from reportgen.reading.source import plain
from reportgen.web.document import Document, UnknownPathError
from reportgen.web.entries import distinct_units, shown
from reportgen.web.evaluation import document
from tests.web.browser import until

Entered = Mapping[str, Any]  # the answers, texts, reason and value of one control, without what is empty

_NUMBER = re.compile(r"[<>~≤≥\s]*[0-9][0-9.,\sx×]*")
_RESTS = """Promise.all(["unsent", "conflict"].map((name) => import(`/static/${name}.js`))).then(
  ([unsent, conflict]) => !("held" in document.documentElement.dataset)
    && !["Saving …", "Loading …"].includes(document.querySelector("[data-saved]").innerText)
    && (conflict.isStuck() || unsent.all().every((each) => each.why)))"""
_LOOK = """async () => {
  const [form, unsent, conflict] = await Promise.all(
    ["form", "unsent", "conflict"].map((name) => import(`/static/${name}.js`)));
  const text = (selector) => document.querySelector(selector)?.innerText ?? "";
  const all = (selector, give) => [...document.querySelectorAll(selector)].map(give);
  const entered = (control) => {
    const inputs = form.inputs(control);
    const of = (name) => form.inputAs(control, name);
    const value = (name) => (inputs.includes(of(name)) ? of(name).value : "");
    const checked = inputs.filter((each) => each.checked);
    const picked = (name) => checked.filter((each) => form.sentAs(each) === name).map((each) => each.value);
    const texts = inputs.filter((each) => each.dataset.for).map((each) => [each.dataset.for, each.value]);
    const number = [value("sign"), value("value"), ...picked("unit")].join(" ");
    const { kind } = control.dataset;
    const one = control.querySelector("span.unit")?.innerText ?? "";
    return { kind, answers: picked("answer"), texts: Object.fromEntries(texts), reason: value("reason"),
      value: kind === "number" ? number : value("value"), one };
  };
  return {
    held: "held" in document.documentElement.dataset, stuck: conflict.isStuck(), trouble: unsent.trouble(),
    said: text("[data-saved]"), pill: text(".saved .pill:not([hidden])"), bar: text("#bar"), notice: text("#notice"),
    isFixed: form.fixed,
    items: unsent.all().map(({ path, name, phase, why }) => ({ path, name, phase, why })),
    listed: all("#bar [data-unsent]:not([hidden]) li button", (each) => each.dataset.jump),
    marked: all(".unsaved-why", (each) => each.dataset.of),
    open: all("[data-copy], [data-print], [data-finalize], [data-download]", (each) => each)
      .filter((each) => !("closed" in each.dataset) || each.hasAttribute("href")).map((each) => each.outerHTML),
    controls: Object.fromEntries(all(".control", (each) => [each.dataset.path, entered(each)])),
  };
}"""


@dataclass(frozen=True)
class Seen:
    """What a page shows at one moment.

    Attributes:
        said: the word about saving in the head of the page.
        trouble: why nothing may leave the desk; "" where it may.
        stuck: whether the page waits for what is to be done about a conflict.
        items: what is not in the file yet, each with path, name, phase and why.
        listed: the paths that the bar lists as not saved; `marked` those that are marked in the form.
        open: the buttons by which a report may leave the desk now.
        controls: what each control shows.
        pill: the state of the case in the head; `bar` the words of the bar.
        fixed: whether the case is finalized.
        text: what the file holds; None where it is gone.
    """

    said: str
    trouble: str
    stuck: bool
    items: list[dict[str, str]]
    listed: list[str]
    marked: list[str]
    open: list[str]
    controls: dict[str, Entered]
    pill: str
    bar: str
    fixed: bool
    text: bytes | None

    @property
    def saved(self) -> bool:
        """Whether the page says that everything is in the file."""
        return self.said == "Saved"

    @property
    def complete(self) -> bool:
        """Whether the page says that the case can be finalized."""
        return self.saved and self.pill == "complete"


def at_rest(page: Page, file: Path, seconds: float = 20) -> Seen:
    """Wait until the page has done all that it does by itself, and look at it and at the file."""
    ends = time.monotonic() + seconds
    found: dict[str, Any] = {}
    while time.monotonic() < ends:
        with suppress(AssertionError):
            until(page, _RESTS)
        before = _content(file)
        try:
            found = page.evaluate(_LOOK)
        except Error:  # it is being loaded
            page.wait_for_timeout(25)
            continue
        if _is_at_rest(found) and before == _content(file):
            return _seen(found, before)
        page.wait_for_timeout(25)
    raise AssertionError(f"no rest: {found.get('said')}, {found.get('items')}, {found.get('notice')}")


def _is_at_rest(found: dict[str, Any]) -> bool:
    if found["held"] or found["said"] in ("Saving …", "Loading …"):
        return False
    return bool(found["stuck"] or all(each["why"] for each in found["items"]))


def _seen(found: dict[str, Any], content: bytes | None) -> Seen:
    return Seen(
        found["said"], found["trouble"], found["stuck"], found["items"], found["listed"], found["marked"],
        found["open"], {path: _on_page(each) for path, each in found["controls"].items()}, found["pill"],
        found["bar"], found["isFixed"], content,
    )  # fmt: skip


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def differing(controls: Mapping[str, Entered], content: bytes, name: str) -> dict[str, tuple[Entered, Entered]]:
    """The controls that show something else than a file holds, each with both."""
    made = document(_data(content, name), None)
    pairs = {path: (on_page, _in_file(made, path, on_page)) for path, on_page in controls.items()}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def _data(content: bytes, name: str) -> Any:
    return plain(read_content(content, name))


def _on_page(found: dict[str, Any]) -> Entered:
    texts = {answer: _line(text) for answer, text in found["texts"].items() if answer in found["answers"]}
    value = _line(found["value"])
    if found["kind"] == "number" and _NUMBER.fullmatch(value):
        value += f" {found['one']}"
    return _entered(found["kind"], found["answers"], texts, found["reason"], value)


def _entered(kind: str, answers: Any, texts: Mapping[str, str], reason: str, value: str) -> Entered:
    if kind == "number":  # a comparator and a unit may be picked or typed
        value = re.sub(r"\s|\bper\b|/", "", value)
    all_of_it = {
        "answers": sorted(answers), "texts": {key: text for key, text in texts.items() if text},
        "reason": _line(reason), "value": _line(value),
    }  # fmt: skip
    return {"kind": kind, **{name: each for name, each in all_of_it.items() if each}}


def _in_file(made: Document, path: str, on_page: Entered) -> Entered:
    kind = on_page["kind"]
    try:
        address, node = made.address(path), made.get(path)
    except UnknownPathError:
        return {"kind": kind, "gone": True}
    if address.slot is None:
        return _entered(kind, (), {}, "", node if isinstance(node, str) else "")
    element = address.slot.element
    found = shown(element, node)
    answers = (element.undetermined,) if found.undetermined else found.answers
    value = "" if kind == "choice" else found.value  # what is no answer of the list stands beside it, as it is
    if kind == "number":
        value = f"{found.sign} {found.value} {found.unit}"
        offered = distinct_units(element) if isinstance(element, QuantityElement) else ()
        offered = element.per if isinstance(element, CountElement) else offered
        if found.value and not found.unit and len(offered) == 1 and _NUMBER.fullmatch(found.value):
            value += offered[0]
    return _entered(kind, answers, {key: _line(text) for key, text in found.texts.items()}, found.reason, value)


def _line(text: str) -> str:
    return " ".join(text.split())
