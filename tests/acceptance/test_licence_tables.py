"""What licenses each name, each remark and each advisory, and which one answer takes it away: a file for each protocol.

The tables in `licences/` can be read without the program: they say all of it in answers and in words of the report,
without a fact, a term or a condition of the protocol. A row is one combination of the `answers`. The id of a statement
is followed by its rules. The first rule that matches a row says what the report prints: a sentence, its beginning (with
`…`), `a gap` or `nothing`; where the sentence differs by specimen, one for each. The rules of an advisory say at which
level it is raised (`B1 warning`). `taken away by` lists every one answer that takes a
sentence or an advisory out of each row that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reportgen.assessment.judgement import assess
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.entries import Walk
from reportgen.cases.model import Answer, Part
from reportgen.findings import Place
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.files import built_in_ids
from reportgen.protocols.load import load_protocol
from reportgen.protocols.origins import fragments_in
from reportgen.reading.source import source_of
from reportgen.reports.licence import Licence, Pending, Spoken
from reportgen.reports.load_labels import load_labels
from tests.acceptance.support import HERE, TEMPLATES, read_data

FILES = sorted((HERE / "licences").glob("*.yaml"))
ELSEWHERE = {"aismn", "afx-pds", "spindle-workup", "general"}  # three have oracles of their own; one names nothing
GAP, NOTHING, ABSENT, LOST = "a gap", "nothing", "not entered", "taken away by"
MOST = 2_000  # rows of one file
_BESIDE_ANSWERS = ("label", "protocol", "received_as", "acknowledge", "override")

Row = tuple[str, ...]  # the name of one answer for each question of a table


class Rule(NamedTuple):
    """The answers that a rule asks for, by question, and what is then printed."""

    asks: dict[str, frozenset[str]]
    says: str

    def fits(self, row: Mapping[str, str]) -> bool:
        return all(row[question] in answers for question, answers in self.asks.items())


class Table(NamedTuple):
    """One table of a file.

    Attributes:
        answers: question → the name of each answer that is tried → what a case enters for it, by path.
        rules: statement → its rules.
        lost: sentence → question → the answers that take the sentence away.
    """

    answers: dict[str, dict[str, dict[str, Any]]]
    rules: dict[str, tuple[Rule, ...]]
    lost: dict[str, dict[str, set[str]]]

    def rows(self) -> list[Row]:
        return list(product(*self.answers.values()))

    def expected(self, statement: str, row: Row) -> str:
        """What a row must print, by the rules."""
        named = dict(zip(self.answers, row, strict=True))
        return next((rule.says for rule in self.rules[statement] if rule.fits(named)), "no rule")


def tables(file: Path) -> list[Table]:
    """The tables of a file."""
    return [_table(dict(data)) for data in read_data(file)["tables"]]


def _table(data: dict[str, Any]) -> Table:
    answers = {question: dict(_tried(question, each)) for question, each in data.pop("answers").items()}
    lost = data.pop(LOST, {})
    rules = {statement: tuple(_rules(listed, answers)) for statement, listed in data.items()}
    found = {text: {question: set(_listed(each)) for question, each in by.items()} for text, by in lost.items()}
    return Table(answers, rules, found)


def _rules(listed: list[dict[str, Any]], answers: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Rule]:
    """The rules of a statement; one whose sentence differs by specimen is several."""
    for rule in listed:
        asks = {question: frozenset(_listed(each)) for question, each in rule.get("if", {}).items()}
        slips = {question for question, asked in asks.items() if not asked <= answers[question].keys()}
        assert not slips, f"a rule asks for what is not tried: {rule}"
        if isinstance(rule["says"], str):
            yield Rule(asks, rule["says"])
            continue
        for specimen, says in rule["says"].items():
            assert specimen in answers["specimen"]
            yield Rule({**asks, "specimen": frozenset({specimen})}, says)


def _tried(question: str, given: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name of each answer, and what a case enters for it: one answer, or several under one name."""
    if isinstance(given, dict):
        yield from given.items()
        return
    for each in given:
        name, value = next(iter(each.items())) if isinstance(each, dict) else (each, each)
        yield name, {question: None if name == ABSENT else value}


def _listed(given: Any) -> list[str]:
    return given if isinstance(given, list) else [given]


def printed(protocol: str, of: Table) -> dict[str, dict[Row, str]]:
    """Statement → row → what the program prints.

    Each answer is typed once, as a case file enters it, and only these statements are asked for their words: composing
    whole reports would take too long.
    """
    made, labels = load_protocol(protocol), load_labels(None)
    known = _typed(made, read_data(TEMPLATES / "protocols" / protocol / "scenarios.yaml")["case"]["parts"][0])
    tried = {
        (question, name): (tuple(entered), _typed(made, _nested(entered)))
        for question, names in of.answers.items()
        for name, entered in names.items()
    }
    clauses = {id: made.statements()[id.partition(".")[2]].clauses for id in of.rules if "." in id}
    advisories = of.rules.keys() - clauses.keys()
    paths = {path for replaced, _ in tried.values() for path in replaced}
    kept = {at: each for at, each in known.items() if not any(f"{at}.".startswith(f"{path}.") for path in paths)}
    found: dict[str, dict[Row, str]] = {statement: {} for statement in of.rules}
    for row in of.rows():
        answers = dict(kept)
        for answered in zip(of.answers, row, strict=True):
            answers |= tried[answered][1]
        scope = AnswerScope(made, answers)
        licence = Licence(made, scope, labels)
        for id, each in clauses.items():
            found[id][row] = _words(licence.speak(each))
        if advisories:
            part = Part(label="A", protocol=made, answers=answers, place=Place())
            raised = {each.id: f"{each.id} {each.level.value}" for each in assess(part, scope).advisories}
            for id in advisories:
                found[id][row] = raised.get(id, NOTHING)
    return found


def _words(spoken: Spoken | Pending | None) -> str:
    if spoken is None:
        return NOTHING
    return GAP if isinstance(spoken, Pending) or spoken.clause.gap else spoken.text


def _as_expected(says: str, rules: Iterable[Rule]) -> str:
    """What was printed, or the beginning of it that a rule names."""
    beginnings = (rule.says for rule in rules if rule.says.endswith("…"))
    return next((each for each in beginnings if says.startswith(each[:-1])), says)


def _nested(entered: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by their paths as a part of a case file."""
    part: dict[str, Any] = {}
    for path, value in entered.items():
        *above, last = path.split(".")
        inside = part
        for step in above:
            inside = inside.setdefault(step, {})
        inside[last] = value
    return part


def _typed(made: Compiled, part: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers of a part, by their paths."""
    walk = Walk(made, "parts.A.")
    walk.mapping(source_of(dict(part)), "", "", ignore=_BESIDE_ANSWERS)
    assert not walk.findings, [each.as_line(show_values=True) for each in walk.findings]
    return walk.answers


def takers(of: Table, found: Mapping[Row, str], text: str) -> dict[str, set[str]]:
    """Question → the answers that take a sentence out of each row that has it with another answer."""
    lost: dict[str, set[str]] = {}
    having = [row for row, says in found.items() if says == text]
    for at, (question, names) in enumerate(of.answers.items()):
        for name in names:
            without = [found[(*row[:at], name, *row[at + 1 :])] != text for row in having if row[at] != name]
            if without and all(without):
                lost.setdefault(question, set()).add(name)
    return lost


@pytest.mark.parametrize("protocol", [file.stem for file in FILES])
def test_every_row_prints_what_its_answers_license(protocol: str) -> None:
    every = tables(HERE / "licences" / f"{protocol}.yaml")
    assert sum(len(of.rows()) for of in every) <= MOST
    for of in every:
        for statement, rows in printed(protocol, of).items():
            rules = of.rules[statement]
            found = {row: _as_expected(says, rules) for row, says in rows.items()}
            wrong = [
                f"{statement} {row}: {says}; not: {of.expected(statement, row)}"
                for row, says in found.items()
                if says != of.expected(statement, row)
            ]
            assert wrong[:5] == [], f"{len(wrong)} rows"
            sentences = {rule.says for rule in rules}
            assert sentences == set(found.values()), "a rule is never the first that fits"
            for text in sentences - {GAP, NOTHING}:
                assert of.lost.get(text, {}) == takers(of, found, text), text


@pytest.mark.parametrize("protocol", [file.stem for file in FILES])
def test_every_name_and_every_advisory_of_its_own_has_a_table(protocol: str) -> None:
    made = load_protocol(protocol)
    shared = fragments_in(made, "advisories")
    own = {
        each.id
        for each in made.protocol.advisories
        if each.id not in shared and not any("case." in remark.when for remark in each.levels)  # rows have no patient
    }
    tabled = {id for of in tables(HERE / "licences" / f"{protocol}.yaml") for id in of.rules}
    assert {"diagnosis.headline", *own} <= tabled


def test_every_protocol_has_tables_or_an_oracle_of_its_own() -> None:
    assert {file.stem for file in FILES} == set(built_in_ids()) - ELSEWHERE
