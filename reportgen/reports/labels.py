"""The words that reportgen itself prints, in the report's language; `templates/labels/en.yaml` holds them."""

from __future__ import annotations

import re
from datetime import date

from reportgen.reading.shaped import Frozen


class Labels(Frozen):
    """Texts and patterns; the names in braces are filled in by the composer."""

    language: str
    report_title: str
    report_subject: str
    draft_mark: str
    test_mark: str
    test_draft_mark: str
    test_notice: str
    draft_notice: str
    not_reviewed: str
    open_one: str
    open_many: str
    finalized_by: str
    unsigned: str
    worded_by_pathologist: str
    answered_by_macro: str
    answered_by_profile: str
    acknowledged: str
    acknowledgement: str
    acknowledgement_of_part: str
    of_part: str
    part: str
    continued: str
    received_as: str
    see_comment: str
    not_entered: str
    not_applicable: str
    pending: str
    pending_on: str
    other_words: str
    other_words_own: str
    withheld: str
    comment_missing: str
    no_laboratory: str
    intended_use: str
    record: str
    protocol_record: str
    profile_record: str
    waived: str
    telephone: str
    clia: str
    page: str
    of: str
    reason: str
    fill_in: str
    entry: str
    converted: str
    rounded: str
    per: str
    per_area: str
    optics_area: str
    optics_number: str
    comma: str
    semicolon: str
    sections: dict[str, str]
    stain: str
    result: str
    stain_result: str
    conjunction: str
    stain_method: str
    code_times: str
    date: str
    decimal: str
    months: tuple[str, ...]
    affirmations: str
    negations: str


def day_in_words(day: date, labels: Labels) -> str:
    """A day as this laboratory writes it."""
    if labels.date == "YYYY-MM-DD":
        return day.isoformat()
    month = labels.months[day.month - 1]
    words = {
        "YYYY": f"{day.year:04d}", "MM": f"{day.month:02d}", "M": str(day.month), "DD": f"{day.day:02d}",
        "D": str(day.day), "Month": month, "Mon": month[:3],
    }  # fmt: skip
    return re.sub(r"[A-Za-z]+", lambda match: words[match.group()], labels.date)


def number_in_words(text: str, labels: Labels) -> str:
    """A number, as entered, with this laboratory's decimal mark."""
    return text if labels.decimal == "." else text.replace(".", labels.decimal)
