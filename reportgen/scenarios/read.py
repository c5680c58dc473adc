"""A scenario file to scenarios, each with its case; everything that is wrong with the file is found in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reportgen.findings import CATALOGUE, Finding, FindingsError, Place, did_you_mean, one_of
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Items, Mapping, Text, items_at
from reportgen.scenarios.changed import changed
from reportgen.scenarios.model import EXPECTATIONS, Base, Expected, Scenario, ScenarioFile

_OF_REPORTS = EXPECTATIONS - {"advisories", "silenced", "criteria", "findings"}
CaseOf = Callable[[str, Place], Mapping]  # the name of a case file, and where it is named → the case


def read_scenarios(source: Mapping, case_of: CaseOf) -> tuple[Scenario, ...]:
    """The scenarios of a file, in order.

    Raises:
        FindingsError: T401 for what has the wrong shape or expects nothing, T402 for a name that means nothing, T404
            for two scenarios with one name; and what `case_of` raises.
    """
    empty = list(_without_value(source, "scenarios"))
    if empty:
        raise FindingsError(empty)
    file = shaped(ScenarioFile, source)
    return tuple(_Reader(file, source, case_of).read())


def _without_value(source: Mapping, list_of: str = "") -> Iterator[Finding]:
    """T401 for keys without a value; in a change they take an answer out."""
    for entry in source:
        if isinstance(entry.value, Text) and entry.value.empty:
            hint = "write [] if nothing is expected there, or remove the key"
            yield Finding("T401", entry.place, entry.key, "has no value", hint)
        elif isinstance(entry.value, Items) and entry.key == list_of:
            for item in entry.value.items:
                if isinstance(item, Mapping):
                    yield from _without_value(item)


class _Reader:
    def __init__(self, file: ScenarioFile, source: Mapping, case_of: CaseOf) -> None:
        self.file, self.source, self.case_of = file, source, case_of
        self.bases: dict[str, Base] = {}
        self.findings: list[Finding] = []

    def read(self) -> list[Scenario]:
        made = []
        names: dict[str, Place] = {}
        sources = [each for each in items_at(self.source, "scenarios") if isinstance(each, Mapping)]
        for expected, source in zip(self.file.scenarios, sources, strict=True):
            if expected.name in names:
                message = f"is the name of two scenarios, first at {names[expected.name]}"
                self.findings.append(Finding("T404", source.place_of("name"), expected.name, message))
            names.setdefault(expected.name, source.place_of("name"))
            self.findings += _of_itself(expected, source)
            try:
                made.append(self._scenario(expected, source))
            except FindingsError as error:
                self.findings += error.findings
        if self.findings:
            raise FindingsError(dict.fromkeys(self.findings))
        return made

    def _scenario(self, expected: Expected, source: Mapping) -> Scenario:
        whole = source.get("case")
        if isinstance(whole, Mapping):
            return Scenario(expected, whole, None, source)
        base = self._base(expected, source)
        changes = source.get("change")
        case = changed(base.case, changes) if isinstance(changes, Mapping) else base.case
        return Scenario(expected, case, base, source)

    def _base(self, expected: Expected, source: Mapping) -> Base:
        """The case that a scenario changes: of the file that it names, or that its own file names or has."""
        name = expected.base or self.file.base
        own = self.source.get("case")
        if name:
            if name not in self.bases:
                place = (source if expected.base else self.source).place_of("base")
                self.bases[name] = Base(name, self.case_of(name, place))
            return self.bases[name]
        if not isinstance(own, Mapping):
            hint = "write it as `case`, here or at the top of the file"
            raise FindingsError([Finding("T401", source.place, expected.name, "has no case", hint)])
        raised = {id: set(map(str, levels)) for id, levels in self.file.advisories.items()}
        return self.bases.setdefault("", Base("", own, raised))


def _of_itself(expected: Expected, source: Mapping) -> Iterator[Finding]:
    """What is wrong with a scenario whatever its case is."""
    if expected.case is not None and (expected.base or expected.change):
        hint = "remove one of the two: a change is made to another case"
        yield Finding("T401", source.place_of("case"), expected.name, "has a whole case and changes another", hint)
    if not expected.model_fields_set & EXPECTATIONS:
        hint = f"say what the report must say ({one_of(sorted(EXPECTATIONS))})"
        yield Finding("T401", source.place, expected.name, "expects nothing", hint)
    said = sorted(expected.model_fields_set & _OF_REPORTS) if expected.is_refused else []
    if said:
        hint = f"remove {said[0]}, or the finding"
        yield Finding(
            "T401", source.place_of(said[0]), expected.name, "expects words of a report that is refused", hint
        )
    for finding, item in zip(expected.findings, items_at(source, "findings"), strict=True):
        if finding.code not in CATALOGUE:
            hint = did_you_mean(finding.code, CATALOGUE, otherwise="see docs/errors.md")
            yield Finding("T402", item.place, finding.code, "there is no such finding", hint)
