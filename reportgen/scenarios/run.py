"""Run scenarios: compose the report of each, and hold it to what is expected of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from reportgen.assessment.checked import Checked
from reportgen.findings import Finding, Place, did_you_mean, one_of
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, check, compose
from reportgen.protocols.compiled import Compiled
from reportgen.reports.model import Report
from reportgen.reports.open_items import names_of
from reportgen.scenarios.model import Base, ExpectedFinding, Scenario
from reportgen.scenarios.said import Raised, advisories, section, spoken, synopsis

_FAILS = "T450"


@dataclass(frozen=True)
class Tried:
    """A scenario after its run: the case, its report if it was not refused, and where it is not as expected."""

    scenario: Scenario
    checked: Checked
    report: Report | None
    failures: tuple[Finding, ...]


class Runner:
    """Runs scenarios with the words of one laboratory, or with those that are built in."""

    def __init__(self, laboratory: Laboratory | None = None) -> None:
        self._settings = Settings(laboratory=laboratory)
        self._raised: dict[Place, Raised] = {}

    def run(self, scenario: Scenario) -> Tried:
        """Try one scenario; its failures are T450, and T402 for an expected name that its protocols do not know."""
        checked = check(scenario.case, self._settings)
        report = None if checked.errors else compose(checked, self._settings)
        before = self._before(scenario.base)
        return Tried(scenario, checked, report, tuple(_Comparison(scenario, checked, before).failures(report)))

    def base_failures(self, base: Base) -> Iterator[Finding]:
        """What is wrong with the advisories that a case raises before it is changed."""
        if base.raises is not None:
            place = base.case.place
            yield from _differences(place, "case › advisories", base.raises, self._before(base), {})

    def _before(self, base: Base | None) -> Raised:
        """The advisories that a case raises as it is."""
        if base is None:
            return {}
        if base.case.place not in self._raised:
            self._raised[base.case.place] = advisories(check(base.case, self._settings))
        return self._raised[base.case.place]


class _Comparison:
    def __init__(self, scenario: Scenario, checked: Checked, before: Raised) -> None:
        self.scenario, self.expected, self.checked, self.before = scenario, scenario.expected, checked, before

    def failures(self, report: Report | None) -> Iterator[Finding]:
        yield from self._findings()
        yield from self._advisories()
        yield from self._criteria()
        if report is not None:
            yield from self._sentences(report)
            yield from self._lines("gaps", self.expected.gaps, names_of(report.open, several=self._parts > 1))
            yield from self._clauses(report)
            yield from self._pairs(report)

    @property
    def _parts(self) -> int:
        return len(self.checked.case.parts) if self.checked.case else 0

    def _fails(self, message: str, key: str, *more: str | int, hint: str = "", code: str = _FAILS) -> Finding:
        return Finding(code, self.scenario.place(key, *more), f"{self.scenario.name} › {key}", message, hint)

    def _findings(self) -> Iterator[Finding]:
        for number, wanted in enumerate(self.expected.findings):
            if not any(fits(found, wanted) for found in self.checked.findings):
                yield self._fails(f"{wanted.code} {wanted.path} is expected and not found", "findings", number)
        for found in self.checked.findings:
            if not any(fits(found, wanted) for wanted in self.expected.findings):
                what = "is refused" if found.refuses else "has a warning"
                message = f"the case {what}: {found.code} {found.path}: {found.message}"
                place = found.place if found.place.line else self.scenario.place("change")
                yield Finding(_FAILS, place, self.scenario.name, message, found.step)
        if self.expected.is_refused and not self.checked.errors:
            yield self._fails("the case must be refused, but it is in order", "findings")

    def _advisories(self) -> Iterator[Finding]:
        """A case of which an entry is refused is not assessed."""
        known = self._known("advisories") | self._known("unjudged")
        for key, ids in (("advisories", self.expected.advisories), ("silenced", self.expected.silenced)):
            yield from self._unknown(key, ids, known)
        for number, id in enumerate(self.expected.silenced):
            if id not in self.before and id in known:
                yield self._fails(f"{id} is not raised before the change", "silenced", number, hint="remove it")
        if self.checked.assessments:
            added = {id: set(map(str, levels)) for id, levels in self.expected.advisories.items()}
            silenced = self.expected.silenced
            wanted = {id: levels for id, levels in {**self.before, **added}.items() if id not in silenced}
            place, path = self.scenario.place("advisories"), f"{self.scenario.name} › advisories"
            yield from _differences(place, path, wanted, advisories(self.checked), self.before)

    def _criteria(self) -> Iterator[Finding]:
        if not self.checked.assessments:
            return
        yield from self._unknown("criteria", self.expected.criteria, self._known("criteria"))
        states = {each.id: str(each.state) for made in self.checked.assessments for each in made.criteria}
        for id, state in self.expected.criteria.items():
            if states.get(id, state) != state:
                yield self._fails(f"{id} is {states[id]}; {state} is expected", "criteria", id)

    def _known(self, key: str) -> set[str]:
        """The ids of what the protocols of the case have under a key."""
        found = [getattr(made.protocol, key) for made in self._protocols()]
        return {each.id for made in found if made for each in (made if isinstance(made, tuple) else (made,))}

    def _unknown(self, key: str, ids: Iterable[str], known: set[str]) -> Iterator[Finding]:
        for id in ids if self.checked.case else ():
            if id not in known:
                hint = did_you_mean(id, known, otherwise=one_of(sorted(known)) if known else "remove it")
                yield self._fails(f"the protocol has no {id}", key, id, hint=hint, code="T402")

    def _sentences(self, report: Report) -> Iterator[Finding]:
        header, *lines = [each.text for each in section(report, "diagnosis")] or [""]
        comment = [each.text for each in section(report, "comment")]
        if self.expected.header:
            yield from self._lines("header", (self.expected.header,), [header])
        if self.expected.diagnosis is not None:
            yield from self._lines("diagnosis", self.expected.diagnosis, lines)
        if self.expected.comment is not None:
            yield from self._lines("comment", self.expected.comment, comment)
        said = [header, *lines, *comment]
        for number, words in enumerate(self.expected.says):
            if words not in said:
                yield self._fails(f'the report does not say "{words}"{_nearest(words, said)}', "says", number)
        for number, words in enumerate(self.expected.never):
            for text in said:
                if words in text:
                    yield self._fails(f'"{words}" must not be said; the report says "{text}"', "never", number)

    def _lines(self, key: str, wanted: tuple[str, ...], found: list[str]) -> Iterator[Finding]:
        """Where a list of lines differs from what is expected, line by line."""
        for kind, start, end, first, last in SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes():
            if kind == "equal":
                continue
            both = min(end - start, last - first)
            for number in range(both):
                message = f'"{wanted[start + number]}" is expected; the report says "{found[first + number]}"'
                yield self._fails(message, key, start + number)
            for number in range(start + both, end):
                yield self._fails(f'"{wanted[number]}" is expected; the report does not say it', key, number)
            for text in found[first + both : last]:
                yield self._fails(f'the report also says "{text}"', key)

    def _clauses(self, report: Report) -> Iterator[Finding]:
        statements = {id for made in self._protocols() for id, _, _ in made.protocol.wording.statements()}
        for statement, clause in self.expected.clauses.items():
            found = spoken(report, statement) or ["none"]
            if statement not in statements:
                hint = did_you_mean(statement, statements, otherwise=one_of(sorted(statements)))
                yield self._fails("is not a statement of the protocol", "clauses", statement, hint=hint, code="T402")
            elif found != [clause]:
                message = f"{statement}: {clause} is expected; what speaks is {' and '.join(found)}"
                yield self._fails(message, "clauses", statement)

    def _protocols(self) -> Iterator[Compiled]:
        yield from (part.protocol for part in (self.checked.case.parts if self.checked.case else ()))

    def _pairs(self, report: Report) -> Iterator[Finding]:
        printed = dict(synopsis(report))
        for label, answer in self.expected.pairs.items():
            if label not in printed:
                hint = did_you_mean(label, printed, otherwise=f"it has {one_of(printed)}")
                yield self._fails(f'the synopsis has no "{label}"', "pairs", label, hint=hint)
            elif printed[label] != answer:
                message = f'{label}: "{answer}" is expected; the synopsis says "{printed[label]}"'
                yield self._fails(message, "pairs", label)


def fits(found: Finding, wanted: ExpectedFinding) -> bool:
    """Whether a finding is the one expected."""
    same = (found.code, found.path) == (wanted.code, wanted.path)
    return same and all(words in found.message for words in (*wanted.names, wanted.says))


def _nearest(words: str, said: list[str]) -> str:
    hint = did_you_mean(words, said)
    return f"; the nearest that it says is {hint.removeprefix('did you mean ').removesuffix('?')}" if hint else ""


def _differences(place: Place, path: str, wanted: Raised, found: Raised, before: Raised) -> Iterator[Finding]:
    """Advisories that are raised otherwise than expected; those of the unchanged case are named as such."""
    for id in sorted(wanted.keys() | found.keys()):
        expected, raised = wanted.get(id, set()), found.get(id, set())
        if expected == raised:
            continue
        levels = [" and ".join(sorted(each)) or "nothing" for each in (expected, raised)]
        hint = "list it under `silenced` if the change silences it" if id in before and not raised else ""
        yield Finding(_FAILS, place, path, f"{id}: {levels[0]} is expected; {levels[1]} is raised", hint)
