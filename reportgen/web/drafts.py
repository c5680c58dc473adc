"""The protocols that a profile brings, as their files are now: read anew after each save, apart from the cases."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain
from os.path import lexists
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from reportgen.findings import Finding, FindingsError, Place
from reportgen.formats.layout import load_layout
from reportgen.laboratory.model import Laboratory, Profile
from reportgen.laboratory.own_files import read_own
from reportgen.laboratory.own_protocols import FILES, FOLDER, SCENARIOS, own_protocols
from reportgen.laboratory.read import LAB_FILE, load_laboratory
from reportgen.laboratory.signatures import SIGNED
from reportgen.protocols.load import load_protocol
from reportgen.reports.load_labels import load_labels
from reportgen.scenarios.files import failures_of_bases, scenarios_in
from reportgen.scenarios.model import Scenario
from reportgen.scenarios.run import Runner
from reportgen.web.evaluation import revision_of
from reportgen.web.folder import NoSuchCaseError

NAMES = (*FILES, SCENARIOS)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where YAML begins a new line


class Draft(NamedTuple):
    """One state of the files of a protocol."""

    revision: str  # what names the state of all files of the profile
    profile: Path  # the folder of the profile that brings it
    lines: dict[str, tuple[str, ...]]  # of each of its files; none of one that is not there or may not be shown
    findings: tuple[Finding, ...]  # about the files, and where scenarios do not hold
    in_order: bool  # whether the protocol can be used
    laboratory: Laboratory | None  # with which it was last in order, perhaps that of now; None if it never was
    scenarios: tuple[Scenario, ...]  # of the last `scenarios.yaml` that was in order
    failures: Mapping[str, tuple[Finding, ...]] | None  # by the name of a scenario; None if none of now can be run

    def failures_of(self, scenario: Scenario) -> tuple[Finding, ...]:
        """Where a scenario does not hold, as far as it could be run."""
        return self.failures[scenario.name] if self.failures else ()


class Drafts:
    """The protocols of a laboratory's profiles, as their files are now; `laboratory` is as the desk began with it."""

    def __init__(self, laboratory: Laboratory | None) -> None:
        self._latest = laboratory  # the last state of the profile that could be read
        self._drafts: dict[str, Draft] = {}
        self._lock = Lock()

    def ids(self) -> tuple[str, ...]:
        """The ids of the protocols that the profiles bring now, in order or not, sorted."""
        return tuple(sorted({id for each in self._profiles() for id in own_protocols(each.folder)}))

    def revision(self) -> str:
        """What names the state of the files: their sizes, and the times of their last changes."""
        known = []
        for path in set(self._watched()):
            with suppress(OSError):  # an editor may be about to replace it
                at = path.lstat()
                known.append((os.fsencode(path), at.st_mtime_ns, at.st_size, at.st_ino))
        return revision_of(repr(sorted(known)).encode())

    def draft(self, id: str) -> Draft:
        """A protocol that a profile brings, read again if a file was saved; raises `NoSuchCaseError` for any other."""
        profile = next((each.folder for each in self._profiles() if id in own_protocols(each.folder)), None)
        if profile is None:
            raise NoSuchCaseError
        with self._lock:
            revision = self.revision()  # before the files: what is saved meanwhile is read the next time
            known = self._drafts.get(id)
            if known is None or known.revision != revision:
                known = self._drafts[id] = self._read(id, profile, revision, known)
            return known

    def _read(self, id: str, profile: Path, revision: str, before: Draft | None) -> Draft:
        laboratory = before.laboratory if before else None if _wrong(id, self._latest) else self._latest
        try:
            self._latest = load_laboratory(self._profiles()[-1].folder)
            findings = [*_wrong(id, self._latest)]
        except FindingsError as error:
            findings = [*error.findings]
        if in_order := not findings:
            laboratory = self._latest
        scenarios, failures = before.scenarios if before else (), None
        name = f"{FOLDER}/{id}/{SCENARIOS}"
        try:
            scenarios = scenarios_in(profile, name) if lexists(profile / name) else ()
            if in_order:
                runner = Runner(laboratory)
                failures = {each.name: runner.run(each).failures for each in scenarios}
                findings += [*failures_of_bases(runner, scenarios), *chain(*failures.values())]
        except FindingsError as error:
            findings += error.findings
        lines = {each: _lines(profile, f"{FOLDER}/{id}/{each}") for each in NAMES}
        return Draft(
            revision, profile, lines, tuple(dict.fromkeys(findings)), in_order, laboratory, scenarios, failures
        )

    def _profiles(self) -> tuple[Profile, ...]:
        return self._latest.profiles if self._latest else ()

    def _watched(self) -> Iterator[Path]:
        """The files of the profiles, without those that an editor keeps beside the one that is edited."""
        for profile in self._profiles():
            yield from (profile.folder / LAB_FILE, profile.folder / SIGNED)
            yield from (file.path for file in profile.files.values())
            for folder, _, names in os.walk(profile.folder / FOLDER):
                yield from (Path(folder, name) for name in names if not name.startswith(".") and name[-1] != "~")


def _wrong(id: str, laboratory: Laboratory | None) -> tuple[Finding, ...]:
    """Why no report can be made with a protocol; empty if one can."""
    try:
        load_protocol(id, laboratory)
        load_labels(laboratory)
        load_layout(laboratory=laboratory)
    except FindingsError as error:
        return error.findings
    return ()


def _lines(profile: Path, name: str) -> tuple[str, ...]:
    try:
        text = read_own(profile, name, "protocol", Place(name), name).data.decode("utf-8", "replace")
    except (FindingsError, OSError):
        return ()
    return tuple(_BREAK.split(text.removesuffix("\n")))
