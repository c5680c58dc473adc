"""The state of a case file at this moment: what was found, what is open, and the report as far as it can be built.

A report is only made of a case that is in order. The report on the screen leaves out what is refused, and says so, so
that it can be watched while it is built; only `pipeline.render` makes the documents that leave the desk.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cache

import yaml

from reportgen.assessment.checked import Checked
from reportgen.assessment.completeness import completeness
from reportgen.assessment.model import AdvisoryState, Completeness
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import ESSENTIAL, Answer, Written
from reportgen.cases.validate import Validation
from reportgen.clock import today
from reportgen.findings import Finding, FindingsError
from reportgen.formats.unprintable import BY_MACHINE, NO_PDF, Lost, lost
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, assessed, lay_out, preview, validated
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_header, load_protocol
from reportgen.reading.readers import read_content
from reportgen.reading.source import plain
from reportgen.reports.finalizing import unsettled
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import OpenItem, Report
from reportgen.web.document import Data, Document

_ONE_LINE = 1 << 30  # a text is never folded: a reader would have to guess whether its lines mean something


@dataclass(frozen=True)
class Evaluation:
    """One state of a case file."""

    revision: str  # the hash of its content
    data: Data | None  # what it says; None where it cannot be read
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...] = ()  # the paths that the report on the screen leaves out, because they are not in order
    checked: Checked | None = None  # the case without what was left out; None where no report can be built
    report: Report | None = None  # the report on the screen
    html: str = ""  # the same, laid out
    header: Completeness = field(default_factory=lambda: Completeness(0, ()))  # how complete the head of the case is
    lost: tuple[Lost, ...] = ()  # all that none of our fonts can print; `findings` name each character once

    @property
    def stopped(self) -> tuple[tuple[str, AdvisoryState], ...]:
        """The stops that block, each with the label of its part."""
        return tuple((label, each) for label, each in self._holding if each.blocks)

    @property
    def holding(self) -> tuple[tuple[str, AdvisoryState], ...]:
        """The warnings that nobody acknowledged, each with the label of its part: they hold back finalizing alone."""
        return tuple((label, each) for label, each in self._holding if not each.blocks)

    @property
    def _holding(self) -> list[tuple[str, AdvisoryState]]:
        advisories = self.checked.advisories if self.checked else ()
        return [(part.label, each) for part, each in advisories if each.holds]

    @property
    def warnings(self) -> int:
        """How many warnings there are: of findings, and of advisories that are more than a note."""
        checked = self.checked or Checked(None, ())
        return checked._replace(findings=self.findings).warnings

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the case."""
        return tuple(each for each in self.findings if each.refuses)

    @property
    def in_order(self) -> bool:
        """Whether the documents can be made."""
        return self.report is not None and not self.errors

    @property
    def complete(self) -> bool:
        """Whether nothing is open either, so that it could be finalized."""
        if self.report is None or not self.in_order or self.unsettled or self.report.open:
            return False
        return all(each.code != NO_PDF for each in self.findings)

    @property
    def unsettled(self) -> tuple[Finding, ...]:
        """The warnings with which it cannot be finalized, and which no reason answers."""
        case = self.checked.case if self.checked else None
        return tuple(unsettled(self.findings, "E303", case.needs)) if case else ()

    def missing(self) -> tuple[OpenItem, ...]:
        """Everything that is open, as the report counts it, and what no case can be without."""
        named = {item.path for item in self.report.open} if self.report else set[str]()
        head = [OpenItem(item.name, item.slot) for item in self.header.missing if item.slot not in named]
        return (*head, *(self.report.open if self.report else ()))

    def counted(self) -> tuple[int, int]:
        """How many required elements are answered, and how many there are."""
        made = [self.header, *(each.completeness for each in (self.checked.assessments if self.checked else ()))]
        return sum(each.answered for each in made), sum(each.required for each in made)


def revision_of(content: bytes) -> str:
    """A short hash of the content of a file."""
    return hashlib.sha256(content).hexdigest()[:24]


def evaluate(content: bytes, name: str, laboratory: Laboratory | None, *, drawn: bool = True) -> Evaluation:
    """Evaluate the content of a case file; never raises for what is wrong with it.

    `drawn` says whether the report is laid out too.
    """
    revision = revision_of(content)
    settings = Settings(formats=("html",), laboratory=laboratory, today=today())
    try:
        source = read_content(content, name)
        data: Data = plain(source)  # type: ignore[assignment]  # a mapping gives a dictionary
    except FindingsError as error:
        return Evaluation(revision, None, error.findings)
    try:
        # with the formats of the documents that leave the desk
        validation = validated(source, Settings(laboratory=laboratory, today=settings.today))
        left_out = tuple(str(path) for path in validation.refused if str(path) not in ESSENTIAL)
        if validation.case is None:
            return Evaluation(revision, data, validation.findings, left_out)
        checked = assessed(_with_gaps(validation, laboratory))
        findings = validation.findings if validation.refused else checked.findings
        report = preview(checked, settings)
        html = lay_out(report, settings)["html"].decode() if drawn else ""
    except FindingsError as error:
        return Evaluation(revision, data, error.findings)
    header = completeness(AnswerScope(validation.case.header_form, validation.case.header))
    found = any(each.code in (NO_PDF, BY_MACHINE) for each in findings)
    unprinted = tuple(lost(source, laboratory)) if found else ()
    return Evaluation(revision, data, findings, left_out, checked, report, html, header, unprinted)


def _with_gaps(validation: Validation, laboratory: Laboratory | None) -> Validation:
    """The same case, saying in place of accession and name that they are not entered: a report cannot be without."""
    case = validation.case
    absent = [path for path in ESSENTIAL if case and path not in case.header]
    if case is None or not absent:
        return validation
    gap = Written(load_labels(laboratory).not_entered)
    header = {**case.header, **{path: Answer(path, path, gap, case.place) for path in absent}}
    scopes = tuple(AnswerScope.of_part(part, header) for part in case.parts)
    return validation._replace(case=replace(case, header=header), scopes=scopes)


def document(data: Data, laboratory: Laboratory | None) -> Document:
    """The data of a case, to be changed."""

    @cache  # for as long as this document: the files are looked at once, not at every path
    def protocol(id: str) -> Compiled | None:
        try:
            return load_protocol(id, laboratory)
        except FindingsError:
            return None

    return Document(data, load_header(laboratory), protocol)


def written(data: Data, name: str) -> bytes:
    """The data of a case as its file holds it."""
    if name.lower().endswith(".json"):
        return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_ONE_LINE).encode()


class _Dumper(yaml.SafeDumper):
    """Writes dates without quotes, multi-line texts as blocks, nulls as empty values, and no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """The reader takes no aliases."""
        return True


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
_Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else "")
)
_Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))
