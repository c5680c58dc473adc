"""A laboratory's own Word template, filled with the words of a report. The only file that knows docxtpl.

docxtpl turns what was typed in Word (placeholders torn into runs, typographic quotes, rows that repeat) into a
template; that is done once, and it is filled in our own environment. What comes out must hold every word of the report,
the state and the patient in the header of each section, the record in its footers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from posixpath import normpath

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError
from lxml import etree

from reportgen.contained import contained
from reportgen.findings import Finding, FindingsError, Place, did_you_mean, refuse
from reportgen.formats.docx import core_properties, identification_xml, notices_xml, pairs_xml, section_xml
from reportgen.formats.docx_door import opened
from reportgen.formats.docx_merge import merged
from reportgen.formats.docx_pack import Packed, compress, pack
from reportgen.formats.docx_pages import width_for_blocks
from reportgen.formats.docx_sight import style_findings
from reportgen.formats.docx_xml import DOCUMENT, FILLED, W, is_on, local, parsed, value
from reportgen.formats.fixed_words import require_plain
from reportgen.formats.html_contract import CELL, missing_texts, squeezed
from reportgen.formats.layout import Layout
from reportgen.formats.registry import Engine
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import SECTIONS
from reportgen.reports.model import Pairs, Report, Table
from reportgen.sandbox import Template, environment

_CORE = "docProps/core.xml"
_STYLE = re.compile(r'(<w:(?:pStyle|rStyle|tblStyle) w:val=")([^"]*)(")')
_LABEL_PART = 0.42  # of the width, at most, for the names of elements
_COUNTED = frozenset(("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES"))


class Xml(str):
    """WordprocessingML of our own making, which goes into the template as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class _Opened:
    """A template after the door: static parts packed once, parts that hold placeholders, the names of its styles."""

    static: dict[str, Packed]
    filled: dict[str, bytes]
    styles: dict[str, str]
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
    file = own.file("word") if own else None
    if own is None or file is None:
        raise refuse("T411", "the profile brings no Word template", "layout.word")
    _require_plain_words(own)
    template = _opened(layout, report.metadata.language)
    values = _values(report, _as_wide(layout, template.width), template.styles)
    filled: dict[str, str] = json.loads(contained(_fill, own, values, place=file.shown))
    trees = {name: _tree(part, name, file.shown) for name, part in filled.items()}
    findings = list(_missing(trees, template, report, file.shown))
    if findings:
        raise FindingsError(findings)
    parts = template.static | {name: compress(part.encode()) for name, part in filled.items()}
    parts[_CORE] = compress((_CORE_HEAD + "".join(core_properties(report)) + "</cp:coreProperties>").encode())
    return pack(parts, report.metadata.stamp)


_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
_CORE_HEAD = (
    f"{_DECLARATION}\n"
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


@lru_cache(maxsize=4)
def _opened(layout: Layout, language: str) -> _Opened:
    file = layout.laboratory.file("word") if layout.laboratory else None
    assert file is not None  # noqa: S101 - asked before
    parts = opened(file)
    parts, styles = merged(parts, layout, language)
    illegible = list(dict.fromkeys(style_findings(parts, styles, file.shown)))
    if illegible:
        raise FindingsError(illegible)
    filled = {name: data for name, data in parts.items() if FILLED.match(name)}
    static = {name: compress(data, once=True) for name, data in parts.items() if name not in filled and name != _CORE}
    related = parsed(parts["word/_rels/document.xml.rels"])
    targets = {each.get("Id") or "": normpath(f"word/{each.get('Target')}") for each in related}
    settings = parsed(parts["word/settings.xml"]) if "word/settings.xml" in parts else None
    even = settings is not None and is_on(settings.find(f"{W}evenAndOddHeaders"))
    return _Opened(static, filled, styles, width_for_blocks(parts), targets, even)


def _as_wide(layout: Layout, width: float) -> Layout:
    """The layout with a page whose text is so wide, so that tables fit where the template has the blocks."""
    design = layout.design
    paper = layout.paper.model_copy(update={"width": width + design.margins.left + design.margins.right})
    label = min(design.columns.label, width * _LABEL_PART)
    columns = design.columns.model_copy(update={"label": label})
    return replace(layout, design=design.model_copy(update={"columns": columns}), paper=paper)


def _values(report: Report, layout: Layout, styles: dict[str, str]) -> dict[str, object]:
    """What a template may name; docs/customising.md lists it."""

    def block(*pieces: str) -> Xml:
        return Xml(_STYLE.sub(lambda found: found[1] + styles.get(found[2], found[2]) + found[3], "".join(pieces)))

    known = {pair.path: pair.text for pair in report.identification.pairs}
    by_id = {section.id: section for section in report.sections}
    sections = {id: block(*section_xml(by_id[id], layout)) if id in by_id else Xml("") for id in SECTIONS}
    synoptic = by_id["synoptic"].blocks if "synoptic" in by_id else ()
    pairs = tuple(
        {
            "caption": each.caption,
            "block": block(*pairs_xml(each, by_id["synoptic"].title, layout)),
            "pairs": tuple({"label": pair.label, "text": pair.text} for pair in each.pairs),
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


def _fill(laboratory: Laboratory, values: dict[str, object]) -> str:
    """The filled parts as JSON; runs in the child process, which keeps the compiled template."""
    return json.dumps({name: _filled(laboratory, name, values) for name in _compiled(laboratory)})


def _filled(laboratory: Laboratory, name: str, values: dict[str, object]) -> str:
    shown = _shown(laboratory)
    template, patcher = _compiled(laboratory)[name]
    try:
        made = template.render(values)
    except (TemplateError, RecursionError) as error:
        why = str(error.message) if isinstance(error, TemplateError) else "it calls itself"
        hint = _meant(why, values)
        raise refuse("T408", f"does not render: {why}", shown, _where(name, error), hint=hint) from None
    made = re.sub(r"\n<w:p([ >])", r"<w:p\1", made)
    return str(patcher.resolve_listing(made))


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
    shown = _shown(laboratory)
    made: dict[str, str] = json.loads(contained(_source_texts, laboratory, place=shown))
    yield from ((f"{shown} ({name})", text) for name, text in made.items())


@lru_cache(maxsize=8)
def _require_plain_words(laboratory: Laboratory) -> None:
    require_plain(sources(laboratory), laboratory)


def _source_texts(laboratory: Laboratory) -> str:
    file = laboratory.file("word")
    parts = opened(file) if file else {}
    texts = {name: data.decode("utf-8") for name, data in parts.items() if FILLED.match(name)}
    return json.dumps({name: DocxTemplate(b"").patch_xml(_lined(_undeclared(text))) for name, text in texts.items()})


@lru_cache(maxsize=2)
def _compiled(laboratory: Laboratory) -> dict[str, tuple[Template, DocxTemplate]]:
    made, patcher = {}, DocxTemplate(b"")
    sandbox = environment(escape=True)
    file = laboratory.file("word")
    assert file is not None  # noqa: S101 - asked before
    for name, data in opened(file).items():
        if FILLED.match(name):
            source = patcher.patch_xml(_lined(_undeclared(data.decode("utf-8"))))
            try:
                made[name] = sandbox.from_string(_DECLARATION + source), patcher
            except TemplateSyntaxError as error:
                where = f"{name}, paragraph {max(error.lineno - 1, 1)}"
                raise refuse("T408", f"is not a template: {error.message}", _shown(laboratory), where) from None
            except TemplateError as error:
                raise refuse("T408", f"is not a template: {error.message}", _shown(laboratory), name) from None
    return made


def _lined(body: str) -> str:
    """A part with a line for each paragraph, so that a line's number tells the paragraph."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", body)


def _undeclared(part: str) -> str:
    """A part without its XML declaration."""
    return re.sub(r"\A\s*<\?xml[^>]*\?>\s*", "", part.lstrip("\ufeff"))


def _where(name: str, error: BaseException) -> str:
    """The part, and the paragraph of the template at which it failed."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{name}, paragraph {line - 1}" if line > 1 else name


def _shown(laboratory: Laboratory) -> str:
    file = laboratory.file("word")
    return file.shown if file else ""


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
    heads, feet = _furniture(trees, template)
    wanted = (
        (
            "header",
            heads,
            [report.furniture.state_mark, *report.furniture.patient],
            "{{ report.mark }} {{ report.patient }}",
        ),
        ("footer", feet, list(report.furniture.record), "{%p for line in report.record %}, {{ line }}, {%p endfor %}"),
    )
    for kind, parts, texts, how in wanted:
        for number, text in enumerate(parts, start=1):
            if any(squeezed(each) not in squeezed(text) for each in texts if each):
                message = f"the {kind} of some page lacks what every page must show ({kind} {number})"
                yield Finding("T416", Place(shown), f"furniture.{kind}", message, f"put {how} into each {kind}")
                break


def _furniture(trees: dict[str, etree._Element], template: _Opened) -> tuple[list[str], list[str]]:
    """The text of each header and footer that some page shows; "" for a page that shows none."""
    targets = template.page_parts
    found: dict[str, list[str]] = {"header": [], "footer": []}
    for kind, texts in found.items():
        known: dict[str, str] = {}
        for section in trees[DOCUMENT].iter(f"{W}sectPr"):
            for each in section.findall(f"{W}{kind}Reference"):
                part = targets.get(each.get(_ID) or "", "")
                known[each.get(f"{W}type") or "default"] = text_of(trees[part]) if part in trees else ""
            shown = ["default"]
            shown += ["first"] if is_on(section.find(f"{W}titlePg")) else []
            shown += ["even"] if template.even_pages else []
            texts += [known.get(which, "") for which in shown]
    return found["header"] or [""], found["footer"] or [""]


_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


ENGINE = Engine(render)
