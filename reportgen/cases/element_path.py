"""The path of an entry of a case, as findings print it: `patient.name`, `parts.A.gross.blocks.2.id`."""

from __future__ import annotations

from typing import NamedTuple


class ElementPath(NamedTuple):
    """Where an entry is in a case.

    Attributes:
        part: the name of its part; "" for the head of the case.
        steps: the keys that lead to it from there; entries of a repeated group are counted from 1.
    """

    part: str
    steps: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> ElementPath:
        """Take a path apart; any text is the path of something."""
        first, *steps = text.split(".")
        if first == "parts" and steps and steps[0]:
            return cls(steps[0], tuple(steps[1:]))
        return cls("", (first, *steps))

    def __str__(self) -> str:
        return ".".join(("parts", self.part, *self.steps) if self.part else self.steps)

    @property
    def slot(self) -> str:
        """The path of its element in the form of its part, or of the head."""
        return ".".join([step for step in self.steps if not is_number(step)])

    @property
    def name(self) -> str:
        """The last of its steps; "" for a part or a head as a whole."""
        return self.steps[-1] if self.steps else ""

    @property
    def above(self) -> ElementPath:
        """The path of what it is in."""
        return ElementPath(self.part, self.steps[:-1])

    @property
    def from_part(self) -> str:
        """The path as it is from its part, or from the head."""
        return ".".join(self.steps)

    @property
    def bare(self) -> ElementPath:
        """The path of its element, without the numbers of entries."""
        return ElementPath(self.part, tuple(step for step in self.steps if not is_number(step)))

    @property
    def line(self) -> tuple[ElementPath, ...]:
        """The path itself, then each path above it, up to the part or the head of the case."""
        return tuple(ElementPath(self.part, self.steps[:end]) for end in range(len(self.steps), -1, -1))


def is_number(step: str) -> bool:
    """Whether a step of a path counts an entry of a repeated group."""
    return step.isascii() and step.isdecimal()
