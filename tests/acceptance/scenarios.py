"""The scenario files beside this one, each scenario run once; `reportgen/scenarios/model.py` lists their keys."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from reportgen.findings import Place
from reportgen.reading.readers import read_file
from reportgen.reading.source import Mapping, plain
from reportgen.reports.model import NOWHERE, Report
from reportgen.scenarios.model import Scenario
from reportgen.scenarios.read import read_scenarios
from reportgen.scenarios.run import Runner, Tried
from tests.acceptance.support import HERE, Data, base_path

FILES = sorted(HERE.glob("*.yaml"))
RUNNER = Runner()


class Told(NamedTuple):
    """A scenario of one of the files."""

    file: str
    scenario: Scenario

    def __str__(self) -> str:
        return f"{self.file}: {self.scenario.name}"

    @property
    def tried(self) -> Tried:
        """What came of it."""
        return _tried(self.scenario)

    @property
    def report(self) -> Report:
        """Its report; there is one unless the case must be refused."""
        assert self.tried.report is not None
        return self.tried.report

    @property
    def data(self) -> Data:
        """Its case."""
        data = plain(self.scenario.case)
        assert isinstance(data, dict)
        return data


def case_of(name: str, _: Place = NOWHERE) -> Mapping:
    """A case of `samples/` or of `cases/` beside this file."""
    return _case_of(name)


@cache
def _case_of(name: str) -> Mapping:
    return read_file(base_path(name))


@lru_cache(maxsize=1)
def scenarios() -> tuple[Told, ...]:
    """All scenarios of all files."""
    return tuple(Told(path.stem, each) for path in FILES for each in read_scenarios(read_file(path), case_of))


@cache
def _tried(scenario: Scenario) -> Tried:
    return RUNNER.run(scenario)
