"""What is in the folder, compared with the plan: what is kept, what is made anew, and what is left to its owner.

Nothing is written here. A draft that somebody edited is kept, and so is one that would be made otherwise now where only
failed cases were asked for; one that somebody moved away is not made a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from reportgen.batch import names
from reportgen.batch.history import CaseRecord, History
from reportgen.batch.model import ALL, BatchRequest, CaseState, DraftStatus, Newer
from reportgen.batch.store import PlannedCase, Store
from reportgen.cases.identifiers import identifier_key
from reportgen.findings import Finding, Place, refuse
from reportgen.formats.registry import FORMATS

_TOGETHER = 25
_NEW = CaseRecord("new")  # of a case of which the journal tells nothing
# Hears of each case that is refused because something is in the way of its documents.
Report = Callable[[PlannedCase, tuple[Finding, ...]], None]


def compare_with_folder(request: BatchRequest, store: Store, history: History, report: Report) -> list[str]:
    """Compare every case of the table with the folder, and keep in the store what becomes of it.

    Returns:
        The documents to copy before they are replaced.

    Raises:
        FindingsError: E510 for an accession that was asked for and is not in the table, E502 for a disk without the
            space.
    """
    work = _FolderComparison(request, store, history, report)
    if (listing := request.destination.listing()) is not None:
        store.take_listing(listing)
    cases = store.cases(CaseState.waiting, CaseState.refused)
    while group := tuple(islice(cases, _TOGETHER)):
        work.take(group)
    _require_space(request, store)
    return work.copied


def look(request: BatchRequest, store: Store, asked: Iterable[str]) -> dict[str, str]:
    """The hashes of what is at these paths; of a place that is listed, only what is in its listing is looked at."""
    return request.destination.contents([path for path in asked if store.may_exist(path)])


class _FolderComparison:
    """One comparison of a plan with its folder."""

    def __init__(self, request: BatchRequest, store: Store, history: History, report: Report) -> None:
        self.request, self.store, self.history, self.report = request, store, history, report
        self.copied: list[str] = []
        self._overwrite, self._again = self._asked(request.overwrite), self._asked(request.again)

    def take(self, group: tuple[PlannedCase, ...]) -> None:
        """Compare some cases with what is there."""
        pasts = {case.number: self.history.past(names.hashed(case.key)) or _NEW for case in group}
        wanted = {case.number: self._paths(case, pasts[case.number]) for case in group}
        there = look(self.request, self.store, [path for each in wanted.values() for path in each])
        for case in group:
            self.history.is_in_table(names.hashed(case.key))
            found = {path: there[path] for path in wanted[case.number] if path in there}
            compare = self._refused if case.state is CaseState.refused else self._case
            compare(case, pasts[case.number], found)

    def _asked(self, accessions: tuple[str, ...]) -> set[str]:
        """The keys of accessions that were asked for by name; `ALL` stands for itself."""
        keys = {identifier_key(each) for each in accessions}
        unknown = sum(not self.store.has_case(each) for each in keys - {ALL})
        if unknown:
            several = f"holds none of {unknown} accessions that were named"
            message = several if unknown > 1 else "does not hold the accession that was named"
            raise refuse("E510", message, str(self.request.table))
        return keys

    def _paths(self, case: PlannedCase, past: CaseRecord) -> list[str]:
        """Where documents of a case are, or will be."""
        new = self.request.paths(case.stem) if case.state is CaseState.waiting else []
        old = self.request.paths(_stem(past)) if past.made else []
        return list(dict.fromkeys([*new, *old, *past.made]))

    def _refused(self, case: PlannedCase, past: CaseRecord, there: dict[str, str]) -> None:
        """A case that gets no documents now keeps those that it has."""
        if present := {path: there[path] for path in past.made if path in there}:
            self.store.set_status(case.number, CaseState.refused, present, DraftStatus(stale=tuple(present)))

    def _case(self, case: PlannedCase, past: CaseRecord, there: dict[str, str]) -> None:
        key = names.hashed(case.key)
        present = {path: there[path] for path in past.made if path in there}
        if present and _stem(past) != case.stem:  # a case keeps the name of its documents, or it would have two
            self.store.set_path(case.number, _stem(past))
            case = replace(case, stem=_stem(past))
        wanted = self.request.paths(case.stem)
        status = self._draft_status(case, past, present, wanted)
        replaced = {path: there[path] for path in wanted if path in there}
        overwrite = case.key in self._overwrite or (ALL in self._overwrite and bool(there))
        others = [path for path in wanted if self.history.is_of_another(path, key)]
        strange = [path for path in replaced if path not in present and not self._ours(path, there, key)]
        edited = [path for path in present if not self._ours(path, there, key)]
        if others:
            message = "would take the place of a document of another case"
            self._refuse(case, "E505", others, message, present)
        elif overwrite:
            self.copied += [path for path in replaced if not _as_it_would_be(path, replaced[path], case, past)]
            self._make(case, replaced, present, status)
        elif past.files and not present and not {case.key, ALL} & self._again:
            self.store.set_status(case.number, CaseState.moved, {}, status)
        elif strange:
            self._refuse(case, "E508", strange, "is not as this folder's batch wrote it", present)
        elif edited:
            self.store.set_status(case.number, CaseState.edited, present, status)
        elif self._is_current(case, past, present, wanted):
            self.store.set_status(case.number, CaseState.rendered if status.before else CaseState.kept, present, status)
        elif self.request.only_failed and past.state in (_NEW.state, "done"):
            self._leave(case, present, status)
        else:
            sent = any(not self.history.wrote(path, digest, key) for path, digest in replaced.items())
            if any(map(self.request.destination.is_open, replaced)):
                self.store.set_status(case.number, CaseState.dated, present, replace(status, held=True))
            else:
                self._make(case, {} if sent else replaced, present, status)  # the worker compares what was sent before

    def _ours(self, path: str, there: dict[str, str], key: str) -> bool:
        """Whether a document is as a batch wrote it for this case, or may be one that a cluster was sent to make."""
        return self.history.wrote(path, there[path], key) or self.history.is_sent(path)

    def _draft_status(
        self, case: PlannedCase, past: CaseRecord, present: dict[str, str], wanted: list[str]
    ) -> DraftStatus:
        if not past.files:
            return DraftStatus()
        same = past.digest == case.digest
        if same:
            newer = Newer.nothing
        elif not past.input:
            newer = Newer.either
        else:
            newer = Newer.settings if past.input == case.input else Newer.table
        stale = past.older if same else past.made
        return DraftStatus(
            newer,
            tuple(path for path in present if path in stale and path not in wanted),
            tuple(path for path in wanted if same and path in past.files and path not in present),
            same and past.batch == self.history.batch,
        )

    def _is_current(self, case: PlannedCase, past: CaseRecord, present: dict[str, str], wanted: list[str]) -> bool:
        """Whether the documents are as they would be made, but for those that somebody took away."""
        again = {case.key, ALL} & self._again
        return (
            self.request.resume
            and bool(present)
            and past.digest == case.digest
            and all(path in past.files for path in wanted)
            and all(past.files[path] == present[path] for path in wanted if path in present)
            and not (again and any(path not in present for path in wanted))
        )

    def _leave(self, case: PlannedCase, present: dict[str, str], status: DraftStatus) -> None:
        """A case that is in order and was not asked for."""
        if present:
            state = CaseState.dated if status.newer else CaseState.kept
            self.store.set_status(case.number, state, present, status)
        else:
            self.store.skip(case.number)

    def _make(self, case: PlannedCase, replaced: dict[str, str], present: dict[str, str], status: DraftStatus) -> None:
        self.store.set_status(case.number, CaseState.waiting, present, DraftStatus(status.newer, status.stale))
        self.store.may_replace(case.number, replaced)

    def _refuse(self, case: PlannedCase, code: str, there: list[str], message: str, present: dict[str, str]) -> None:
        """Refuse a case whose documents cannot be put where they belong; the others are not concerned."""
        findings = tuple(Finding(code, Place(self.request.destination.shown(path)), "", message) for path in there)
        self.store.refuse(case.number, *findings)
        self.report(case, findings)
        self.store.set_status(case.number, CaseState.refused, present, DraftStatus(stale=tuple(present)))


def _require_space(request: BatchRequest, store: Store) -> None:
    """Refuse a disk without the space for what is to be rendered: raises `FindingsError` (E502)."""
    need = store.to_do() * sum(FORMATS[name].size for name in request.settings.formats)
    free = request.destination.free()
    if free is not None and need > free:
        message = f"has too little space: about {need // 1_000_000 + 1} MB are needed, {free // 1_000_000} MB are free"
        raise refuse("E502", message, str(request.folder), hint="make space, or choose a folder on another disk")


def _stem(past: CaseRecord) -> str:
    """The path of a case's documents without ending."""
    return next(iter(past.made)).rpartition(".")[0]


def _as_it_would_be(path: str, digest: str, case: PlannedCase, past: CaseRecord) -> bool:
    """Whether a document is what would be made: no copy of it is needed."""
    return past.digest == case.digest and past.files.get(path) == digest
