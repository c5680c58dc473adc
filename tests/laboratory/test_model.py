"""Whose words stand where, and what a stack of profiles comes to."""

from __future__ import annotations

import pickle
from pathlib import Path

from tests.support.labs import HEAD, lab, write_lab


def test_the_origin_of_a_file_is_its_profile(tmp_path: Path) -> None:
    write_lab(tmp_path / "low")
    made = lab(tmp_path / "high", "stands_on: ../low\n", head=HEAD.replace("Example", "High"))
    assert made.origin(str(tmp_path / "low" / "lab.yaml")) == "Example Laboratory 1.0"
    assert made.origin(str(tmp_path / "high" / "lab.yaml")) == "High Laboratory 1.0"
    assert made.origin("protocols/aismn/wording.yaml") == ""


def test_a_profile_without_anything_leaves_all_as_it_is(tmp_path: Path) -> None:
    made = lab(tmp_path)
    assert (made.sections, made.paper, made.coding, made.waivers, made.styles()) == ((), "", False, (), ())
    assert made.own.part("labels") is None
    assert list(made.parts("protocols", "aismn")) == []


def test_a_profile_travels_to_a_worker_as_it_is(tmp_path: Path) -> None:
    made = lab(tmp_path, "labels: {page: Sheet}\n")
    assert pickle.loads(pickle.dumps(made)) == made
    assert hash(made) == hash(pickle.loads(pickle.dumps(made)))
    assert made != "something else"
