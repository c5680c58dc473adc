"""What a page says that begins inside a part: `F. Left distal forearm (continued)`, on one line."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.formats.layout import Layout
from reportgen.formats.widths import width, widths
from reportgen.reports.model import Block, Heading, Pairs, Paragraph, Report, Role

_SHORT = "..."  # for the rest of a name that is longer than a line; the whole name is where the part begins
_ROOM = 0.96  # of the page's width, so that no rounding makes a second line


class Continued:
    """The line of each block that begins a part, as small as a table's head; a report of one part needs none."""

    def __init__(self, report: Report, layout: Layout) -> None:
        self.pattern = report.furniture.continued
        self.several = any(isinstance(each, Heading) or _caption(each) for each in report.blocks())
        self.size = layout.design.sizes.small
        self.room = layout.text_width * _ROOM
        self.widths: Mapping[str, int] = widths(layout.laboratory) if self.several else {}

    def line(self, block: Block) -> str:
        """What a page says that begins behind this block and before the next part; "" where no part begins here."""
        name = part_begun(block) if self.several else ""
        if not name or self._fits(self.pattern.format(part=name)):
            return self.pattern.format(part=name) if name else ""
        while name and not self._fits(self.pattern.format(part=name + _SHORT)):
            name = name[:-1]
        return self.pattern.format(part=name.rstrip(" ,;") + _SHORT)

    def inside(self, blocks: tuple[Block, ...]) -> list[str]:
        """What a page says that begins inside each block of a section, below the head of its part."""
        lines, current = [], ""
        for block in blocks:
            current = self.line(block) or current
            lines.append(current)
        return lines

    def _fits(self, line: str) -> bool:
        return width(line, self.size, self.widths) <= self.room


def may_continue(line: str, report: Report) -> bool:
    """Whether a line says no more than that a part of the report goes on."""
    before, _, after = report.furniture.continued.partition("{part}")
    name = line.removeprefix(before).removesuffix(after)
    names = {part_begun(block) for block in report.blocks()} - {""}
    shortened = name.removesuffix(_SHORT)
    return f"{before}{name}{after}" == line and (
        name in names or (shortened not in ("", name) and any(each.startswith(shortened) for each in names))
    )


def part_begun(block: Block) -> str:
    """The name of the part that begins with a block: its heading, its caption, its line in the diagnosis."""
    match block:
        case Heading(text=text):
            return text
        case Paragraph(sentences=sentences, role=Role.specimen):
            return " ".join(each.text for each in sentences).rstrip(" :")
    return _caption(block)


def _caption(block: Block) -> str:
    return block.caption if isinstance(block, Pairs) else ""
