"""The cases that show faults, as files that can be rendered."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

import yaml

from reportgen.proofs.prove import Fault

_ONE_LINE = 1 << 30
_WIDTH = 100


def case_files(faults: list[Fault]) -> Iterator[tuple[Fault, str, bytes]]:
    """Each fault that a case shows, with the name of its file and its content."""
    shown = [fault for fault in faults if fault.case is not None]
    for number, fault in enumerate(shown, start=1):
        name = f"{number:02}-{fault.finding.code}-{fault.finding.path.replace('.', '-')}.yaml"
        said = f"An invented case, marked as test data. {fault.finding.path} {fault.finding.message}."
        head = "".join(f"# {line}\n" for line in wrap(said, _WIDTH, break_long_words=False))
        text = yaml.safe_dump(fault.case, sort_keys=False, allow_unicode=True, width=_ONE_LINE)
        yield fault, name, (head + text).encode()
