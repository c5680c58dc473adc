"""A case after steps 1 to 4: everything there is to know about it before its report is composed."""

from __future__ import annotations

from typing import NamedTuple

from reportgen.assessment.model import AdvisoryState, Assessment, Raised
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Case, Part
from reportgen.findings import Finding, counted


class Checked(NamedTuple):
    """A source after steps 1 to 4: the case where it is in order, what was found, and the assessment of each part."""

    case: Case | None
    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...] = ()
    scopes: tuple[AnswerScope, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the case."""
        return tuple(finding for finding in self.findings if finding.refuses)

    @property
    def advisories(self) -> tuple[tuple[Part, AdvisoryState], ...]:
        """Everything that was raised, with its part, in order."""
        parts = self.case.parts if self.case else ()
        return tuple(
            (part, each) for part, made in zip(parts, self.assessments, strict=True) for each in made.advisories
        )

    @property
    def raised(self) -> tuple[Raised, ...]:
        """The warnings and stops among them, as they are told."""
        return tuple(Raised(part.place, part.label, each) for part, each in self.advisories if each.warns)

    @property
    def warnings(self) -> int:
        """How many warnings there are: of findings, and of advisories that are warnings, acknowledged or not."""
        raised = sum(each.warns and not each.level.stops for _, each in self.advisories)
        return raised + len(self.findings) - len(self.errors)

    @property
    def verdict(self) -> str:
        """How the case is, in words; never plainly "in order" where something was raised."""
        if self.errors:
            return "refused"
        stops = sum(each.level.stops for _, each in self.advisories)
        more = [counted(self.warnings, "warning")] if self.warnings else []
        more += [f"{counted(stops, 'stop')} acknowledged"] if stops else []
        return ", ".join(["in order", *more])
