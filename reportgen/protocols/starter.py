"""An empty case file: every key of a protocol with its allowed answers as comments, and not one answer filled in."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import (
    Choice,
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    NoteElement,
    PanelElement,
    QuantityElement,
    Status,
)
from reportgen.protocols.slots import Slot

_MARKS = {Status.core: "required", Status.conditional: "required where it applies", Status.optional: "optional"}


def starter(header: CompiledForm, made: Compiled, schema: str) -> str:
    """The text of an empty case file; `schema` is the name of the JSON Schema file beside it."""
    lines = [
        f"# yaml-language-server: $schema=./{schema}",
        f"# {made.protocol.title}, protocol {made.protocol.id} {made.protocol.version}.",
        "# Nothing here is filled in, and what stays empty is never reported as a finding.",
        '# An answer with details is written as {result: …, …}; "cannot be determined (why)" where it is listed.',
        f"protocol: {made.protocol.id}",
        *_level(header, "", ""),
        "parts:",
        "  - label: A",
        "    received_as:  # the label on the container, word for word",
        *_level(made, "", "    "),
        "    # acknowledge: {ID: reason}  # a stop, named by `reportgen check`",
        "    # override: {diagnosis: …}  # words of your own in place of composed ones",
    ]
    return "\n".join(lines) + "\n"


def _level(form: CompiledForm, above: str, indent: str) -> Iterator[str]:
    section = ""
    for key, slot in form.children.get(above, {}).items():
        if key != slot.element.id:
            continue  # an alias
        if not above and slot.section != section:
            section = slot.section
            title = next(each.title for each in form.form.sections if each.id == section)
            yield f"{indent}# {title}"
        yield from _entry(form, slot, indent)


def _entry(form: CompiledForm, slot: Slot, indent: str) -> Iterator[str]:
    element = slot.element
    if isinstance(element, PanelElement):
        yield f"{indent}# {element.title}; {_MARKS[element.status]}"
        yield from _comment("each stain: " + " | ".join(choice.id for choice in element.results), indent)
        details = ", ".join(f"{detail.id}: …" for detail in element.details)
        yield from _comment(f"or, with details, {{result: …, {details}}}", indent)
        yield f"{indent}{element.id}:"
        yield from (f"{indent}  {stain.id}:" for stain in element.stains)
        if element.other:
            yield f"{indent}  # other: a list of {{name: …, result: …}}"
    elif isinstance(element, NoteElement):
        yield from _comment(" ".join(element.text.split()), indent)
    elif slot.is_group:
        yield f"{indent}{element.id}:  # {element.title}"
        if slot.repeats:
            yield from _comment(f"one for each: - {_inline(form, slot)}", indent + "  ")
        else:
            yield from _level(form, slot.path, indent + "  ")
    else:
        yield from _comment(answers_in_words(element), indent)
        yield from _details(form, slot, indent)
        if (usual := form.usual.get(slot.path)) is not None:
            yield from _comment(usual.note, indent)
        yield f"{indent}{element.id}:  # {element.title}; {_MARKS[element.status]}"


def _details(form: CompiledForm, slot: Slot, indent: str, above: str = "") -> Iterator[str]:
    for key, detail in _below(form, slot):
        where = f" with {' or '.join(detail.under)}" if detail.under and not detail.element.independent else ""
        words = answers_in_words(detail.element) or detail.element.title
        yield from _comment(f"detail{above}{where}: {key}: {words}", indent)
        yield from _details(form, detail, indent, f" of {key}")


def _inline(form: CompiledForm, slot: Slot) -> str:
    """The entries below a slot in one line: `{name: …, deep: {further: …}}`."""
    inside = ", ".join(f"{key}: {_inline(form, below)}" for key, below in _below(form, slot))
    if not inside:
        return "…"
    return f"{{{inside}}}" if slot.is_group else f"{{result: …, {inside}}}"


def _below(form: CompiledForm, slot: Slot) -> Iterator[tuple[str, Slot]]:
    """The entries below a slot by their ids, without aliases."""
    children = form.children.get(slot.path, {}).items()
    return (
        (key, below)
        for key, below in children
        if key == below.element.id and not isinstance(below.element, NoteElement)
    )


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in wrap(text, 110 - len(indent), break_long_words=False, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _choice_in_words(choice: Choice) -> Iterator[str]:
    asked = choice.asks
    if asked is None or asked.status is not Status.core:
        yield choice.id
    if asked:
        yield f"{{result: {choice.id}, text: {answers_in_words(asked) or '…'}}}"


def answers_in_words(element: ElementBase) -> str:
    """The allowed answers in words."""
    words: list[str] = []
    if isinstance(element, ChoiceElement):
        words = [each for choice in element.choices for each in _choice_in_words(choice)]
    elif isinstance(element, QuantityElement):
        times = f", up to {element.dimensions} dimensions with x" if element.dimensions > 1 else ""
        number = "a whole number" if element.decimals == 0 else "a number"
        places = f" with up to {element.decimals} decimals" * bool(element.decimals)
        units = " or ".join(filter(None, (element.unit, *element.units)))
        words = [f"{number}{f' in {units}' * bool(units)}{places}{times}"]
        words += [f"{element.at_least} {words[0]}"] * bool(element.at_least)
    elif isinstance(element, CountElement):
        words = [f"a count per {each}" for each in element.per] or ["a count"]
    elif isinstance(element, DateElement):
        words = list(element.forms)
    undetermined = [f"{element.undetermined} (why)"] if element.undetermined else []
    several = "one or more of: " if isinstance(element, ChoiceElement) and element.multiple else ""
    return several + " | ".join([*words, *undetermined])
