"""Pairwise cases: every two answers that go together in some case of the pool stand together in one that was chosen."""

from __future__ import annotations

from reportgen.invented.cases import cases
from reportgen.pipeline import check, compose
from reportgen.profiles.pairwise import AnswerPair, fewest, pairs, pairwise
from reportgen.protocols.load import load_protocol
from reportgen.reading.source import source_of


def test_the_chosen_cases_show_all_pairs_of_the_pool_most_telling_first() -> None:
    made = load_protocol("aismn")
    pool = list(cases("aismn", 60, 1))
    chosen = [pool[number] for number in fewest(pool, made)]
    shown = set().union(*(set(pairs(case, made)) for case in pool))
    assert set().union(*(set(pairs(case, made)) for case in chosen)) == shown
    assert len(shown) > 2_000
    gains: list[int] = []
    seen: set[AnswerPair] = set()
    for case in chosen:
        new = set(pairs(case, made)) - seen
        gains.append(len(new))
        seen |= new
    assert all(gains)
    assert gains == sorted(gains, reverse=True)


def test_the_cases_are_in_order_and_the_same_each_time() -> None:
    made = load_protocol("general")
    pool = list(cases("general", 20, 1))
    chosen = fewest(pool, made)
    assert chosen == fewest(list(cases("general", 20, 1)), made)
    assert not any(check(source_of(pool[number])).errors for number in chosen)
    first, checked = pairwise("general", None, 1)[0]
    assert first in pool
    assert compose(checked) == compose(source_of(first))
