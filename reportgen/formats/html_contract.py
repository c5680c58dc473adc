"""What a layout of a laboratory's own must print: every word of the report, in order, seen by the reader, on each page.

The page is checked as it was filled, each time: a layout that loops over the wrong list, or forgets one, is found in
the very case in which it would matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from reportgen.findings import Finding, FindingsError, Place
from reportgen.formats.continued import may_continue
from reportgen.reading.characters import refused
from reportgen.reports.model import Block, Heading, Notice, Pairs, Paragraph, Report, Table

_TAGS = frozenset((
    "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "article", "div", "p",
    "span", "mark", "h1", "h2", "h3", "h4", "h5", "h6", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
    "colgroup", "col", "ul", "ol", "li", "dl", "dt", "dd", "strong", "em", "b", "i", "small", "sub", "sup", "br", "hr",
    "img", "bdi",
))  # fmt: skip
_VOID = frozenset(("meta", "br", "hr", "img", "col"))
_ATTRIBUTES = frozenset((
    "class", "id", "lang", "colspan", "rowspan", "scope", "headers", "alt", "src", "charset", "name", "content",
    "http-equiv",
))  # fmt: skip
_UNSEEN = frozenset(("head", "title", "style"))
_FURNITURE = {"mark": "div", "who": "div", "running-foot": "footer"}
_INSIDE = {
    "table": ("caption", "colgroup", "thead", "tbody", "tfoot"), "thead": ("tr",), "tbody": ("tr",), "tfoot": ("tr",),
    "tr": ("th", "td"), "colgroup": ("col",),
}  # fmt: skip
_SMALLER = frozenset(("small", "sub", "sup"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_DEEPEST = 60
_ELEMENTS_PER_WORD = 10  # more elements than this for each text of the report are no layout
_SOME = 2_000
_LETTERS_PER_LETTER, _SOME_LETTERS = 5, 20_000  # a page that prints more than this for the report's own is no layout


def require_whole(
    page: str, report: Report, *, target: str, styles: tuple[str, ...], logo_url: str = "", place: str = "report.html"
) -> None:
    """Refuse a page that hides, changes or leaves out anything.

    Args:
        page: the filled page.
        report: what it must print.
        target: `pdf` or `screen`.
        styles: the style sheets that it may hold, in this order.
        logo_url: the one picture that it may hold.
        place: the layout, for findings.

    Raises:
        FindingsError: T413 for elements and attributes that could hide or fetch something, T416 for what is missing.
    """
    first = ("mark", "who", "running-foot") if target == "pdf" else ("mark", "who")
    reader = _PageReader(styles, logo_url, first, report)
    if not page.lstrip().lower().startswith("<!doctype html>"):
        reader.refused.append("a page begins with <!DOCTYPE html>")
    reader.feed(page)
    reader.close()
    findings = [Finding("T413", Place(place), "", message) for message in dict.fromkeys(reader.refused)]
    if reader.elements > _SOME + _ELEMENTS_PER_WORD * sum(1 for _ in report.reading_order()):
        findings.append(Finding("T415", Place(place), "", "creates far more elements than the report has texts"))
    if len(reader.text()) > _SOME_LETTERS + _LETTERS_PER_LETTER * sum(map(len, report.reading_order())):
        findings.append(Finding("T415", Place(place), "", "prints far more letters than the report has"))
    if not findings:
        missing = [*_missing_furniture(reader, report), *missing_texts(reader.text(), report)]
        findings = [Finding("T416", Place(place), path, message) for path, message in missing]
    if findings:
        raise FindingsError(findings)


def squeezed(text: str) -> str:
    """Text without white space, so that line breaks and indentation of a layout do not matter."""
    return "".join(text.split())


CELL = "\ue000"  # ends a cell of a table in the texts compared here; no report can hold it


def missing_texts(text: str, report: Report) -> Iterator[tuple[str, str]]:
    """Which section or part of the head a text in reading order leaves out or tears apart, with what to say of it."""
    found, head = squeezed(text), 0
    for name, units in (
        ("letterhead", [report.letterhead.name, *report.letterhead.lines]),
        ("title", [report.title]),
        *(("notices", [notice.text]) for notice in report.notices),
        ("identification", list(_units(report.identification))),
    ):
        end = _after(found, units, 0)
        head = max(head, end)
        if end < 0:
            yield name, "is not printed as a whole"
    start = head
    for section in report.sections:
        units = [section.title, *(unit for block in section.blocks for unit in _units(block))]
        end = _after(found, units, start)
        if end < 0:
            yield f"sections.{section.id}", "is not printed as a whole, in the order of the report"
        else:
            start = end


def _units(block: Block) -> Iterator[str]:
    """What of a block must be together; an answer directly behind its element, or behind that and a colon."""
    match block:
        case Heading(text=text) | Notice(text=text):
            yield text
        case Paragraph(sentences=sentences):
            yield " ".join(sentence.text for sentence in sentences)
        case Pairs(pairs=pairs, caption=caption):
            if caption:
                yield caption
            for pair in pairs:
                yield f"{pair.label}\0{pair.text}"
        case Table(columns=columns, rows=rows):
            for row in (columns, *(tuple(cell.text for cell in row) for row in rows)):
                yield "".join(f"{text}{CELL}" for text in row)


def _after(text: str, units: Iterable[str], start: int) -> int:
    """Where the last of the units ends, each found behind the one before it; -1 where one is not found."""
    for unit in units:
        label, pair, answer = unit.partition("\0")
        between = ("", ":", CELL, f":{CELL}") if pair else ("",)
        spellings = [squeezed(f"{label}{each}{answer}") for each in between]
        ends = [at + len(each) for each in spellings if (at := text.find(each, start)) >= 0]
        if not ends:
            return -1
        start = min(ends)
    return start


def _missing_furniture(reader: _PageReader, report: Report) -> Iterator[tuple[str, str]]:
    if len(reader.styles) < len(reader.wanted):
        yield "style", "is missing from the page; print {{ head() }} as it is"
    page = report.furniture
    wanted = {"mark": page.state_mark, "who": " · ".join(page.patient), "running-foot": "".join(page.record)}
    for name, text in wanted.items():
        found = [squeezed(each) for each in reader.furniture[name]]
        if found != ([squeezed(text)] if text else []):
            yield f"furniture.{name}", "must be there exactly once, as page_head and page_foot print it"


class _PageReader(HTMLParser):
    """Collects what a page shows, and what in it is refused."""

    def __init__(self, styles: tuple[str, ...], logo_url: str, first: tuple[str, ...], report: Report) -> None:
        super().__init__(convert_charrefs=True)
        self.report = report
        self.first = first  # the furniture that is before all else: each page from there on shows it
        self.wanted = [squeezed(each) for each in styles]
        self.logo_url = logo_url
        self.stack: list[tuple[str, str]] = []  # tag, and the furniture it is
        self.shown: list[str] = []
        self.styles: list[str] = []
        self.furniture: dict[str, list[str]] = {name: [] for name in _FURNITURE}
        self.refused: list[str] = []
        self.elements = 0

    def text(self) -> str:
        """All that is shown outside the page's furniture."""
        return "".join(self.shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        values = {name: value or "" for name, value in attrs}
        if tag not in _TAGS:
            self.refused.append(f"the element <{tag}> is not offered in layouts")
        bare = _QUOTED.sub("", self.get_starttag_text() or "")
        if len(values) < len(attrs) or bare != bare.lower():
            self.refused.append("elements and attributes are written once and in small letters")
        self.place(tag)
        self.shrinking(tag)
        for name, value in values.items():
            spoken = name == "aria-label" and tag == "table"
            if name not in _ATTRIBUTES and not spoken and not name.startswith("data-"):
                self.refused.append(f"the attribute {name} is not offered in layouts")
            if name == "charset" and value.lower() != "utf-8":
                self.refused.append("a page is UTF-8")
            if name == "data-part" and not may_continue(value, self.report):
                self.refused.append("data-part may hold only what section_block prints")
            if name == "src" and (tag != "img" or not value or value != self.logo_url):
                self.refused.append("a picture other than the logo is not offered in layouts")
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.refused.append("a page that sends its reader elsewhere is not offered")
        furniture = [name for name in values.get("class", "").split() if name.lower() in _FURNITURE]
        for name in furniture:
            if name not in _FURNITURE:
                self.refused.append(f"the class {name} reads like one of the page's head and foot")
                return
            if name in self.first and any(each.strip() for each in self.shown):
                self.refused.append(f"{name} comes before everything that is printed, so that every page would show it")
            if tag != _FURNITURE[name] or len(furniture) > 1:
                self.refused.append(f"the class {name} belongs to the page's head and foot")
            self.furniture[name].append("")
        if tag not in _VOID:
            self.stack.append((tag, furniture[0] if furniture else ""))
            if len(self.stack) > _DEEPEST:
                self.refused.append(f"elements are nested more than {_DEEPEST} levels deep")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.refused.append(f"<{tag}/> is not closed by its own slash")

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack[-1][0] != tag:
            if tag not in _VOID:
                self.refused.append(f"</{tag}> closes what is not open")
            return
        self.stack.pop()
        if tag in ("td", "th"):
            self.shown.append(CELL)

    def place(self, tag: str) -> None:
        """Refuse in a table what browsers would move out of it."""
        above = self.stack[-1][0] if self.stack else ""
        if above in _INSIDE and tag not in _INSIDE[above]:
            self.refused.append(f"<{tag}> cannot be directly inside <{above}>")

    def shrinking(self, tag: str) -> None:
        """Refuse what would make words smaller and smaller, or headings in one another."""
        above = [each for each, _ in self.stack]
        if tag in _SMALLER and not _SMALLER.isdisjoint(above):
            self.refused.append(f"<{tag}> in another <small>, <sub> or <sup> makes words too small to be read")
        if (tag in _HEADINGS and not _HEADINGS.isdisjoint(above)) or above.count("section") > 2:
            self.refused.append(f"<{tag}> is nested too deeply in headings or sections")

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.stack]
        if data.strip() and tags and tags[-1] in _INSIDE:
            self.refused.append(f"words cannot be directly inside <{tags[-1]}>")
        if "style" not in tags and (CELL in data or refused(data.replace("\r", ""))):
            self.refused.append("a character that reorders or hides words is not offered")
        furniture = next((name for _, name in self.stack if name), "")
        if "style" in tags:
            self.styles.append(squeezed(data))
            if self.styles != self.wanted[: len(self.styles)]:
                self.refused.append("the page contains its own style sheet; move it to the profile's CSS file")
        elif furniture:
            self.furniture[furniture][-1] += data
        elif not _UNSEEN & set(tags):
            self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        self.refused.append("comments of HTML are not offered in layouts; write {# … #}")

    def handle_decl(self, decl: str) -> None:
        if decl.strip().lower() != "doctype html":
            self.refused.append("the only declaration offered is <!DOCTYPE html>")

    def unknown_decl(self, data: str) -> None:
        self.refused.append("declarations are not offered in layouts")

    def handle_pi(self, data: str) -> None:
        self.refused.append("processing instructions are not offered in layouts")

    def close(self) -> None:
        super().close()
        if self.stack:
            self.refused.append(f"<{self.stack[-1][0]}> is not closed")
