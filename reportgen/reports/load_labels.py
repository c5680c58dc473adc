"""The labels of reports, with those that a laboratory gives for itself."""

from __future__ import annotations

from functools import lru_cache

from reportgen import template_files
from reportgen.findings import FindingsError
from reportgen.laboratory.meanings import load_meanings
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.overlay import laid_over
from reportgen.reading.readers import read_file
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Mapping
from reportgen.reports.label_check import beside, checked, is_translated
from reportgen.reports.labels import Labels

_FILE = "labels/en.yaml"


@lru_cache(maxsize=8)
def load_labels(laboratory: Laboratory | None = None) -> Labels:
    """Load the labels, with those that a laboratory gives for itself.

    Raises:
        FindingsError: T401 and T402 with file and line; T412 for a label that weakens a safeguard.
    """
    base = read_file(template_files.path(_FILE), name=_FILE)
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
