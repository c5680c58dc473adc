"""Ask the solver everything about a protocol, and let the program confirm each case that it finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from reportgen.findings import Finding, Place
from reportgen.laboratory.meanings import load_meanings, words_of
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, check
from reportgen.proofs.boundaries import boundaries
from reportgen.proofs.judgements import judgements
from reportgen.proofs.logic import Logic
from reportgen.proofs.questions import Question, questions
from reportgen.proofs.tried import Tried, tried
from reportgen.proofs.witness import Data, Witness
from reportgen.protocols.addresses import addresses
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_protocol
from reportgen.protocols.proof.answers import answered, chosen, undetermined
from reportgen.protocols.proof.formula import Formula, no, variables
from reportgen.protocols.proof.solver import Solver
from reportgen.reading.source import NodePath, place_at, source_of

_ATTEMPTS = 8  # cases for one question that the program may refuse, before it is given up
_UNDECIDED = "W320"
_FREE_OF, _WANTED = "free of ", "wanted"
_MANY = 3  # questions that a case must answer, if further such cases are to be worth their time


@dataclass(frozen=True, eq=False)
class Fault:
    """What is wrong with a protocol, and the case that shows it; None where no case can: nothing ever does."""

    finding: Finding
    case: Data | None

    @property
    def answers(self) -> str:
        """The answers of the case, in one line."""
        told = dict(_flat(self.case["parts"][0])) if self.case else {}
        return "; ".join(f"{path}: {answer}" for path, answer in told.items() if path not in ("label", "protocol"))


@dataclass
class Proof:
    """What was found out about a protocol.

    Attributes:
        asked: how many questions were settled.
        faults: what is wrong.
        undecided: the questions that were not settled, as findings.
    """

    asked: int = 0
    faults: list[Fault] = field(default_factory=list)
    undecided: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything was settled, and nothing is wrong."""
        return not (self.faults or self.undecided)


def prove(protocol: str, laboratory: Laboratory | None = None, *, code: str = "") -> Proof:
    """Prove what a protocol says over all cases that validation admits.

    Args:
        protocol: its id.
        laboratory: the profile that may bring it, and whose changes are laid over it.
        code: the only finding that is looked for, for example T440; "" for all.

    Raises:
        FindingsError: S609 without a solver; E110 and T4xx where the protocol cannot be loaded.
    """
    return _Prover(load_protocol(protocol, laboratory), laboratory, code).proof()


class _Prover:
    def __init__(self, made: Compiled, laboratory: Laboratory | None, code: str) -> None:
        self.made = made
        self.laboratory = laboratory
        self.logic = Logic(made)
        advice = load_meanings(laboratory).advice
        every = [
            *questions(self.logic, lambda words: not advice.isdisjoint(words_of(words))),
            *judgements(self.logic),
            *boundaries(self.logic),
        ]
        self.questions = [each for each in every if code in ("", each.code)]
        free = {_FREE_OF + id: no(where) for id, where in self.logic.contradictions.items()}
        wanted = {f"{_WANTED} {number}": each.formula for number, each in enumerate(self.questions) if each.wanted}
        self.solver = Solver(self.logic.rules, {**free, **wanted}, [each.formula for each in self.questions])
        self.known: list[Tried] = []  # cases that were composed, which may answer further questions
        self._rather = tuple(self._plainly())

    def proof(self) -> Proof:
        proof = Proof()
        with suppress(TimeoutError):
            self._try_many()
        for number, question in enumerate(self.questions):
            self._settle(number, question, proof)
        return proof

    def _try_many(self) -> None:
        """Compose cases each of which answers many questions at once, of every statement one."""
        wanted = {number: each for number, each in enumerate(self.questions) if each.wanted and not each.refused}
        while wanted:
            first = {each.id.rpartition(".")[0] or each.id: f"{_WANTED} {number}" for number, each in wanted.items()}
            values = self.solver.values(
                None, [_FREE_OF + id for id in self.logic.contradictions], rather=first.values()
            )
            case = tried(self._data(values), self.laboratory) if values else None
            shown = {number for number, each in wanted.items() if case and each.shows(case)}
            if case is None or len(shown) < _MANY:
                return
            self.known.append(case)
            wanted = {number: each for number, each in wanted.items() if number not in shown}

    def _settle(self, number: int, question: Question, proof: Proof) -> None:
        if question.wanted and any(map(question.shows, self.known)):
            proof.asked += 1
            return
        try:
            found = self._shown(number, question)
        except TimeoutError:
            proof.undecided.append(self._finding(_UNDECIDED, question, "the solver came to no answer in time"))
            return
        if isinstance(found, str):
            proof.undecided.append(self._finding(_UNDECIDED, question, found))
            return
        proof.asked += 1
        if (found is None) is question.wanted:
            proof.faults.append(Fault(self._finding(question.code, question, self._message(question, found)), found))

    def _shown(self, number: int, question: Question) -> Data | str | None:
        """The case that shows it; None where there is none; a text where the program confirms none that was found."""
        free = [_FREE_OF + id for id in self.logic.contradictions if id != question.refused]
        never: list[Mapping[str, int]] = []
        rather = () if question.wanted else self._rather
        for _ in range(_ATTEMPTS):
            values = self.solver.values(number, free, rather_not=rather, never=never)
            if values is None:
                return None if not never else _unconfirmed(question)
            case = self._confirmed(question, values)
            if case is not None:
                return case
            asked = variables().of(question.formula)
            never.append({name: value for name, value in values.items() if value == 1 or name in asked})
        return _unconfirmed(question)

    def _confirmed(self, question: Question, values: Mapping[str, int]) -> Data | None:
        data = self._data(values)
        if question.refused:
            errors = check(source_of(data), Settings(laboratory=self.laboratory)).errors
            return data if errors and {each.code for each in errors} <= {"E201", "E301"} else None
        here = tried(data, self.laboratory)
        if here is None:
            return None
        self.known.append(here)
        if not question.shows(here) or not (question.wanted or here.report.sections):
            return None
        for names, shows in question.beside:
            other = tried(
                self._data({**values, **{name: values.get(of, 0) for name, of in names.items()}}), self.laboratory
            )
            if other is None or not shows(other):
                return None
        return here.data

    def _data(self, values: Mapping[str, int]) -> Data:
        return Witness(self.made, self.logic.head, self.logic.plain.texts, values).case()

    def _plainly(self) -> Iterator[str]:
        """What makes a case long: answers that are not needed, and answers in other words."""
        for slot in self.logic.cases.asked:
            yield from (_name(answered(slot.path)), _name(undetermined(slot.path)))
            if isinstance(slot.element, ChoiceElement):
                yield from (_name(chosen(slot.path, each.id)) for each in slot.element.choices if each.asks)
        yield from (f"override.{name}" for name in self.logic.cases.own_words)

    def _finding(self, code: str, question: Question, message: str) -> Finding:
        place = place_of(self.made, question.id)
        return Finding(code, place, question.id, message, question.hint if code == question.code else "")

    def _message(self, question: Question, case: Data | None) -> str:
        if case is None or not question.about:
            return question.message
        answers = dict(_flat(case["parts"][0]))
        told = [f"{path}: {answers[path]}" for path in self.made.slots if path in answers and path in question.about]
        return f"{question.message}, given {'; '.join(told)}" if told else question.message


def _unconfirmed(question: Question) -> str:
    return f'"{question.message}" was not decided: the program confirmed none of the cases that were tried'


def place_of(made: Compiled, id: str) -> Place:
    """Where a protocol says what a question is about, or else what holds that."""
    paths: dict[str, NodePath] = {name: ("criteria", n) for n, name in enumerate(made.criteria)}
    known = {f"criteria.{name}": path for name, path in paths.items()}
    known |= {each.id: ("contradictions", n) for n, each in enumerate(made.form.contradictions)}
    for things in addresses(made.source).values():
        known |= {address: thing.path for address, thing in things.items() if address}
    while id not in known and "." in id:
        id = id.rpartition(".")[0]
    return place_at(made.source, known.get(id, ()))


def _name(variable: Formula) -> str:
    return variable.terms[0][0]


def _flat(data: Data, above: str = "") -> Iterator[tuple[str, str]]:
    """Path → answer of every entry, in words."""
    for key, value in data.items():
        path = f"{above}.{key}" if above else key
        if isinstance(value, dict):
            yield from _flat({each: inner for each, inner in value.items() if each != "result"}, path)
            value = value.get("result", "")
        if isinstance(value, list):
            value = ", ".join(str(each.get("result", "")) if isinstance(each, dict) else str(each) for each in value)
        if value:
            yield path, str(value)
