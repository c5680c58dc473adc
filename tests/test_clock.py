"""The day of a run; a clock that lies before the release cannot be right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from reportgen import FindingsError, clock
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


@pytest.mark.parametrize(
    ("epoch", "stamp"), [("", None), ("soon", None), ("1800000000", datetime(2027, 1, 15, 8, tzinfo=UTC))]
)
def test_source_date_epoch_is_the_time_of_every_file(
    epoch: str, stamp: datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert clock.source_date_epoch() == stamp


def test_a_time_that_no_file_can_carry_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9" * 30)
    with pytest.raises(FindingsError, match="E107"):
        clock.source_date_epoch()
