"""A laboratory's own Word template, filled with the words of a report. The only file that knows docxtpl.

docxtpl turns what was typed in Word (placeholders torn into runs, typographic quotes, rows that repeat) into a
template; that is done once, and it is filled in our own environment. What comes out must hold every word of the report,
the state and the patient in the header of each section, the record in its footers.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError
from lxml import etree

from reportgen.contained import contained
from reportgen.findings import Finding, FindingsError, Place, did_you_mean, refuse
from reportgen.formats.docx import core_properties, identification_xml, notices_xml, pairs_xml, section_xml
from reportgen.formats.docx_base import CORE_PROPERTIES, DECLARATION
from reportgen.formats.docx_door import opened, require_none
from reportgen.formats.docx_merge import merged
from reportgen.formats.docx_pack import Packed, compress, pack
from reportgen.formats.docx_pages import width_for_blocks
from reportgen.formats.docx_sight import style_faults
from reportgen.formats.docx_xml import DOCUMENT, FILLED, W, is_on, local, parsed, related, value
from reportgen.formats.fixed_words import require_plain
from reportgen.formats.html_contract import CELL, missing_texts, squeezed
from reportgen.formats.layout import Layout
from reportgen.formats.registry import Engine
from reportgen.laboratory.model import File, Laboratory
from reportgen.laboratory.read import SECTIONS
from reportgen.reports.model import Pairs, Report, Table
from reportgen.sandbox import Made, Template, environment

_CORE = "docProps/core.xml"
_STYLE = re.compile(r'(<w:(?:pStyle|rStyle|tblStyle) w:val=")([^"]*)(")')
_DOCXTPL = DocxTemplate(b"")
_LABEL_PART = 0.42  # of the width, at most, for the names of elements
_COUNTED = frozenset(("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES"))


@dataclass(frozen=True)
class _Opened:
    """A template after the door: the parts that no report changes, packed once, and what is known of the others."""

    static: dict[str, Packed]
    styles: dict[str, str]  # our id of a style → its id here
    width: float  # of the place of the blocks, in points
    page_parts: dict[str, str]  # relationship id → the header or footer it leads to
    even_pages: bool


def render(report: Report, layout: Layout) -> bytes:
    """The report in the laboratory's Word template; the same report and template give the same bytes.

    Raises:
        FindingsError: T413 and T414 for a template that is refused at the door, T408 and T415 for one that does not
            render, T416 for one that leaves out what every report must show.
    """
    own = layout.laboratory
    assert own is not None  # noqa: S101 - formats.word has asked
    file = _file(own)
    _require_plain_words(own)
    template = _opened(layout, file, report.metadata.language)
    values = _values(report, _as_wide(layout, template.width), template.styles)
    filled = _in_child(own, values)
    trees = {name: _tree(part, name, file.shown) for name, part in filled.items()}
    findings = list(_missing(trees, template, report, file.shown))
    if findings:
        raise FindingsError(findings)
    parts = template.static | {name: compress(part.encode()) for name, part in filled.items()}
    properties = "".join(core_properties(report))
    core = f"{DECLARATION}\n<{CORE_PROPERTIES}>{properties}</cp:coreProperties>"
    parts[_CORE] = compress(core.encode())
    return pack(parts, report.metadata.stamp)


def _file(laboratory: Laboratory) -> File:
    file = laboratory.file("word")
    assert file is not None  # noqa: S101 - who calls has asked
    return file


@lru_cache(maxsize=4)
def _opened(layout: Layout, file: File, language: str) -> _Opened:
    parts, styles = merged(opened(file), layout, language)
    require_none(style_faults(parts, styles), file)
    static = {
        name: compress(data, once=True) for name, data in parts.items() if not FILLED.match(name) and name != _CORE
    }
    settings = parsed(parts["word/settings.xml"]) if "word/settings.xml" in parts else None
    even = settings is not None and is_on(settings.find(f"{W}evenAndOddHeaders"))
    return _Opened(static, styles, width_for_blocks(parts), related(parts, DOCUMENT), even)


def _as_wide(layout: Layout, width: float) -> Layout:
    """The layout with a page whose text is so wide, so that tables fit where the template has the blocks."""
    design = layout.design
    paper = layout.paper.model_copy(update={"width": width + design.margins.left + design.margins.right})
    label = min(design.columns.label, width * _LABEL_PART)
    columns = design.columns.model_copy(update={"label": label})
    return replace(layout, design=design.model_copy(update={"columns": columns}), paper=paper)


def _values(report: Report, layout: Layout, styles: dict[str, str]) -> dict[str, object]:
    """What a template may name; docs/customizing.md lists it."""

    def block(*pieces: str) -> Made:
        return Made(_STYLE.sub(lambda found: found[1] + styles.get(found[2], found[2]) + found[3], "".join(pieces)))

    known = {pair.path: pair.text for pair in report.identification.pairs}
    by_id = {section.id: section for section in report.sections}
    sections = {id: block(*section_xml(by_id[id], layout)) if id in by_id else Made("") for id in SECTIONS}
    synoptic = by_id["synoptic"].blocks if "synoptic" in by_id else ()
    pairs = tuple(
        {
            "caption": each.caption,
            "block": block(*pairs_xml(each, by_id["synoptic"].title, layout)),
            "pairs": tuple({"label": pair.label, "text": pair.text, "heading": pair.heading} for pair in each.pairs),
        }
        for each in synoptic
        if isinstance(each, Pairs)
    )
    tables = tuple(
        {"columns": each.columns, "rows": tuple({"cells": tuple(cell.text for cell in row)} for row in each.rows)}
        for each in (by_id["stains"].blocks if "stains" in by_id else ())
        if isinstance(each, Table)
    )
    return {
        "case": _nested(known),
        "report": {
            "title": report.title,
            "state": report.state.value,
            "mark": report.furniture.state_mark,
            "patient": " · ".join(report.furniture.patient),
            "record": report.furniture.record,
            "notices": tuple(notice.text for notice in report.notices),
        },
        "laboratory": {"name": report.letterhead.name, "lines": report.letterhead.lines},
        "block": {
            **sections,
            "notices": block(*notices_xml(report)),
            "identification": block(identification_xml(report, layout.text_width)),
            "sections": block(*("".join(section_xml(section, layout)) for section in report.sections)),
        },
        "title": {section.id: section.title for section in report.sections},
        "synopses": pairs,
        "stains": tables,
    }


def _nested(known: dict[str, str]) -> dict[str, object]:
    """`patient.name` as a name below `patient`."""
    below: dict[str, dict[str, str]] = {}
    for path, text in known.items():
        step, _, rest = path.partition(".")
        below.setdefault(step, {})[rest] = text
    return {step: paths[""] if "" in paths else _nested(paths) for step, paths in below.items()}


def _in_child(laboratory: Laboratory, values: dict[str, object] | None = None) -> dict[str, str]:
    """The filled parts by name, or without values the templates that docxtpl makes of them.

    Both are done by one child, which opens the file once.
    """
    made: dict[str, str] = json.loads(contained(_parts, laboratory, values, place=_file(laboratory).shown))
    return made


def _parts(laboratory: Laboratory, values: dict[str, object] | None) -> str:
    return json.dumps(_sources(laboratory) if values is None else _filled(laboratory, values))


def _filled(laboratory: Laboratory, values: dict[str, object]) -> dict[str, str]:
    """The filled parts; the child keeps the compiled template."""
    shown, made = _file(laboratory).shown, {}
    for name, template in _compiled(laboratory).items():
        try:
            text = template.render(values)
        except (TemplateError, RecursionError) as error:
            why = str(error.message) if isinstance(error, TemplateError) else "it calls itself"
            hint = _meant(why, values)
            raise refuse("T408", f"does not render: {why}", shown, _where(name, error), hint=hint) from None
        made[name] = _DOCXTPL.resolve_listing(re.sub(r"\n<w:p([ >])", r"<w:p\1", text))
    return made


def _meant(why: str, values: dict[str, object]) -> str:
    """The known name that is nearest to one that is not there; empty for any other error."""
    found = re.search(r"'(\w+)'", why)

    def names(value: object) -> Iterator[str]:
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ():
            yield from names(each)
        yield from value if isinstance(value, dict) else ()

    return did_you_mean(found[1], sorted(set(names(values)))) if found else ""


def sources(laboratory: Laboratory) -> Iterator[tuple[str, str]]:
    """The parts of a Word template as the templates that docxtpl makes of them: file and part, text."""
    shown = _file(laboratory).shown
    yield from ((f"{shown} ({name})", text) for name, text in _in_child(laboratory).items())


@lru_cache(maxsize=8)
def _require_plain_words(laboratory: Laboratory) -> None:
    require_plain(sources(laboratory), laboratory)


@lru_cache(maxsize=2)
def _sources(laboratory: Laboratory) -> dict[str, str]:
    """Each part that holds words as the template that docxtpl makes of it, with a line for each paragraph."""
    texts = {
        name: re.sub(r"\A\s*<\?xml[^>]*\?>\s*", "", data.decode("utf-8").lstrip("\ufeff"))
        for name, data in opened(_file(laboratory)).items()
        if FILLED.match(name)
    }
    return {name: _DOCXTPL.patch_xml(re.sub(r"<w:p([ >])", r"\n<w:p\1", text)) for name, text in texts.items()}


@lru_cache(maxsize=2)
def _compiled(laboratory: Laboratory) -> dict[str, Template]:
    made, sandbox, shown = dict[str, Template](), environment(escape=True), _file(laboratory).shown
    for name, source in _sources(laboratory).items():
        try:
            made[name] = sandbox.from_string(DECLARATION + source)
        except TemplateError as error:
            where = f"{name}, paragraph {max(error.lineno - 1, 1)}" if isinstance(error, TemplateSyntaxError) else name
            raise refuse("T408", f"is not a template: {error.message}", shown, where) from None
    return made


def _where(name: str, error: BaseException) -> str:
    """The part, and the paragraph of the template at which it failed."""
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == "<template>"]
    return f"{name}, paragraph {lines[-1] - 1}" if lines and lines[-1] > 1 else name


def _tree(part: str, name: str, shown: str) -> etree._Element:
    try:
        return parsed(part.encode())
    except (etree.XMLSyntaxError, ValueError):
        hint = "give loops over rows {%tr … %} and over paragraphs {%p … %} of their own"
        raise refuse("T408", "is not well-formed once it is filled", shown, name, hint=hint) from None


def text_of(tree: etree._Element) -> str:
    """All text of a part that Word shows, in reading order: not a field's code, nor what a page number replaces."""
    pieces: list[str] = []
    open_fields: list[list[str]] = []  # of each: its instruction, and whether its result has begun

    def walk(element: etree._Element) -> None:
        for child in element:
            tag = local(child)
            if tag == "fldChar":
                kind = value(child, "fldCharType")
                if kind == "begin":
                    open_fields.append(["", ""])
                elif open_fields:
                    open_fields[-1][1] = "result"
                    if kind == "end":
                        open_fields.pop()
            elif tag == "instrText" and open_fields:
                open_fields[-1][0] += child.text or ""
            elif child.tag == f"{W}t" and all(begun and not _counted(code) for code, begun in open_fields):
                pieces.append(child.text or "")
            if tag == "Fallback" or (tag == "fldSimple" and _counted(value(child, "instr"))):
                continue
            walk(child)
            if child.tag == f"{W}tc":
                pieces.append(CELL)

    walk(tree)
    return "".join(pieces)


def _counted(instruction: str) -> bool:
    """Whether a field shows a number that Word works out, whatever is written in its place."""
    return instruction.strip().partition(" ")[0].upper() in _COUNTED


def _missing(trees: dict[str, etree._Element], template: _Opened, report: Report, shown: str) -> Iterator[Finding]:
    text = text_of(trees[DOCUMENT])
    for path, message in missing_texts(text, report):
        hint = "print its block, for example {{p block.sections }}"
        if path.startswith("sections."):
            hint = f"print its block, for example {{{{p block.{path.partition('.')[2]} }}}}"
            alone = report._replace(sections=tuple(each for each in report.sections if path == f"sections.{each.id}"))
            if path not in dict(missing_texts(text, alone)):
                message = "is printed at another place than in the report"
                hint = "move its block, or set sections: in lab.yaml to the order of the template"
        yield Finding("T416", Place(shown), path, message, hint)
    furniture = report.furniture
    for kind, texts, how in (
        ("header", (furniture.state_mark, *furniture.patient), "{{ report.mark }} {{ report.patient }}"),
        ("footer", furniture.record, "{%p for line in report.record %}, {{ line }}, {%p endfor %}"),
    ):
        for number, text in enumerate(_furniture(kind, trees, template), start=1):
            if any(squeezed(each) not in squeezed(text) for each in texts):
                message = f"the {kind} of some page lacks what every page must show ({kind} {number})"
                yield Finding("T416", Place(shown), f"furniture.{kind}", message, f"put {how} into each {kind}")
                break


def _furniture(kind: str, trees: dict[str, etree._Element], template: _Opened) -> list[str]:
    """The text of each header or footer that some page shows; "" for a page that shows none."""
    texts: list[str] = []
    known: dict[str, str] = {}
    for section in trees[DOCUMENT].iter(f"{W}sectPr"):
        for each in section.findall(f"{W}{kind}Reference"):
            part = template.page_parts.get(each.get(_ID) or "", "")
            known[value(each, "type") or "default"] = text_of(trees[part]) if part in trees else ""
        shown = {"default": True, "first": is_on(section.find(f"{W}titlePg")), "even": template.even_pages}
        texts += [known.get(which, "") for which, is_shown in shown.items() if is_shown]
    return texts or [""]


_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


ENGINE = Engine(render)
