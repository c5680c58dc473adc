"""The starter of a profile: in order as it is, and with every line of it taken into use."""

from __future__ import annotations

import re
from pathlib import Path

from reportgen.laboratory.read import load_laboratory
from reportgen.laboratory.starter import starter
from reportgen.protocols.load import load_protocol


def test_the_starter_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text(starter("Our Laboratory"), encoding="utf-8")
    made = load_laboratory(tmp_path)
    assert made.spec.name == "Our Laboratory"
    assert load_protocol("aismn", made).changes == ()


def test_its_examples_are_in_order_once_they_are_uncommented(tmp_path: Path) -> None:
    text = re.sub(r"^# ((?: *)(?:- |[\w.]+: ?|\d).*|    (?:1 |Any).*)$", r"\1", starter("Our Laboratory"), flags=re.M)
    text = "\n".join(
        line for line in text.splitlines() if not re.match(r"(Use|See|extends|layout|  (logo|css|html|word))", line)
    )
    text = text.replace("…", "Words.")
    (tmp_path / "lab.yaml").write_text(text, encoding="utf-8")
    made = load_laboratory(tmp_path)
    assert made.spec.letterhead is not None
    assert made.spec.letterhead.address.splitlines() == ["1 Sample Street", "Anytown, ST 00000"]
    assert len(load_protocol("aismn", made).changes) >= 5
