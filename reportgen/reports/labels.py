"""The words that reportgen itself prints, in the report's language; `templates/labels/en.yaml` holds them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from reportgen import layers
from reportgen.findings import FindingsError
from reportgen.laboratory.meanings import load_meanings
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.overlay import laid_over
from reportgen.reading.files import read_file
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Mapping
from reportgen.reports.label_check import beside, checked, is_translated


class Labels(BaseModel):
    """Texts and patterns; the names in braces are filled in by the composer."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    language: str
    report_title: str
    report_subject: str
    draft_mark: str
    test_mark: str
    test_draft_mark: str
    test_notice: str
    draft_notice: str
    open_one: str
    open_many: str
    finalised_by: str
    unsigned: str
    worded_by_pathologist: str
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


@lru_cache(maxsize=8)
def load_labels(language: str = "en", laboratory: Laboratory | None = None) -> Labels:
    """Load the labels of a language, with those that a laboratory gives for itself.

    Raises:
        FindingsError: T401 and T402 with file and line; T412 for a label that weakens a safeguard.
    """
    paths = layers.find(f"labels/{language}.yaml")
    base = read_file(paths[-1], name=f"labels/{language}.yaml")
    source = laid_over(base, laboratory, "labels")
    labels = shaped(Labels, source)
    if laboratory is None:
        return labels
    built_in = shaped(Labels, base)
    findings = list(checked(built_in, labels, source, load_meanings(laboratory)))
    if findings:
        raise FindingsError(findings)
    if not is_translated(built_in, labels):
        return labels
    return labels.model_copy(update=beside(built_in, labels, _given(laboratory)))


def _given(laboratory: Laboratory) -> frozenset[str]:
    """The labels that the profiles give, with sections as `sections.gross`."""
    entries = [entry for _, part in laboratory.parts("labels") for entry in part]
    inner = {f"{entry.key}.{each.key}" for entry in entries if isinstance(entry.value, Mapping) for each in entry.value}
    return frozenset({entry.key for entry in entries} | inner)


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
