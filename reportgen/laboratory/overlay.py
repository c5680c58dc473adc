"""What a profile says laid over what is built in, key by key: for design tokens and labels."""

from __future__ import annotations

from dataclasses import replace

from reportgen.findings import Finding, FindingsError, did_you_mean, one_of
from reportgen.laboratory.model import Laboratory
from reportgen.reading.source import Entry, Mapping, Node


def laid_over(base: Mapping, laboratory: Laboratory | None, key: str) -> Mapping:
    """The built-in entries with those that the profiles give under `key` of their `lab.yaml`.

    Raises:
        FindingsError: T402 for a key that is not there; its place is that in `lab.yaml`.
    """
    for _, over in laboratory.parts(key) if laboratory else ():
        findings: list[Finding] = []
        base = _laid(base, over, key, findings)
        if findings:
            raise FindingsError(findings)
    return base


def _laid(base: Mapping, over: Mapping, path: str, findings: list[Finding]) -> Mapping:
    entries = {entry.key: entry for entry in base}
    for entry in over:
        full = f"{path}.{entry.key}"
        below = entries.get(entry.key)
        if below is None:
            hint = did_you_mean(entry.key, entries, otherwise=one_of(entries))
            findings.append(Finding("T402", entry.place, full, "there is nothing of this name to change", hint))
            continue
        value: Node = entry.value
        if isinstance(below.value, Mapping) and isinstance(value, Mapping):
            value = _laid(below.value, value, full, findings)
        elif type(below.value) is not type(value):
            findings.append(Finding("T401", entry.place, full, "has another shape than what it replaces"))
            continue
        entries[entry.key] = Entry(entry.key, value, entry.place)
    return replace(base, entries=tuple(entries.values()))
