"""The day of a run: the one place that asks the clock for it."""

from __future__ import annotations

from datetime import date, datetime

from reportgen.release import RELEASED


def today() -> date:
    """Today, where this machine is; the day of the release where the clock lies before it, which is certainly wrong."""
    return max(datetime.now().astimezone().date(), date.fromisoformat(RELEASED))
