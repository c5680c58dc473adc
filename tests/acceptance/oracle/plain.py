"""A part's answers as plain words, and logic with three values: true, false, and None for "not known".

The oracle knows cases only as the dictionaries that a file holds. It shares no code with the program.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

Data = dict[str, Any]
Truth = bool | None

UNDETERMINED = ("cannot be determined", "cannot be assessed")
POSITIVE = ("positive", "focally positive")
CORE = ("SMA", "desmin", "caldesmon")


def all_of(*truths: Truth) -> Truth:
    """False as soon as one is; true only where all are."""
    return False if False in truths else None if None in truths else True


def any_of(*truths: Truth) -> Truth:
    """True as soon as one is; false only where all are."""
    return True if True in truths else None if None in truths else False


def none_of(*truths: Truth) -> Truth:
    """Whether not one of them is true."""
    found = any_of(*truths)
    return None if found is None else not found


class Part:
    """One part of a case, asked by dotted path (`margins.deep.distance`)."""

    def __init__(self, data: Data, case: Data) -> None:
        self.data = data
        self.case = case

    def node(self, path: str) -> Any:
        """What the file holds at a path; None where it holds nothing."""
        node: Any = self.data
        for step in path.split("."):
            node = node.get(step) if isinstance(node, dict) else None
        return node

    def said(self, path: str) -> str | None:
        """The answer at a path: its words; None where there is none."""
        node = self.node(path)
        if isinstance(node, dict):
            node = node.get("result")
        return node if isinstance(node, str) else None

    def has(self, path: str) -> bool:
        """Whether there is an answer."""
        return self.said(path) is not None

    def is_in(self, path: str, *answers: str) -> Truth:
        """Whether the answer is one of these; an answer in other words is neither, nor is one that is not there."""
        said = self.said(path)
        if said in answers:
            return True
        return None if said is None or said == "other" or said in UNDETERMINED else False

    def optional(self, path: str, *answers: str) -> Truth:
        """The same of an answer that nobody has to give: what was not entered was not found."""
        return False if self.said(path) is None else self.is_in(path, *answers)

    def stain(self, name: str) -> str | None:
        """The result of a stain."""
        return self.said(f"stains.{name}")

    def positive(self, *names: str) -> bool:
        """Whether one of these stains is positive, if only focally."""
        return any(self.stain(name) in POSITIVE for name in names)

    def negative(self, *names: str) -> bool:
        """Whether all of these stains are negative."""
        return all(self.stain(name) == "negative" for name in names)

    def number(self, path: str) -> tuple[Decimal, Decimal] | None:
        """Between what a number lies; None where it is not known."""
        said = self.said(path)
        found = re.match(r"(<=|>=|<|>)?\s*(\d+(?:\.\d+)?)", said or "")
        if not found:
            return None
        number, far, step = Decimal(found[2]), Decimal(10**9), Decimal("0.000001")
        return {
            None: (number, number),
            "<": (Decimal(0), number - step),
            "<=": (Decimal(0), number),
            ">": (number + step, far),
            ">=": (number, far),
        }[found[1]]

    def above(self, path: str, limit: str | int) -> Truth:
        """Whether a number is above a limit."""
        between = self.number(path)
        if between is None:
            return None
        low, high = between
        return True if low > Decimal(limit) else False if high <= Decimal(limit) else None

    @property
    def kind(self) -> str | None:
        """`biopsy`, `excision` or `debulking`; None where the procedure does not say."""
        said = self.said("procedure")
        if said == "other":
            said = self.said("procedure.counts_as")
            return said if said in ("biopsy", "excision") else None
        if said in ("shave biopsy", "punch biopsy", "incisional biopsy"):
            return "biopsy"
        if said == "Mohs debulking":
            return "debulking"
        return "excision" if said else None

    @property
    def follows(self) -> bool:
        """Whether it follows an earlier specimen, so that residual neoplasm is asked for."""
        return self.said("procedure") == "re-excision" or any(
            self.node(f"prior.{name}") for name in ("accession", "diagnosis", "date", "immunophenotype")
        )

    @property
    def residual(self) -> str | None:
        """What the second specimen holds: `present`, `not identified`, `first` (there was none before), None: open."""
        return self.said("residual") if self.follows else "first"

    def override(self, name: str) -> bool:
        """Whether the pathologist worded this."""
        return bool((self.data.get("override") or {}).get(name))
