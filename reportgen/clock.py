"""The time of a run: the one place that asks the clock and the environment for it."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from reportgen.findings import refuse
from reportgen.release import RELEASED


def today() -> date:
    """Today, where this machine is; the day of the release where the clock lies before it, which is certainly wrong."""
    return max(datetime.now().astimezone().date(), date.fromisoformat(RELEASED))


def source_date_epoch() -> datetime | None:
    """The time that every file of this run carries: SOURCE_DATE_EPOCH, or None if it is not set.

    Raises:
        FindingsError: E107 for a time that no file can carry.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not (epoch.isascii() and epoch.isdigit()):
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        hint = "give it in seconds since 1970, or unset it"
        raise refuse("E107", "is not a time that a file can carry", path="SOURCE_DATE_EPOCH", hint=hint) from None
