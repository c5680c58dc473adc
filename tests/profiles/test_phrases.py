"""The phrasebook is complete: what any report says stands in it, and says whose words it is."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from reportgen.invented.cases import cases, checked_cases
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Settings, compose
from reportgen.profiles.phrases import Phrase, Phrasebook, phrasebook
from reportgen.protocols.load import frozen_templates
from reportgen.reading.source import source_of
from reportgen.reports.model import Pairs, Report, Table
from tests.acceptance.support import CHECKOUT
from tests.support.labs import protocol_lab

PROFILE = CHECKOUT / "samples" / "profiles" / "dermatopathology"
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
OWN_WORDS = ("", "diagnosis.override", "comment.override", "comment.missing", "header.pending")


NAMED = re.compile(r"\{\{.*?\}\}|\{\w+\}")


def matches(words: str, text: str) -> bool:
    """Whether a printed text is that of an entry, with any words in place of the answers."""
    pieces = (re.escape(" ".join(piece.split())) for piece in NAMED.split(words))
    return re.compile(r"\s*(?:.+?)\s*".join(pieces), re.DOTALL).fullmatch(text) is not None


def entry_for(book: Phrasebook, clause: str, text: str) -> Phrase | None:
    """The entry that a printed sentence belongs to; None where there is none."""
    words = text.removesuffix(f" {book.labels.see_comment}")
    unlabeled = re.sub(r"^[A-Z]{1,3}\. ", "", words)  # a header line without the letter of its part
    framed = ".+".join(map(re.escape, NAMED.split(book.labels.withheld)))
    for phrase in book.phrases:
        if phrase.id == clause:
            if any(matches(line, text) for line in phrase.words.split("\n") for text in (words, unlabeled)):
                return phrase
            if phrase.gap and re.fullmatch(framed, unlabeled):
                return phrase
    return None


def unknown(report: Report, book: Phrasebook) -> list[tuple[str, str]]:
    """The sentences of a report that stand in no entry; what the pathologist wrote is not the profile's to list."""
    found = []
    for sentence in report.sentences():
        own = sentence.clause in OWN_WORDS or sentence.clause.endswith(".override") or sentence.clause == "coding"
        if not own and entry_for(book, sentence.clause, sentence.text) is None:
            found.append((sentence.clause, sentence.text))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("laboratory", [None, load_laboratory(PROFILE)], ids=["built-in", "sample profile"])
def test_every_sentence_of_many_reports_stands_in_the_phrasebook(laboratory: Laboratory | None) -> None:
    settings = Settings(laboratory=laboratory)
    seen: set[str] = set()
    with frozen_templates():
        for protocol, number in (("aismn", 1_800), ("general", 200)) if LONG else (("aismn", 220), ("general", 30)):
            book = phrasebook(protocol, laboratory)
            for _, checked in checked_cases(protocol, number, 7, parts=2, laboratory=laboratory):
                report = compose(checked, settings)
                assert unknown(report, book) == []
                seen |= {sentence.clause for sentence in report.sentences()}
    assert len(seen) >= 70


def test_names_and_answers_of_elements_stand_in_it() -> None:
    laboratory = load_laboratory(PROFILE)
    book = phrasebook("aismn", laboratory)
    words = {phrase.words.casefold() for phrase in book.phrases}
    for case in cases("aismn", 40, 5, laboratory=laboratory):
        report = compose(source_of(case), Settings(laboratory=laboratory))
        for block in report.blocks():
            labels = [pair.label for pair in block.pairs] if isinstance(block, Pairs) else []
            labels += [row[0].text for row in block.rows] if isinstance(block, Table) else []
            for label in labels:
                name = label.replace("edge", "{{ edge }}").replace("margin", "{{ edge }}")
                known = {label.casefold(), name.casefold()} & words
                assert known or label.startswith("Block ") or "Further" in label or _entered(label, report), label


def _entered(label: str, report: Report) -> bool:
    """A stain that was entered by name."""
    return any(isinstance(block, Table) and label in {row[0].text for row in block.rows} for block in report.blocks())


def test_each_entry_says_whose_words_it_is_and_where_they_come_from() -> None:
    book = phrasebook("aismn", load_laboratory(PROFILE))
    by_id = {phrase.id: phrase for phrase in reversed(book.phrases)}  # of those with one id, the first
    own, built_in = by_id["comment.recommendation.re_excision"], by_id["comment.recommendation.peripheral"]
    assert own.origin == "Example Dermatopathology 1.0"
    assert own.words.startswith("We recommend re-excision")
    assert own.when == "base_not_seen and (biopsy or margined)"
    assert (built_in.origin, "Treatment" in built_in.source) == ("built-in", True)
    assert by_id["comment.interpretation.withheld"].gap
    assert by_id["comment.lymphovascular.present"].removed
    assert by_id["necrosis = not identified"].words == "not seen"
    assert by_id["labels.report_title"].origin == "Example University Pathology 2026.1"
    assert by_id["aismn.perineural"].words.endswith("Dr. A. Example, director)")
    assert by_id["letterhead.name"].words == "Example University Pathology"
    assert by_id["elements" if "elements" in by_id else "conference"].words == "Shown at conference"


def test_a_sentence_that_no_clause_says_is_not_found(tmp_path: Path) -> None:
    book = phrasebook("aismn", None)
    assert entry_for(book, "comment.recommendation.re_excision", "Something else entirely.") is None
    assert entry_for(book, "comment.recommendation.nothing", "Re-excision") is None
    own = phrasebook("aismn", protocol_lab(tmp_path, "wording: {comment.necrosis.present: {say: There is necrosis.}}"))
    assert entry_for(own, "comment.necrosis.present", "There is necrosis.")
    assert entry_for(own, "comment.necrosis.present", "Necrosis is present.") is None


def test_it_says_what_each_macro_answers_and_whose_it_is(tmp_path: Path) -> None:
    changes = "macros: {append: [{id: ours, title: Ours, answers: {type: verruca}}]}\n"
    book = phrasebook("seborrheic", protocol_lab(tmp_path, changes, "seborrheic"))
    found = {each.id: each for each in book.phrases if each.group.endswith(": macros")}
    assert (found["ours"].words, found["ours"].origin) == ("type: verruca", "Example Laboratory 1.0")
    assert found["sk"].words == "type: seborrheic keratosis; irritation: not identified; atypia: not identified"
    assert (found["sk"].origin, found["sk"].source.rpartition(": ")[2]) == ("built-in", "usual answers")


def test_it_says_what_a_profile_answers_and_when(tmp_path: Path) -> None:
    book = phrasebook("scc", protocol_lab(tmp_path, "elements: {staging.system: {usual: AJCC 8}}\n", "scc"))
    found = [each for each in book.phrases if each.group.endswith(": usual answers")]
    assert [(each.id, each.words, each.when, each.origin) for each in found] == [
        ("staging.system", "AJCC 8", "tumor and excision", "Example Laboratory 1.0")
    ]
    assert not [each for each in phrasebook("scc", None).phrases if "usual" in each.group]
