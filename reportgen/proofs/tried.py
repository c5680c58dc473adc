"""What the program itself makes of a case that the solver found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from reportgen.assessment.checked import Checked
from reportgen.assessment.model import AdvisoryState
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Part
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, check, compose
from reportgen.proofs.witness import Data
from reportgen.reading.source import source_of
from reportgen.reports.licence import Licence, Pending, Spoken
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Report

_REASON = "The case is invented."


@dataclass(frozen=True, eq=False)
class Tried:
    """A case that was validated, and may be composed.

    Attributes:
        data: the case, with its stops acknowledged.
        part: its first part.
        scope: the answers of that part.
        raised: the advisories that it raises.
        licence: what may be said of it.
        said: statement → what becomes of it, by its clauses alone.
        checked: what validation and assessment made of it.
        settings: what a report is composed with.
    """

    data: Data
    part: Part
    scope: AnswerScope
    raised: tuple[AdvisoryState, ...]
    licence: Licence
    said: dict[str, Spoken | Pending | None]
    checked: Checked
    settings: Settings

    @cached_property
    def report(self) -> Report:
        """The report."""
        return compose(self.checked, self.settings)

    def speaks(self, statement: str) -> str:
        """The clause that speaks; "" where none does."""
        spoken = self.said[statement]
        return spoken.clause.id if isinstance(spoken, Spoken) else ""


def tried(data: Data, laboratory: Laboratory | None) -> Tried | None:
    """Validate and judge a case, with every stop acknowledged; None where it is refused."""
    settings = Settings(laboratory=laboratory)
    checked = check(source_of(data), settings)
    stops = [each.path.rpartition(".")[2] for each in checked.errors if each.code == "E301"]
    if stops:
        first, *others = data["parts"]
        data = {**data, "parts": [{**first, "acknowledge": dict.fromkeys(stops, _REASON)}, *others]}
        checked = check(source_of(data), settings)
    if checked.errors or checked.case is None:
        return None
    part, scope = checked.case.parts[0], checked.scopes[0]
    licence = Licence(part.protocol, scope, load_labels(laboratory))
    statements = part.protocol.protocol.wording.statements()
    said = {name: licence.speak(statement.clauses) for name, _, statement in statements}
    return Tried(data, part, scope, checked.assessments[0].advisories, licence, said, checked, settings)
