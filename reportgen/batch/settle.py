"""What is in the folder, compared with the plan: what is kept, what is made anew, and what is left to its owner.

Nothing is written here. A draft that somebody edited is kept, and so is one that would be made otherwise now where only
failed cases were asked for; one that somebody moved away is not made a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from reportgen.batch import names
from reportgen.batch.history import History, Past
from reportgen.batch.model import ALL, Newer, Order, Standing, State
from reportgen.batch.store import Planned, Store
from reportgen.cases.identifiers import identifier_key
from reportgen.findings import Finding, Place, refuse
from reportgen.formats.registry import FORMATS

_TOGETHER = 25


def settle(
    order: Order, store: Store, history: History, told: Callable[[Planned, tuple[Finding, ...]], None]
) -> list[str]:
    """Compare every case of the table with the folder.

    Args:
        order: the batch.
        store: its rows and cases; what becomes of each is kept there.
        history: what the journal tells.
        told: hears of each case that is refused for what stands in the way of its documents.

    Returns:
        The documents to copy before they are replaced.

    Raises:
        FindingsError: E510 for an accession that was asked for and is not in the table, E502 for a disk without the
            space.
    """
    work = _Settling(order, store, history, told)
    if (listing := order.place.listing()) is not None:
        store.take_listing(listing)
    cases = store.cases(State.waiting, State.refused)
    while group := tuple(islice(cases, _TOGETHER)):
        work.take(group)
    need_space(order, store)
    return work.copied


def look(order: Order, store: Store, asked: Iterable[str]) -> dict[str, str]:
    """The hashes of what is at these paths; of a place that is listed, only what is in its listing is looked at."""
    return order.place.contents([path for path in asked if store.may_stand(path)])


class _Settling:
    """One comparison of a plan with its folder."""

    def __init__(
        self, order: Order, store: Store, history: History, told: Callable[[Planned, tuple[Finding, ...]], None]
    ) -> None:
        self.order, self.store, self.history, self.told = order, store, history, told
        self.copied: list[str] = []
        self._overwrite, self._again = self._asked(order.overwrite), self._asked(order.again)

    def take(self, group: tuple[Planned, ...]) -> None:
        """Compare some cases with what is there."""
        pasts = {case.number: self.history.past(names.hashed(case.key)) for case in group}
        wanted = {case.number: self._paths(case, pasts[case.number]) for case in group}
        there = look(self.order, self.store, [path for each in wanted.values() for path in each])
        for case in group:
            self.history.is_in_table(names.hashed(case.key))
            found = {path: there[path] for path in wanted[case.number] if path in there}
            compare = self._refused if case.state is State.refused else self._case
            compare(case, pasts[case.number], found)

    def _asked(self, accessions: tuple[str, ...]) -> set[str]:
        """The keys of accessions that were asked for by name; `ALL` stands for itself."""
        keys = {identifier_key(each) for each in accessions}
        if keys - {ALL} and (unknown := [each for each in keys - {ALL} if not self.store.has_case(each)]):
            message = f"holds none of {len(unknown)} accessions that were named" if len(unknown) > 1 else ""
            message = message or "does not hold the accession that was named"
            raise refuse("E510", message, str(self.order.table))
        return keys

    def _paths(self, case: Planned, past: Past | None) -> list[str]:
        """Where documents of a case are, or will be."""
        new = paths(self.order, case.stem) if case.state is State.waiting else []
        if not past or not past.made:
            return new
        return list(dict.fromkeys([*new, *paths(self.order, _stem(past)), *past.made]))

    def _refused(self, case: Planned, past: Past | None, there: dict[str, str]) -> None:
        """A case that gets no documents now keeps those that it has."""
        if past and (stands := {path: there[path] for path in past.made if path in there}):
            self.store.find_standing(case.number, State.refused, stands, Standing(stale=tuple(stands)))

    def _case(self, case: Planned, past: Past | None, there: dict[str, str]) -> None:
        key = names.hashed(case.key)
        stands = {path: there[path] for path in (past.made if past else ()) if path in there}
        if past and stands and _stem(past) != case.stem:  # a case keeps the name of its documents, or it would have two
            self.store.set_path(case.number, _stem(past))
            case = replace(case, stem=_stem(past))
        wanted = paths(self.order, case.stem)
        standing = self._standing(case, past, stands, wanted)
        overwrite = case.key in self._overwrite or (ALL in self._overwrite and bool(there))
        others = [path for path in wanted if self.history.is_of_another(path, key)]
        strange = [path for path in wanted if path in there and path not in stands and not self._ours(path, there, key)]
        edited = [path for path in stands if not self._ours(path, there, key)]
        if others:
            message = "would take the place of a document of another case"
            self._refuse(case, "E505", others, message, stands)
        elif overwrite:
            replaced = [path for path in wanted if path in there]
            self.copied += [path for path in replaced if not _as_it_would_be(path, there[path], case, past)]
            self._make(case, {path: there[path] for path in wanted if path in there}, stands, standing)
        elif past and past.files and not stands and not {case.key, ALL} & self._again:
            self.store.find_standing(case.number, State.moved, {}, standing)
        elif strange:
            self._refuse(case, "E508", strange, "is not as this folder's batch wrote it", stands)
        elif edited:
            self.store.find_standing(case.number, State.edited, stands, standing)
        elif past and self._is_current(case, past, stands, wanted):
            self.store.find_standing(case.number, State.rendered if standing.before else State.kept, stands, standing)
        elif self.order.only_failed and not (past and past.state != "done"):
            self._leave(case, past, stands, standing)
        else:
            ours = {path: there[path] for path in wanted if path in there}
            sent = any(not self.history.wrote(path, digest, key) for path, digest in ours.items())
            if any(map(self.order.place.is_open, ours)):
                self.store.find_standing(case.number, State.dated, stands, replace(standing, held=True))
            else:
                self._make(case, {} if sent else ours, stands, standing)  # the worker compares what was sent before

    def _ours(self, path: str, there: dict[str, str], key: str) -> bool:
        """Whether a document is as a batch wrote it for this case, or may be one that a cluster was sent to make."""
        return self.history.wrote(path, there[path], key) or self.history.is_sent(path)

    def _standing(self, case: Planned, past: Past | None, stands: dict[str, str], wanted: list[str]) -> Standing:
        if not past or not past.files:
            return Standing()
        same = past.digest == case.digest
        if same:
            newer = Newer.nothing
        elif not past.input:
            newer = Newer.either
        else:
            newer = Newer.settings if past.input == case.input else Newer.table
        stale = past.older if same else past.made
        return Standing(
            newer,
            tuple(path for path in stands if path in stale and path not in wanted),
            tuple(path for path in wanted if same and path in past.files and path not in stands),
            same and past.batch == self.history.batch,
        )

    def _is_current(self, case: Planned, past: Past, stands: dict[str, str], wanted: list[str]) -> bool:
        """Whether the documents are as they would be made, but for those that somebody took away."""
        again = bool({case.key, ALL} & self._again)
        missing = [path for path in wanted if path not in stands]
        return (
            self.order.resume
            and bool(stands)
            and past.digest == case.digest
            and all(path in past.files for path in wanted)
            and all(past.files[path] == stands[path] for path in wanted if path in stands)
            and not (again and missing)
        )

    def _leave(self, case: Planned, past: Past | None, stands: dict[str, str], standing: Standing) -> None:
        """A case that is in order and was not asked for."""
        if past and stands:
            state = State.dated if standing.newer else State.kept
            self.store.find_standing(case.number, state, stands, standing)
        else:
            self.store.skip(case.number)

    def _make(self, case: Planned, replaced: dict[str, str], stands: dict[str, str], standing: Standing) -> None:
        self.store.find_standing(case.number, State.waiting, stands, Standing(standing.newer, standing.stale))
        self.store.may_replace(case.number, replaced)

    def _refuse(self, case: Planned, code: str, there: list[str], message: str, stands: dict[str, str]) -> None:
        """Refuse a case whose documents cannot be put where they belong; the others are not concerned."""
        findings = tuple(Finding(code, Place(self.order.place.shown(path)), "", message) for path in there)
        for finding in findings:
            self.store.refuse(case.number, finding)
        self.told(case, findings)
        self.store.find_standing(case.number, State.refused, stands, Standing(stale=tuple(stands)))


def need_space(order: Order, store: Store) -> None:
    """Refuse a disk without the space for what is to be rendered: raises `FindingsError` (E502)."""
    need = store.to_do() * sum(FORMATS[name].size for name in order.settings.formats)
    free = order.place.free()
    if free is not None and need > free:
        message = f"has too little space: about {need // 1_000_000 + 1} MB are needed, {free // 1_000_000} MB are free"
        raise refuse("E502", message, str(order.folder), hint="make space, or choose a folder on another disk")


def paths(order: Order, stem: str) -> list[str]:
    """The paths of a case's documents."""
    return [f"{stem}.{name}" for name in order.settings.formats]


def _stem(past: Past) -> str:
    """The path of a case's documents without ending."""
    return next(iter(past.made)).rpartition(".")[0]


def _as_it_would_be(path: str, digest: str, case: Planned, past: Past | None) -> bool:
    """Whether a document is what would be made: no copy of it is needed."""
    return bool(past and past.digest == case.digest and past.files.get(path) == digest)
