"""What a profile says in words of its own in a report: nothing that is a finding, a state, or an empty claim."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from reportgen.findings import Finding
from reportgen.laboratory.meanings import load_meanings, words_of
from reportgen.laboratory.shape import LabFile
from reportgen.reading.source import Mapping, place_at

_ATTESTED = frozenset({"name", "time"})


def check_own_words(spec: LabFile, source: Mapping) -> Iterator[Finding]:
    """T401 for words that are empty or hold unknown names, T428 and T417 for what they may not claim."""
    if spec.stain_method:
        for key, text in spec.stain_method:
            yield from _words(text, source, "stain_method", key) if text else ()
    if spec.attestation:
        yield from _words(spec.attestation.text, source, "attestation", "text")
        yield from _braces(spec.attestation.text, source)
        for name, credentials in spec.attestation.credentials.items():
            yield from _words(credentials, source, "attestation", "credentials", name)


def _words(text: str, source: Mapping, *path: str) -> Iterator[Finding]:
    meanings = load_meanings()
    place, name = place_at(source, path), ".".join(path[:2])
    if not words_of(text) and not any(map(str.isdecimal, text)):
        yield Finding("T401", place, name, "is empty", "write it in words, or leave it out")
    elif claim := meanings.claim(text):
        yield Finding(
            "T428", place, name, f'uses the word "{claim}", which claims a state that no report made here has'
        )
    elif meanings.states(text):
        hint = "findings come from the case alone"
        yield Finding("T417", place, name, "states or denies a finding in every report", hint)


def _braces(text: str, source: Mapping) -> Iterator[Finding]:
    place, name = place_at(source, ("attestation", "text")), "attestation.text"
    hint = "the names are {name} and {time}"
    try:
        fields = [(field, rest) for _, field, *rest in Formatter().parse(text) if field is not None]
    except ValueError:
        yield Finding("T401", place, name, "has a single brace", hint)
        return
    if not {field for field, _ in fields} <= _ATTESTED or any(spec or turned for _, (spec, turned) in fields):
        yield Finding("T401", place, name, "has an unknown name in braces", hint)
    elif "name" not in {field for field, _ in fields}:
        yield Finding("T401", place, name, "does not name who attests", "write {name} where the name belongs")
