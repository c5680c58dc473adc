"""A form to a protocol: sections and questions with the same words, printed by the rules of the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from textwrap import wrap
from typing import Any, NamedTuple

from reportgen.findings import refuse
from reportgen.sdc.model import Answer, Form, Item, Kind, Loss, Named, Response
from reportgen.sdc.names import Names, answer_ids, is_other
from reportgen.sdc.responses import Field, field_of

Data = dict[str, Any]
SOURCE = "form"  # what the protocol calls the form as a source
_DEEPEST = 24  # questions below questions: each takes two levels of a protocol file, which may have sixty
_LONGEST, _LONGEST_NOTE, _LONGEST_ID = 120, 2000, 190  # characters of a heading, of a note, of a foreign id
_REPORT_TITLE = "Surgical pathology report"


class _Around(NamedTuple):
    """Where an item is: the ids of its level, what is above it, and what that means for it."""

    names: Names
    about: str  # the words above it, for what has none
    depth: int = 0
    top: bool = True
    named: bool = False  # whether a heading or a question is printed above it
    repeated: bool = False
    shown: bool = True


def protocol_of(form: Form, id: str, states: Callable[[str], bool]) -> tuple[Data, tuple[Loss, ...]]:
    """The content of `protocol.yaml`, and everything that was lost or changed.

    Args:
        form: the form.
        id: the id of the protocol.
        states: whether a text states something of a case, which no protocol prints of every case.

    Raises:
        FindingsError: E007 for a form that is nested more deeply than a protocol can be.
    """
    builder = _Builder(form, states)
    sections = [*builder.sections(), *builder.copyright()]
    cite = ", ".join(filter(None, (f"id {form.id}" * bool(form.id), f"version {form.version}" * bool(form.version))))
    headers = form.property("genericheadertext")
    data: Data = {
        "id": id,
        "version": form.version or "1",
        "title": form.title,
        **_with("foreign_id", form.id),
        "summary": f"Imported from an SDC form ({cite or 'without an id'}). import.md lists what was lost or changed.",
        "report_title": next(iter(headers), _REPORT_TITLE),
        "sources": {SOURCE: {"title": form.title, **_with("cite", " ".join((cite, *form.property("copyright"))))}},
        "sections": sections,
    }
    return data, tuple(sorted((*form.losses, *builder.losses), key=lambda loss: loss.place))


class _Builder:
    """Builds the sections of one protocol; collects what it cannot take over as it is."""

    def __init__(self, form: Form, states: Callable[[str], bool]) -> None:
        self.form = form
        self.states = states
        self.losses: list[Loss] = []
        self.foreign: set[str] = set()
        self.names = Names()  # of the elements of all sections
        self.section_names = Names()
        self.nameless = False  # whether the section that is being built prints an answer without any name
        self.headed = False  # whether something before it, or inside it, has a heading

    def lose(self, item: Named, what: str, outcome: str, *, lost: bool = False) -> None:
        self.losses.append(Loss(item.id, item.place, what, outcome, lost))

    # ------------------------------------------------------------------------------------------------ sections

    def sections(self) -> Iterator[Data]:
        for part in self.form.parts:
            loose: list[Item] = []
            for item in part.below:
                if item.kind is not Kind.section:
                    loose.append(item)
                    continue
                yield from self.loose(part, loose)
                loose = []
                yield from self.section(item)
            yield from self.loose(part, loose)

    def loose(self, part: Item, items: list[Item]) -> Iterator[Data]:
        """A section of the items that are in none."""
        if items:
            section = Item(kind=Kind.section, id="", place=items[0].place, title=part.title, report="")
            yield self.finished(section, items)

    def section(self, item: Item) -> Iterator[Data]:
        if item.repeats:
            yield self.finished(item, [item], own=False)
        elif item.below:
            yield self.finished(item, item.below)
        else:
            self.lose(item, "section without questions", "left out", lost=True)

    def finished(self, item: Item, items: Iterable[Item], *, own: bool = True) -> Data:
        """A section with its elements; `own` is whether it stands for the item of the form."""
        heading = self.heading(item)
        self.nameless = False
        called = self.called(item) if own else {}
        around = _Around(self.names, item.title or item.words, named=bool(heading), shown=item.shown)
        elements = self.elements(items, around)
        if not own:  # a section that repeats: its heading is that of the section here
            elements[0].pop("heading", None)
        if not heading and (self.nameless or self.headed):
            heading = self.fit(self.form.title)
            self.lose(item, "answers without a heading of their own", f'printed under "{heading}"')
        self.headed = self.headed or bool(heading)
        return {
            "id": self.section_names.of_element(item.title, item.words, "form"),
            "title": item.title or item.words or self.form.title,
            **_with("heading", heading),
            **called,
            "elements": elements,
        }

    def copyright(self) -> Iterator[Data]:
        text = " ".join(self.form.property("copyright"))
        if text:
            note: Data = {"id": self.names.of_element("copyright"), "kind": "note", "title": "Copyright"}
            note |= {"label": "none", "text": text[:_LONGEST_NOTE], "source": {SOURCE: "copyright"}}
            if self.states(text):
                loss = Loss(self.form.id, self.form.place, "copyright line", "not printed: it reads as a finding")
                self.losses.append(loss)
            else:
                note["print"] = "true"
            id = self.section_names.of_element("copyright")
            yield {"id": id, "title": "Copyright", "heading": "Copyright", "elements": [note]}

    # ------------------------------------------------------------------------------------------------ elements

    def elements(self, items: Iterable[Item], around: _Around) -> list[Data]:
        """What items become, at one level."""
        return [made for item in items for made in self.element(item, around)]

    def element(self, item: Item, around: _Around) -> Iterator[Data]:
        if around.depth > _DEEPEST:
            hint = "import a flatter form"
            raise refuse("E007", "is nested too deeply for a protocol", item.place, item.id, hint=hint)
        if item.kind is Kind.section:
            around = around._replace(shown=around.shown and item.shown)
        if item.kind is Kind.note:
            yield from self.note(item, around)
            return
        if item.repeats and around.repeated:
            self.lose(item, "repeats inside something that repeats", "asked once in each entry", lost=True)
        elif item.repeats:
            yield self.entries(item, around)
            return
        group = item.kind is Kind.section or (item.below and not (item.answers or item.response))
        yield self.group(item, around) if group else self.question(item, around)

    def note(self, item: Item, around: _Around) -> Iterator[Data]:
        """A note; a long one becomes several."""
        text = item.words or item.title
        if not text:
            self.lose(item, "blank line", "left out")
        prints = around.shown and item.shown and bool(item.words)
        if prints and (around.repeated or self.states(text)):
            why = "inside something that repeats" if around.repeated else "it would state something of every case"
            self.lose(item, "printed note", f"not printed: {why}", lost=True)
            prints = False
        more = self.called(item)
        for words in wrap(text, _LONGEST_NOTE, break_on_hyphens=False):
            name = {"id": around.names.of_element(text, "note"), "kind": "note", "title": "Note", "label": "none"}
            yield {**name, "text": words, **({"print": "true"} if prints else {}), **more, **self.sourced(item, around)}
            more = {}

    def group(self, item: Item, around: _Around) -> Data:
        heading = "" if around.repeated else self.heading(item)
        if around.repeated and item.words:
            self.lose(item, "heading inside something that repeats", "not printed", lost=True)
        title = self.plain(item, item.title or item.words or around.about or "Group")
        inside = around._replace(
            names=Names(), about=title, depth=around.depth + 1, top=False, named=around.named or bool(heading)
        )
        return {
            "id": around.names.of_element(item.title, item.words, around.about),
            "kind": "group",
            "title": title,
            **_with("heading", heading),
            **self.called(item),
            **self.sourced(item, around),
            "elements": self.elements(item.below, inside),
        }

    def entries(self, item: Item, around: _Around) -> Data:
        """A group that repeats. It begins with a note, so that each answer of an entry is printed with its name."""
        title = self.plain(item, _without_mark(item.title) or item.words or around.about or "Entry")
        names, section = Names(), item.kind is Kind.section
        inside = around._replace(names=names, about=title, depth=around.depth + 1, top=False, repeated=True)
        hint = {"id": names.of_element("entry"), "kind": "note", "title": "Note", "text": f"Each entry: {title}"}
        heading = self.heading(item) if section else ""
        label = "none" if heading else "" if item.words in (title, "") else self.plain(item, item.words)
        made = {
            "id": around.names.of_element(item.title, item.words, around.about),
            "kind": "group",
            "title": title,
            **_with("label", label),
            **_with("heading", heading),
            "repeats": "true",
            **({} if around.shown and item.shown else {"chapter": "none"}),
            **self.status(item),
            **(self.called(item) if section else {}),
            **self.sourced(item, around),
        }
        once = replace(item, repeats=False, report="")
        below = self.elements(item.below, inside) if section else [self.question(once, inside)]
        return {**made, "elements": [hint, *below]}

    def question(self, item: Item, around: _Around) -> Data:
        asks_itself = any(each.title.startswith("?") for each in item.answers)  # "?Not applicable"
        judged = item.title.startswith("?") and not asks_itself
        own = _without_mark(item.title) or item.words or around.about
        answers = self.fit(" / ".join(filter(None, (each.title for each in item.answers))))
        title = self.plain(item, own or answers or "Answer")
        words = self.plain(item, _without_mark(item.words))
        id = around.names.of_element(words, title)
        field = field_of(item.response) if item.response else None
        suffix = self.suffix(item, field) if field else ""
        wordless = not words and bool(item.answers) and not any(each.words or each.response for each in item.answers)
        silent = wordless or not (around.shown and item.shown)
        made: Data = {"id": id, "kind": "text", "title": f"{title}{suffix}"}
        if not words and not silent:
            made["label"] = "none"
            self.nameless = self.nameless or not (around.named or around.repeated)
        elif words and f"{words}{suffix}" != made["title"]:
            made["label"] = f"{words}{suffix}"
        inside = around._replace(names=Names(), about=title, depth=around.depth + 1, top=False)
        made |= self.status(item) | self.called(item) | self.remarks(item) | self.coded(item)
        made |= {"chapter": "none"} if silent else {}
        made |= self.sourced(item, around)
        if judged and not around.repeated:
            made["judged"] = {"title": f"{title}: does this apply?", "no": "not applicable"}
        elif judged:
            self.lose(item, 'a question that may not apply ("?")', "left open where it does not apply")
            made.pop("status", None)
        if item.answers:
            made |= self.choices(item)
        elif field:
            made |= field.keys
        followups = [*self.below_answers(item, made, inside), *self.below_question(item, made, inside)]
        return made | ({"followups": followups} if followups else {})

    def choices(self, item: Item) -> Data:
        shown, labels = Names(), []
        for answer in item.answers:
            words = self.plain(answer, answer.words or answer.title or "no words")
            labels.append(shown.once(words, " "))
            if labels[-1] != words:
                self.lose(answer, f'an answer printed like one before it: "{words}"', f'printed as "{labels[-1]}"')
        others = (number for number, each in enumerate(item.answers) if each.response and is_other(each.title))
        ids = answer_ids(labels, next(others, None))
        choices = [self.choice(item, *each) for each in zip(item.answers, ids, labels, strict=True)]
        picked = [answer.title for answer in item.answers if answer.selected]
        if picked:
            self.lose(item, f"selected beforehand: {'; '.join(picked)}", "nothing is entered beforehand")
        return {
            "kind": "choice",
            **({"multiple": "true"} if item.multiple else {}),
            "other": "false",
            "choices": choices,
        }

    def choice(self, item: Item, answer: Answer, id: str, label: str) -> Data:
        made: Data = {"id": id}
        made |= {} if label == id else {"label": label}
        made |= {} if answer.title in ("", label, id) else {"title": answer.title}
        made |= self.called(answer) | self.remarks(answer) | self.coded(answer)
        if answer.exclusive and item.multiple:
            made["exclusive"] = "true"
        if answer.omits:
            made["omit"] = "question"
        elif not answer.words and not answer.response:
            made["omit"] = "true"
        if answer.value:
            made["props"] = {"value": answer.value}
        if answer.response:
            made["response"] = self.response(answer, answer.response)
            if not answer.words and not answer.omits:
                made["print"] = "response"
        return made

    def response(self, answer: Answer, response: Response) -> Data:
        field = field_of(response)
        self.changes(answer, field)
        if field.suffix:
            self.lose(answer, f"words behind the field: {field.suffix}", "shown on the form as help")
        keys = field.keys if field.keys["kind"] != "choice" else {"kind": "text"}
        return {**keys, **_with("help", field.suffix), **({} if response.required else {"required": "false"})}

    def below_answers(self, item: Item, made: Data, inside: _Around) -> Iterator[Data]:
        """What is asked below single answers."""
        for answer, choice in zip(item.answers, made["choices"] if item.answers else (), strict=True):
            words = choice.get("label", choice["id"])
            named = inside.named or "chapter" not in made
            for below in self.elements(answer.below, inside._replace(about=words, named=named)):
                if item.multiple and below.get("label") == "none" and below["kind"] not in ("note", "group"):
                    what = "a question without words below one of several answers"
                    self.lose(answer, what, f'printed with the name "{words}"')
                    below["label"] = words
                yield {**below, "under": [choice["id"]]}

    def below_question(self, item: Item, made: Data, inside: _Around) -> Iterator[Data]:
        """What is asked below the question itself, whatever is answered, unless an answer closes it."""
        choices = zip(item.answers, made["choices"] if item.answers else (), strict=True)
        open_ones = [choice["id"] for answer, choice in choices if not answer.closes]
        closed = 0 < len(open_ones) < len(item.answers)
        named = inside.named or (closed and "chapter" not in made)
        for below in self.elements(item.below, inside._replace(named=named)):
            yield {**below, **({"under": open_ones} if closed else {"independent": "true"})}
        if closed and item.below:
            self.lose(item, "an answer that closes what is below the question", "asked below the other answers")

    # ------------------------------------------------------------------------------------------------ single keys

    def suffix(self, item: Item, field: Field) -> str:
        """What the name of a question takes of the words behind its field; everything that changes is listed."""
        self.changes(item, field)
        if item.response and item.response.value:
            self.lose(item, "a value entered beforehand", "nothing is entered beforehand")
        if field.suffix:
            outcome = "part of the name" if item.words else "part of the title alone"
            self.lose(item, f"words behind the field: {field.suffix}", outcome)
        return self.plain(item, f" ({field.suffix})") if field.suffix else ""

    def changes(self, item: Named, field: Field) -> None:
        for said, outcome, lost in field.changes:
            self.lose(item, said, outcome, lost=lost)

    def heading(self, item: Item) -> str:
        words = _without_mark(item.words)
        if words != item.words:
            self.lose(item, 'a section that may not apply ("?")', "asked in every case")
        heading = self.fit(words) if item.shown else ""
        if heading not in ("", words):
            self.lose(item, f"heading: {words}", f'printed as "{heading}"')
        self.headed = self.headed or bool(heading)
        return heading

    def fit(self, words: str) -> str:
        """Words as a heading can have them."""
        words = words.replace("{", "(").replace("}", ")")
        return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"

    def plain(self, item: Named, words: str) -> str:
        """Words without the double braces by which a protocol names answers."""
        if "{{" in words or "}}" in words:
            self.lose(item, "double braces", "printed with a space between them")
        return words.replace("{{", "{ {").replace("}}", "} }")

    def called(self, item: Named) -> Data:
        """Its own id, if nothing before it has the same."""
        id, number = item.id[:_LONGEST_ID], 1
        while id and id in self.foreign:
            number += 1
            id = f"{item.id} ({number})"
        if id != item.id:
            self.lose(item, "an id that the form uses twice, or that is very long", f'kept as "{id}"')
        self.foreign.add(id)
        return _with("foreign_id", id)

    def status(self, item: Item) -> Data:
        return {"status": "core"} if item.needed else {}

    def remarks(self, item: Named) -> Data:
        return _with("help", " ".join(item.help))

    def coded(self, item: Named) -> Data:
        return {"codes": [code._asdict() for code in item.codes]} if item.codes else {}

    def sourced(self, item: Item, around: _Around) -> Data:
        return {"source": {SOURCE: item.id or "without an id"}} if around.top else {}


def _without_mark(title: str) -> str:
    """A title without the mark by which forms say that a question may not apply."""
    return title.removeprefix("?").strip()


def _with(key: str, value: str) -> Data:
    """A key with its value, if there is one."""
    return {key: value} if value else {}
