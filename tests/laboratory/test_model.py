"""What a profile comes to, and that it travels as it is."""

from __future__ import annotations

import pickle
from pathlib import Path

from tests.support.labs import lab


def test_a_profile_without_anything_leaves_all_as_it_is(tmp_path: Path) -> None:
    made = lab(tmp_path)
    said = made.spec
    assert (said.sections, said.paper, said.coding, said.waivers, made.styles()) == ((), "", None, (), ())
    assert made.own.part("labels") is None
    assert list(made.parts("protocols", "aismn")) == []


def test_a_profile_travels_to_a_worker_as_it_is(tmp_path: Path) -> None:
    made = lab(tmp_path, "labels: {page: Sheet}\n")
    assert pickle.loads(pickle.dumps(made)) == made
    assert hash(made) == hash(pickle.loads(pickle.dumps(made)))
    assert made != "something else"
