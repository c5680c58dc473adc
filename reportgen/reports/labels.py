"""The words that reportgen itself prints, in the report's language; `templates/labels/en.yaml` holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from string import Formatter

from pydantic import BaseModel, ConfigDict

from reportgen import layers
from reportgen.findings import Finding, FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.overlay import laid_over
from reportgen.reading.files import read_file
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Mapping, place_at

_MONTHS = range(12)


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
    date: str
    decimal: str
    months: tuple[str, ...]
    negations: str


FIXED = frozenset({
    "draft_mark", "test_mark", "test_draft_mark", "test_notice", "draft_notice", "unsigned", "not_entered", "pending",
    "pending_on", "withheld", "no_laboratory", "intended_use", "open_one", "open_many", "comment_missing",
    "finalised_by", "worded_by_pathologist", "acknowledged", "acknowledgement", "acknowledgement_of_part",
    "of_part", "waived", "not_applicable",
})  # fmt: skip
"""What tells a draft from a report and a gap from a finding, and what the tool is for; a translation may change it."""
_GAPS = ("not_entered", "pending", "pending_on", "withheld", "no_laboratory")
_DATE = (("YYYY",), ("MM", "M", "Month", "Mon"), ("DD", "D"))  # one of each makes a date


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
    if laboratory is not None:
        findings = list(_checked(shaped(Labels, base), labels, source))
        if findings:
            raise FindingsError(findings)
    return labels


def _checked(base: Labels, labels: Labels, source: Mapping) -> Iterator[Finding]:
    """What a laboratory's labels must keep: the names in braces, the safeguards, something to say."""
    translated = labels.language.split("-")[0] != base.language.split("-")[0]
    for path, old, new in _texts(base, labels):
        place, name = place_at(source, path), "labels." + ".".join(path)
        if path[0] in ("months", "negations"):
            continue
        if fields_of(old) != fields_of(new):
            names = ", ".join("{" + field + "}" for field in sorted(fields_of(old) or ())) or "none"
            yield Finding("T412", place, name, "must hold the same names in braces as the built-in label", names)
        elif not any(char.isalnum() for char in new) and any(char.isalnum() for char in old):
            yield Finding("T412", place, name, "says nothing")
        elif path[0] in FIXED and new != old and not translated:
            hint = "only a translation, with a language of its own, may change it"
            yield Finding("T412", place, name, "is a safeguard of every report", hint)
        elif path[0] in _GAPS and not (new.startswith("[") and new.endswith("]")):
            yield Finding("T412", place, name, "marks a gap and must stand in [square brackets]")
    yield from _dates_and_numbers(labels, source)


def _dates_and_numbers(labels: Labels, source: Mapping) -> Iterator[Finding]:
    kinds = [next((kind for kind in _DATE if word in kind), ()) for word in re.findall(r"[A-Za-z]+", labels.date)]
    if sorted(kinds) != sorted(_DATE):
        hint = "for example DD.MM.YYYY, Mon D, YYYY or D Month YYYY"
        yield Finding("T401", place_at(source, ("date",)), "labels.date", "must hold day, month and year once", hint)
    if labels.decimal not in (".", ","):
        yield Finding("T401", place_at(source, ("decimal",)), "labels.decimal", "is a point or a comma")
    if len(labels.months) != len(_MONTHS) or not all(labels.months):
        yield Finding("T401", place_at(source, ("months",)), "labels.months", "are twelve names")


def _texts(base: Labels, labels: Labels) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Each label's path with its built-in text and the text it has now."""
    for name in Labels.model_fields:
        old, new = getattr(base, name), getattr(labels, name)
        if isinstance(old, dict):
            yield from (((name, key), old[key], new[key]) for key in old)
        elif isinstance(old, str):
            yield (name,), old, new


def fields_of(pattern: str) -> frozenset[str] | None:
    """The names in braces of a pattern; None for one that asks for more than plain names."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return None
    fields = [(name, spec, how) for _, name, spec, how in parts if name is not None]
    if any(spec or how or not name.isidentifier() for name, spec, how in fields):
        return None
    return frozenset(name for name, _, _ in fields)


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
