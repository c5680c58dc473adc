"""summary.html: what a batch came to, on one page that needs nothing beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from reportgen import __version__, layers
from reportgen.batch.model import Order, State
from reportgen.batch.plan import Tally
from reportgen.batch.store import Store
from reportgen.findings import CATALOGUE, Severity
from reportgen.protocols.load import load_protocol
from reportgen.protocols.slots import Slot
from reportgen.sandbox import FolderLoader, environment

_BARS = 60
_SLOWEST = 10
_LEFT = 200  # documents of earlier runs that are named one by one
_WARNED = 500  # cases with warnings that are named one by one
_TONES = {State.rendered: "good", State.refused: "bad", State.failed: "bad", State.waiting: "open"}
_Values = dict[str, Any]


def page(order: Order, store: Store, tally: Tally, left: list[str]) -> str:
    """The page; `left` are documents of earlier runs that are no case's now."""
    counts = store.counts()
    shown = [("", "cases", sum(counts.values()))]
    shown += [(_TONES[state], state, counts[state]) for state in State if counts[state] or state is State.rendered]
    if kept := store.kept():
        shown.append(("", "of them kept from before", kept))
    values = {
        "table": order.table.name,
        "formats": ", ".join(name.upper() for name in order.settings.formats),
        "version": __version__,
        "counts": tuple({"tone": tone, "name": str(name), "number": number} for tone, name, number in shown),
        "left": tuple(left[:_LEFT]) + ((f"and {len(left) - _LEFT} more",) if len(left) > _LEFT else ()),
        "refused": _refused(store),
        "protocols": _protocols(order, tally),
        "pending": tally.pending,
        "advisories": tuple(
            {"id": id, "title": title, "level": level, "parts": number}
            for (id, title, level), number in sorted(tally.advisories.items(), key=lambda item: (-item[1], item[0]))
        ),
        "warned": tuple(_warned(store)),
        "more_warned": max(0, store.warned(State.rendered) - _WARNED),
        **_speed(store),
    }
    folder = Path(layers.find("layouts/summary/summary.html")[-1]).parent
    return environment(escape=True, loader=FolderLoader(folder)).get_template("summary.html").render(values)


def _warned(store: Store) -> Iterator[_Values]:
    """The rendered cases that have warnings, each with what was raised."""
    warned = (case for case in store.told() if case.state is State.rendered and (case.warnings or case.raised))
    for case in islice(warned, _WARNED):
        yield {
            "row": case.number,
            "accession": case.accession,
            "warnings": case.warnings,
            "open": case.open or 0,
            "raised": tuple(each.short for each in case.raised),
        }


def _refused(store: Store) -> tuple[_Values, ...]:
    findings: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for case in store.cases(State.refused, State.failed):
        codes = [finding.code for finding in case.findings if finding.severity is Severity.error]
        findings.update(codes)
        cases.update(set(codes))
    return tuple(
        {"code": code, "meaning": CATALOGUE[code].meaning, "findings": number, "cases": cases[code]}
        for code, number in findings.most_common()
    )


def _protocols(order: Order, tally: Tally) -> tuple[_Values, ...]:
    return tuple(
        {"title": load_protocol(id, order.settings.laboratory).protocol.title, "elements": _elements(order, tally, id)}
        for id in sorted({protocol for protocol, *_ in tally.elements})
    )


def _elements(order: Order, tally: Tally, protocol: str) -> tuple[_Values, ...]:
    """The elements of one protocol, in its order, those of repeated groups after them."""
    slots = load_protocol(protocol, order.settings.laboratory).slots
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
    shares = {"answered_share": _share(states["answered"], required), "not_open_share": _share(not_open, required)}
    return {
        "name": name,
        "required": required,
        **{state: states[state] for state in ("answered", "pending", "open")},
        **shares,
    }


def _share(number: int, of: int) -> str:
    return f"{100 * number / of:.1f}"


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
