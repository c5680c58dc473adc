"""Scenario files: cases a pathologist can read, each with what the report must say.

A file holds `about`, a `base` case and `scenarios`. Each scenario has a `name` and may have:

  about         why, where the name does not say it
  case          a whole case; else the `base` (its own or the file's) with `change`: path → entry, empty to take it out
  header, diagnosis, comment    the exact lines and sentences, in order
  says, never   sentences that must stand in diagnosis or comment; words that must not
  recommendation    the id of its clause, `gap`, `own words` or `none`
  advisories    id → level (note, warning, stop, possibly), or several levels: what the change adds to the advisories of
                the base; `cases/advisories.yaml` lists those of each base. A whole `case` lists all of its advisories
  silenced      the ids of advisories of the base that are not raised any more
  gaps          what page 1 names as open, in order; nothing where it is not listed
  pairs         element → answer of the synopsis
  criteria      id → state
  findings      code, path and perhaps `names` (paths that the finding must name too) and `says` (words of its message);
                the case must then be refused by these, or, for warnings, be taken with them
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from reportgen import check, compose
from reportgen.assessment.checked import Checked
from reportgen.findings import Finding
from reportgen.reports.model import Report
from tests.acceptance.support import HERE, Data, base, changed, read_data, source

_FILE_KEYS = {"about", "base", "scenarios"}
Raised = dict[str, set[str]]  # id → levels
FILES = sorted(HERE.glob("*.yaml"))


@dataclass(frozen=True)
class Scenario:
    """One case with what is expected of it."""

    file: str
    name: str
    about: str = ""
    base: str = ""
    change: dict[str, Any] = field(default_factory=dict)
    case: Data = field(default_factory=dict)
    header: str = ""
    diagnosis: list[str] | None = None
    comment: list[str] | None = None
    says: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    recommendation: str = ""
    advisories: dict[str, str | list[str]] = field(default_factory=dict)
    silenced: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    pairs: dict[str, str] = field(default_factory=dict)
    criteria: dict[str, str] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"

    @property
    def data(self) -> Data:
        """The case."""
        return self.case or changed(base(self.base), self.change)

    @cached_property
    def checked(self) -> Checked:
        """The case after validation and assessment."""
        return check(source(self.data))

    @cached_property
    def report(self) -> Report:
        """The composed report."""
        return compose(source(self.data))

    @property
    def refused(self) -> bool:
        """Whether the case is expected to be refused."""
        return any(not finding["code"].startswith("W") for finding in self.findings)

    @property
    def raised(self) -> Raised:
        """The advisories expected, each with its levels."""
        added = {id: set([said] if isinstance(said, str) else said) for id, said in self.advisories.items()}
        before = {} if self.case else raised_by(self.base)
        assert before.keys() >= set(self.silenced), "silenced advisories are those of the base"
        return {id: levels for id, levels in {**before, **added}.items() if id not in self.silenced}


def advisories(checked: Checked) -> Raised:
    """The advisories that a case raises, each with its levels."""
    raised: Raised = {}
    for assessment in checked.assessments:
        for advisory in assessment.advisories:
            raised.setdefault(advisory.id, set()).add(advisory.level.value if advisory.certain else "possibly")
    return raised


@lru_cache(maxsize=64)
def raised_by(name: str) -> Raised:
    """The advisories that a base case raises as it is."""
    return advisories(check(source(base(name))))


@lru_cache(maxsize=1)
def scenarios() -> tuple[Scenario, ...]:
    """All scenarios of all files; a key nobody knows is an error."""
    return tuple(scenario for path in FILES for scenario in _of(path))


def _of(path: Path) -> list[Scenario]:
    content = read_data(path)
    assert content.keys() <= _FILE_KEYS, f"{path.name}: {content.keys() - _FILE_KEYS}"
    made = []
    for item in content["scenarios"]:
        given = {key: value for key, value in item.items() if value is not None}
        made.append(Scenario(file=path.stem, **({"base": content.get("base", "")} | given)))
    assert len({each.name for each in made}) == len(made), f"{path.name} has two scenarios of one name"
    return made


def finding_fits(finding: Finding, wanted: dict[str, Any]) -> bool:
    """Whether a finding is the one expected and names every field concerned."""
    assert wanted.keys() <= {"code", "path", "names", "says"}, wanted
    same = (finding.code, finding.path) == (wanted["code"], wanted["path"])
    named = all(name in finding.message for name in wanted.get("names", ()))
    return same and named and wanted.get("says", "") in finding.message
