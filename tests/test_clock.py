"""The day of a run; a clock that lies before the release cannot be right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from reportgen import clock
from reportgen.release import RELEASED


@pytest.mark.parametrize(("days", "expected"), [(-400, 0), (-1, 0), (0, 0), (1, 1), (4000, 4000)])
def test_today_is_never_before_the_release(days: int, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    released = date.fromisoformat(RELEASED)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Clock:
            return cls.combine(released + timedelta(days=days), cls.min.time().replace(hour=12))

    monkeypatch.setattr(clock, "datetime", Clock)
    assert clock.today() == released + timedelta(days=expected)
