"""The words that reportgen itself prints, in the report's language; `templates/labels/en.yaml` holds them."""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel, ConfigDict, ValidationError

from reportgen import layers
from reportgen.findings import Finding, FindingsError
from reportgen.reading.files import read_file
from reportgen.reading.source import place_at, plain


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
    part: str
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
    telephone: str
    clia: str
    page: str
    of: str
    reason: str
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


@lru_cache(maxsize=4)
def load_labels(language: str = "en") -> Labels:
    """Load the labels of a language; raises `FindingsError` (T401) with file and line."""
    paths = layers.find(f"labels/{language}.yaml")
    source = read_file(paths[-1], name=f"labels/{language}.yaml")
    try:
        return Labels.model_validate(plain(source))
    except ValidationError as error:
        raise FindingsError(
            Finding("T401", place_at(source, item["loc"]), ".".join(map(str, item["loc"])), item["msg"].lower())
            for item in error.errors(include_input=False)
        ) from None
