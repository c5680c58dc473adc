"""summary.html: what a batch came to and which cases need somebody, on one page that needs nothing beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from reportgen import template_files
from reportgen.batch import results
from reportgen.batch.history import EarlierCase, Run
from reportgen.batch.model import BatchRequest, CaseState
from reportgen.batch.plan import Tally
from reportgen.batch.store import PlannedCase, Store
from reportgen.finding_groups import FindingGroups
from reportgen.protocols.load import load_protocol
from reportgen.protocols.slots import Slot
from reportgen.release import VERSION
from reportgen.sandbox import FolderLoader, environment

_BARS = 60
_KINDS = 200  # kinds of findings that are named one by one
_SLOWEST = 10
_MOST = 500  # cases of the work list that are named one by one
_FINDINGS = 2  # of a case without a draft: those that the work list names
_TONES = {
    CaseState.rendered: "good",
    CaseState.refused: "bad",
    CaseState.failed: "bad",
    CaseState.waiting: "open",
    CaseState.dated: "open",
}
_Values = dict[str, object]


def page(request: BatchRequest, store: Store, tally: Tally, earlier: Iterable[EarlierCase], run: Run) -> str:
    """The page; `earlier` are the cases of earlier tables of which documents were made in the folder."""
    work = tuple(map(_to_look_at, store.to_look_at(_MOST)))
    values = {
        "table": request.table.name,
        "hash": run.hash[:16],
        "began": _readable(run.began),
        "formats": ", ".join(name.upper() for name in request.settings.formats),
        "version": VERSION,
        "counts": tuple(_tiles(store)),
        "earlier": _nights(earlier),
        "refused": _refused(store),
        "protocols": _protocols(request, tally),
        "pending": tally.pending,
        "advisories": tuple(
            {"id": id, "title": title, "level": level, "parts": number}
            for (id, title, level), number in sorted(tally.advisories.items(), key=lambda item: (-item[1], item[0]))
        ),
        "work": work,
        "is_cut": len(work) == _MOST,
        **_speed(store),
    }
    folder = template_files.path("layouts/summary/summary.html").parent
    return environment(escape=True, loader=FolderLoader(folder)).get_template("summary.html").render(values)


def _readable(began: str) -> str:
    return began.replace("T", " ").replace("+00:00", " UTC")


def _tiles(store: Store) -> Iterator[_Values]:
    counts = store.counts()
    yield {"tone": "", "name": "cases", "number": sum(counts.values())}
    for state, number in counts.items():
        if number or state is CaseState.rendered:
            yield {"tone": _TONES.get(state, ""), "name": str(state), "number": number}
    if before := store.before():
        yield {"tone": "", "name": "of the rendered, made before the batch was interrupted", "number": before}


def _nights(earlier: Iterable[EarlierCase]) -> tuple[_Values, ...]:
    """The cases of earlier tables, counted by the start that made their documents."""
    nights: dict[Run, Counter[str]] = {}
    for case in earlier:
        nights.setdefault(case.run, Counter())[case.state] += 1
    return tuple(
        {
            "table": run.table,
            "began": _readable(run.began),
            "cases": sum(states.values()),
            "kept": states["kept"],
            "edited": states["edited"],
            "moved": states["moved away"],
        }
        for run, states in nights.items()
    )


def _to_look_at(case: PlannedCase) -> _Values:
    """A case of the work list: why it is there, and where its documents are."""
    return {
        "row": case.number,
        "accession": case.accession,
        "state": str(case.state),
        "open": "" if case.open is None else case.open,
        "pending": "" if case.open is None else case.pending,
        "warnings": "" if case.state is CaseState.refused else case.warnings,
        "why": tuple(_why(case)),
        "links": tuple({"address": quote(path), "name": path.rpartition(".")[2].upper()} for path in case.files),
    }


def _why(case: PlannedCase) -> Iterator[str]:
    if note := results.note(case):
        yield note
    if case.state in (CaseState.refused, CaseState.failed):
        errors = [finding for finding in case.findings if finding.refuses]
        yield from map(results.told, errors[:_FINDINGS])
        if len(errors) > _FINDINGS:
            yield f"and {len(errors) - _FINDINGS} more findings"
        return
    yield from (each.short for each in case.raised)
    if case.open:
        yield results.first_open(case)


def _refused(store: Store) -> tuple[_Values, ...]:
    kinds, cases = FindingGroups(apart=False), Counter[int]()
    for case in store.cases(CaseState.refused, CaseState.failed):
        errors = (finding for finding in case.findings if finding.refuses)
        cases.update(map(id, kinds.add(errors)))
    found = sorted(kinds, key=lambda kind: -kind.count)[:_KINDS]
    return tuple(
        {"code": kind.first.code, "meaning": kind.meaning, "findings": kind.count, "cases": cases[id(kind)]}
        for kind in found
    )


def _protocols(request: BatchRequest, tally: Tally) -> tuple[_Values, ...]:
    return tuple(
        {
            "title": load_protocol(id, request.settings.laboratory).protocol.title,
            "elements": _elements(request, tally, id),
        }
        for id in sorted({protocol for protocol, *_ in tally.elements})
    )


def _elements(request: BatchRequest, tally: Tally, protocol: str) -> tuple[_Values, ...]:
    """The elements of one protocol, in its order, those of repeated groups after them."""
    slots = load_protocol(protocol, request.settings.laboratory).slots
    places = {path: place for place, path in enumerate(slots)}
    numbers: dict[tuple[int, str, str], Counter[str]] = {}
    for (id, path, name, state), number in tally.elements.items():
        if id == protocol:
            place = places.get(path, len(places))
            numbers.setdefault((place, path, name), Counter())[state] += number
    return tuple(
        _element(_named(slots, path, name), states)
        for (_, path, name), states in sorted(numbers.items(), key=lambda item: item[0])
    )


def _named(slots: Mapping[str, Slot], path: str, name: str) -> str:
    """The name of an element, with that of the one it follows up: "Distance" alone could be any."""
    slot = slots.get(path)
    above = slots.get(slot.parent) if slot else None
    return f"{above.element.title} · {name}" if above else name


def _element(name: str, states: Counter[str]) -> _Values:
    required = sum(states.values())
    not_open = states["answered"] + states["pending"]
    return {
        "name": name,
        "required": required,
        **{state: states[state] for state in ("answered", "pending", "open")},
        "answered_share": f"{100 * states['answered'] / required:.1f}",
        "not_open_share": f"{100 * not_open / required:.1f}",
    }


def _speed(store: Store) -> _Values:
    times = store.moments()
    if not times:
        return {"rates": (), "slowest": (), "rendered_now": 0, "took": "0", "rate": "0", "peak": "0"}
    took = max(times)
    number = max(1, min(_BARS, len(times) // 5))
    width = took / number
    bars = Counter(min(int(at / width), number - 1) for at in times)
    peak = max(bars.values()) / width
    return {
        "rendered_now": len(times),
        "took": f"{took:.1f}",
        "rate": f"{len(times) / took:.1f}",
        "peak": f"{peak:.1f}",
        "rates": tuple(_bar(place, bars[place], width, peak) for place in range(number)),
        "slowest": tuple(
            {"row": case.number, "accession": case.accession, "seconds": f"{case.seconds:.2f}"}
            for case in store.slowest(_SLOWEST)
        ),
    }


def _bar(number: int, reports: int, width: float, peak: float) -> _Values:
    height = 100 * reports / width / peak
    return {
        "left": str(number * 10),
        "top": f"{100 - height:.1f}",
        "height": f"{height:.1f}",
        "since": f"{number * width:.1f}",
        "rate": f"{reports / width:.1f}",
    }
