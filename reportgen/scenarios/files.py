"""The scenario files of a profile: its own, for what it changes, and those of the protocols that it brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reportgen.findings import Finding, FindingsError, Place, did_you_mean, one_of, refuse
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.own_files import read_own
from reportgen.laboratory.own_protocols import FOLDER, SCENARIOS
from reportgen.protocols.load import frozen_templates, load_protocol, protocol_ids
from reportgen.reading.readers import read_content
from reportgen.reading.source import Mapping
from reportgen.scenarios.model import Base, Scenario
from reportgen.scenarios.read import read_scenarios
from reportgen.scenarios.run import Runner

CASES = "cases"  # the folder beside a scenario file with the cases that it names


@dataclass(frozen=True)
class Result:
    """What came of one scenario file: how many scenarios were run, how many failed, and everything found."""

    file: str
    run: int
    failed: int
    findings: tuple[Finding, ...]


def run_profile(laboratory: Laboratory, id: str = "") -> Iterator[Result]:
    """Run the scenarios of a profile file by file; with an id, those of that protocol alone.

    Raises:
        FindingsError: T402 for a protocol that does not exist; T401 if there is no scenario at all.
    """
    known = protocol_ids(laboratory)
    if id and id not in known:
        raise refuse(
            "T402", "the protocol does not exist", path=id, hint=did_you_mean(id, known, otherwise=one_of(known))
        )
    found = False
    with frozen_templates():
        for name, protocol in _files(laboratory):
            result = _result(laboratory, name, protocol, id) if protocol in ("", id) or not id else None
            if result and (result.run or result.findings):
                found = True
                yield result
    if not found:
        where = f"{FOLDER}/{id or 'ID'}/{SCENARIOS}"
        hint = f"write {where}; `reportgen new protocol` writes an example"
        raise refuse("T401", "there are no scenarios", str(laboratory.own.folder), id, hint=hint)


def _files(laboratory: Laboratory) -> Iterator[tuple[str, str]]:
    """The name of each scenario file in the profile's folder, and the protocol to which it belongs, or ""."""
    own = laboratory.own
    for name, id in ((SCENARIOS, ""), *((f"{FOLDER}/{id}/{SCENARIOS}", id) for id in sorted(own.own_protocols))):
        if (own.folder / name).exists() or (own.folder / name).is_symlink():
            yield name, id


def _result(laboratory: Laboratory, name: str, protocol: str, only: str) -> Result:
    shown = str(laboratory.own.folder / name)
    try:
        if protocol:
            load_protocol(protocol, laboratory)  # what is wrong with it is told once, and not by each scenario
        scenarios = scenarios_in(laboratory.own.folder, name)
    except FindingsError as error:
        return Result(shown, 0, 0, error.findings)
    chosen = [each for each in scenarios if not only or protocol or only in each.protocols()]
    return _run(Runner(laboratory), shown, chosen)


def scenarios_in(profile: Path, name: str) -> tuple[Scenario, ...]:
    """The scenarios of a file, which is named by its path in the folder of a profile.

    Raises:
        FindingsError: T411 and E0xx for a file that cannot be read; and what `read_scenarios` raises.
    """
    return read_scenarios(_source(profile, name, Place(str(profile / name))), partial(_case, profile, name))


def failures_of_bases(runner: Runner, scenarios: Iterable[Scenario]) -> list[Finding]:
    """What is wrong with the advisories of the cases that scenarios change."""
    bases: dict[Place, Base] = {each.base.case.place: each.base for each in scenarios if each.base}
    return [finding for base in bases.values() for finding in runner.base_failures(base)]


def _run(runner: Runner, shown: str, scenarios: list[Scenario]) -> Result:
    failures = [runner.run(each).failures for each in scenarios]
    findings = [*failures_of_bases(runner, scenarios), *(finding for each in failures for finding in each)]
    return Result(shown, len(scenarios), sum(map(bool, failures)), tuple(findings))


def _case(profile: Path, scenarios: str, name: str, place: Place) -> Mapping:
    """The case that a scenario file calls by name: `cases/NAME.yaml` beside it."""
    return _source(profile, f"{scenarios.removesuffix(SCENARIOS)}{CASES}/{name}.yaml", place)


def _source(profile: Path, name: str, place: Place) -> Mapping:
    file = read_own(profile, name, "protocol", place, name)
    return read_content(file.data, file.shown)
