"""A source to a case: header, parts, acknowledgements and overrides, all findings in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.contradictions import (
    contradictions,
    hidden_stains,
    impossible,
    not_applicable,
    other_parts,
    out_of_order,
)
from reportgen.cases.element_path import ElementPath
from reportgen.cases.entries import Walk, doubts, misread
from reportgen.cases.free_text import RECEIVED, Said, header_findings, part_findings, texts_of
from reportgen.cases.given import filled, settled
from reportgen.cases.model import ESSENTIAL, Answer, Case, Part, Words, Written, part_prefix
from reportgen.cases.part_labels import label_in, label_key, out_of_sequence, part_names
from reportgen.cases.partial import refused_paths, without
from reportgen.cases.sides import container_findings, site_findings
from reportgen.cases.specimens import specimen_findings
from reportgen.cases.typing import too_long
from reportgen.findings import Finding, FindingsError, Place, did_you_mean, one_of
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import LONGEST
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.reading.characters import count_words
from reportgen.reading.nothing import trial_name
from reportgen.reading.source import Items, Mapping, Node, Text, is_empty, place_at, text_at

REASON_WORDS = 3
_CASE_KEYS = ("protocol", "parts", "acknowledge", "override")
_PART_KEYS = ("label", "protocol", "received_as", "acknowledge", "override")
_RECEIVED_AS_LIMIT = 400


class Validation(NamedTuple):
    """A case as far as it was accepted, and everything found on the way.

    Attributes:
        case: the case without what was refused. None where its parts are not known: there are none, one has no
            protocol, or one has no label of its own. Nothing may take the place of these: under a wrong label, right
            answers are another specimen's.
        findings: everything found, sorted by place.
        refused: the paths of what was left out, or missing without which there is no case; empty exactly where no
            finding is an error. Only then may a document be made of the case.
        scopes: the answers of each part of the case as conditions read them.
    """

    case: Case | None
    findings: tuple[Finding, ...]
    refused: tuple[ElementPath, ...] = ()
    scopes: tuple[AnswerScope, ...] = ()


def validate(source: Mapping, laboratory: Laboratory | None = None, today: date | None = None) -> Validation:
    """Give a source the types of its protocols and check it as a whole.

    `today` is the day of the run; where it is None, nothing is known to lie in the future.
    """
    run = _Run(source, laboratory, today)
    case = run.case()
    findings = tuple(sorted(run.findings, key=lambda finding: (finding.place, finding.code)))
    refused = refused_paths(findings)
    if not refused:
        return Validation(case, findings, (), tuple(run.scopes))
    if not run.knows_its_parts:
        return Validation(None, findings, refused)
    accepted, left_out = without(case, refused)
    scopes = tuple(AnswerScope.of_part(part, accepted.header) for part in accepted.parts)
    return Validation(accepted, findings, left_out, scopes)


class _Run:
    """One pass over one source."""

    def __init__(self, source: Mapping, laboratory: Laboratory | None, today: date | None) -> None:
        self.source = source
        self.today = today
        self.laboratory = laboratory
        self.findings: list[Finding] = []
        self.scopes: list[AnswerScope] = []
        self.labels = frozenset[str]()  # of all parts
        self.knows_its_parts = False

    def find(self, code: str, place: Place, path: str, message: str, hint: str = "", value: str = "") -> None:
        self.findings.append(Finding(code, place, path, message, hint, value))

    def case(self) -> Case:
        form = load_header(self.laboratory)
        walk = Walk(form)
        walk.mapping(self.source, "", "", ignore=_CASE_KEYS)
        self.findings += walk.findings
        refused = {finding.path for finding in walk.findings}
        for path in ESSENTIAL:
            if path not in walk.answers and path not in refused:
                self.find("E102", place_at(self.source, tuple(path.split("."))), path, "is missing")
        self.findings += out_of_order(walk.answers)
        self.findings += impossible(walk.answers, self.today)
        self._trial(walk.answers)
        parts = tuple(self._parts(walk))
        mislabeled = any(finding.code == "E207" for finding in self.findings)
        self.knows_its_parts = 0 < len(parts) == len(self.labels) and not mislabeled
        for part in parts:
            self.findings += other_parts(part, frozenset(map(label_key, self.labels)))
        read = [(scope, part.protocol.prose, part.prefix) for scope, part in zip(self.scopes, parts, strict=True)]
        self.findings += header_findings(
            read, texts_of(walk.answers, frozenset().union(*(part.protocol.prose.texts for part in parts)))
        )
        self.findings += specimen_findings(walk.answers, parts)
        return Case(header_form=form, header=walk.answers, parts=parts, place=self.source.place)

    def _trial(self, header: dict[str, Answer]) -> None:
        """Doubt the name of a trial run in a case that does not say that it is test data."""
        name = header.get("patient.name")
        if name and "purpose" not in header and isinstance(name.value, Written) and trial_name(name.value.text):
            self.find("W305", name.place, "patient.name", "looks like the name of a trial run", value=name.value.text)

    def _parts(self, header: Walk) -> Iterator[Part]:
        node = self.source.get("parts")
        if not isinstance(node, Items) or not node.items:
            self.find(
                "E102",
                self.source.place_of("parts"),
                "parts",
                "is missing: a case has one part or more",
                "list them as `- label: A`",
            )
            return
        names = part_names([text_at(item, "label") for item in node.items])
        self.labels = frozenset(names)
        for name, item in zip(names, node.items, strict=True):
            if not isinstance(item, Mapping):
                self.find("E108", item.place, f"parts.{name}", "must have entries of its own", one_of(_PART_KEYS))
                continue
            self._label(item, name)
            part = self._part(item, name, alone=len(node.items) == 1, header=header)
            if part:
                yield part
        self._sequence(node, names)
        if len(node.items) != 1:
            for key in ("acknowledge", "override"):
                if not is_empty(self.source.get(key)):
                    place = self.source.place_of(key)
                    self.find("E111", place, key, "does not say which part it is for", "put it inside the part")

    def _label(self, item: Mapping, name: str) -> None:
        """Refuse a label that is missing, none, or another part's: which is right only the container can tell."""
        given = item.get("label")
        place, path = given.place if given else item.place, f"parts.{name}.label"
        if is_empty(given):
            self.find("E207", place, path, "is missing")
        elif not isinstance(given, Text) or not label_in(given.text):
            self.find("E207", place, path, "is not a label: a label is a short word of letters, digits, or both")
        elif label_in(given.text) != name:
            self.find("E207", place, path, "cannot be distinguished from the label of another part")

    def _sequence(self, node: Items, names: tuple[str, ...]) -> None:
        """Tell where parts may be missing, or out of their order; the labels stay as they are."""
        number = out_of_sequence(names)
        item = None if number is None else node.items[number]
        if number is None or not isinstance(item, Mapping) or any(each.code == "E207" for each in self.findings):
            return
        message = f"follows {names[number - 1]}" if number else "is the first part of this case"
        hint = "make sure that no part is missing and that they are in the order received"
        self.find("W313", place_at(item, ("label",)), f"parts.{names[number]}.label", message, hint)

    def _protocol(self, item: Mapping, label: str) -> Compiled | None:
        node = item.get("protocol") or self.source.get("protocol")
        if not isinstance(node, Text) or is_empty(node):
            self.find(
                "E102", item.place, f"parts.{label}.protocol", "is missing", one_of(protocol_ids(self.laboratory))
            )
            return None
        try:
            return load_protocol(node.text.strip(), self.laboratory)
        except FindingsError as error:
            for finding in error.findings:
                if finding.code == "E110":
                    self.find("E110", node.place, f"parts.{label}.protocol", finding.message, finding.hint, node.text)
                else:
                    self.findings.append(finding)
            return None

    def _part(self, item: Mapping, label: str, *, alone: bool, header: Walk) -> Part | None:
        protocol = self._protocol(item, label)
        if protocol is None:
            return None
        prefix = part_prefix(label)
        walk = Walk(protocol, prefix)
        made = filled(item, protocol)
        walk.mapping(made.part, "", "", ignore=_PART_KEYS)
        whole = Part(
            label=label,
            protocol=protocol,
            received_as=self._received_as(item, prefix),
            answers=made.marked(walk.answers),
            acknowledged=self._said(item, "acknowledge", [*protocol.acknowledgeable], prefix, alone=alone),
            overrides=self._said(item, "override", overridable(protocol), prefix, alone=alone),
            place=item.place,
        )
        self.findings += walk.findings
        part, scope = settled(whole, header.answers)
        self.scopes.append(scope)
        self.findings += not_applicable(scope, prefix)
        self.findings += hidden_stains(scope, prefix)
        self.findings += contradictions(scope, prefix)
        self.findings += site_findings(protocol.prose, walk.answers, prefix)
        if part.received_as:
            place = item.place_of(RECEIVED)
            self.findings += container_findings(protocol.prose, walk.answers, part.received_as, place, prefix)
        texts = [each._replace(others=self.labels - {label}) for each in self._texts(part, item)]
        self.findings += part_findings(scope, texts, protocol.prose, prefix)
        return part

    def _texts(self, part: Part, item: Mapping) -> Iterator[Said]:
        """Every free text of a part: its answers, its own words, the label of its container."""
        yield from texts_of(part.answers, part.protocol.prose.texts)
        for name, words in part.overrides.items():
            yield Said(f"override.{name}", words.text, words.place)
        if part.received_as:
            yield Said(RECEIVED, part.received_as, item.place_of(RECEIVED))

    def _received_as(self, item: Mapping, prefix: str) -> str:
        node = item.get("received_as")
        if node is None or is_empty(node):
            return ""
        if not isinstance(node, Text):
            self.find("E108", node.place, f"{prefix}received_as", "must be a text")
            return ""
        text = " ".join(node.text.split())
        self.findings += misread(node, f"{prefix}received_as")
        self.findings += doubts(text, node.place, f"{prefix}received_as")
        if len(text) > _RECEIVED_AS_LIMIT:
            self.find("E112", node.place, f"{prefix}received_as", too_long(text, _RECEIVED_AS_LIMIT))
        return text

    def _said(self, item: Mapping, key: str, known: list[str], prefix: str, *, alone: bool) -> dict[str, Words]:
        """Acknowledgements or overrides of one part; a case of one part may give them at its top."""
        said: dict[str, Words] = {}
        for above, path in ((item, f"{prefix}{key}"), (self.source if alone else None, key)):
            node: Node | None = above.get(key) if above else None
            if node is None or (is_empty(node) and not isinstance(node, Mapping)):
                continue
            if not isinstance(node, Mapping):
                self.find("E108", node.place, path, "must have entries of its own", one_of(known))
                continue
            for entry in node:
                self._words(said, entry.key, entry.value, entry.place, path, known)
                words = said.get(entry.key) if key == "acknowledge" else None
                if words and not is_reason(words.text):
                    message = "says too little: a reason has at least three words"
                    self.find("E305", words.place, f"{path}.{entry.key}", message)
        inner = ", ".join(name for name in said if name not in ("comment", "diagnosis"))
        if key == "override" and inner and "comment" in said:
            message = f"replaces the whole comment, with {inner} in it"
            self.find("E201", said["comment"].place, f"{prefix}{key}.comment", message)
        return said

    def _words(self, said: dict[str, Words], name: str, value: Node, place: Place, path: str, known: list[str]) -> None:
        if name not in known:
            hint = did_you_mean(name, known, otherwise=one_of(known) if known else "this protocol has none")
            self.find("E101", place, f"{path}.{name}", "is not known here", hint)
        elif name in said:
            self.find("E203", place, f"{path}.{name}", "is set both in the part and in the case")
        elif not isinstance(value, Text) or is_empty(value):
            self.find("E109", place, f"{path}.{name}", "is empty")
        else:
            text = "\n".join(" ".join(line.split()) for line in value.text.strip().split("\n"))
            self.findings += misread(value, f"{path}.{name}", lines=path.endswith("override"))
            self.findings += doubts(text, place, f"{path}.{name}")
            if len(text) > LONGEST:
                self.find("E112", place, f"{path}.{name}", too_long(text, LONGEST))
            said[name] = Words(text=text, place=place)


def is_reason(text: str) -> bool:
    """Whether a text can be the reason of an acknowledgement."""
    return count_words(text) >= REASON_WORDS


def said_beside(protocol: Compiled) -> tuple[str, ...]:
    """The paths in a part of what may be said beside its answers: `acknowledge.A5`, `override.comment`."""
    acknowledged = (f"acknowledge.{id}" for id in protocol.acknowledgeable)
    return (*acknowledged, *(f"override.{name}" for name in overridable(protocol)))


def overridable(protocol: Compiled) -> list[str]:
    """`diagnosis` and `comment` as wholes, and each statement that allows it."""
    wording = protocol.protocol.wording
    parts = {"diagnosis": wording.diagnosis, "comment": wording.comment}
    whole = [name for name, statements in parts.items() if any(each.override for each in statements)]
    return whole + [each.id for each in wording.comment if each.override]
