"""What all benchmarks measure with: tasks in turns, ratios within a round, rows of a table, and a picture of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Row:
    """One measurement; `against` says what the ratio is to, `met` whether a goal was kept (None: there is none)."""

    what: str
    milliseconds: float
    ratio: float | None = None
    against: str = ""
    goal: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The cells of the table."""
        ratio = f"{self.ratio:.2f} × {self.against}" if self.ratio is not None else ""
        verdict = {True: "met", False: "**missed**", None: ""}[self.met]
        return self.what, f"{self.milliseconds:.1f}", ratio, self.goal, verdict


def in_turns(
    tasks: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """What each task took in each round, in milliseconds; each runs once unmeasured, then all run in turns."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            began = clock()
            task()
            times[name].append((clock() - began) * 1000)
    return times


def ratio(times: list[float], base: list[float]) -> float:
    """The median of the ratios within each round."""
    return statistics.median(one / other for one, other in zip(times, base, strict=True))


def table(rows: list[Row]) -> str:
    """Rows as Markdown."""
    lines = ["| what | ms (median) | ratio | goal | |", "|---|---:|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row.cells())} |" for row in rows])


def bars(title: str, rows: list[Row]) -> str:
    """Rows as a picture: a bar for each, as long as its time; ours are dark."""
    longest = max(row.milliseconds for row in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 {50 + 34 * len(rows)}" font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<g font-size="13"><text x="16" y="26" font-weight="bold">{escape(title)}</text>',
    ]
    for number, row in enumerate(rows):
        top, wide = 44 + 34 * number, max(1.0, 560 * row.milliseconds / longest)
        ours = row.what.startswith("**")
        name = row.what.replace("*", "").replace("`", "")
        parts.append(f'<text x="16" y="{top + 9}" fill="#333">{escape(name)}</text>')
        parts.append(
            f'<rect x="16" y="{top + 13}" width="{wide:.1f}" height="9" fill="{"#1c5d87" if ours else "#b9c6d2"}"/>'
        )
        parts.append(f'<text x="{wide + 24:.1f}" y="{top + 22}" font-weight="bold">{row.milliseconds:.1f} ms</text>')
    return "\n".join([*parts, "</g></svg>\n"])
