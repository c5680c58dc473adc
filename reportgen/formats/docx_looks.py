"""How a text of a Word template looks once all styles, tables and shapes around it have had their say.

Order of say, the last wins: defaults of the document, style of the table, style of the paragraph, style of the run,
what is set on the text itself. Source: ECMA-376, part 1, 17.7.2.
"""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from reportgen.formats.docx_xml import STYLES, WPS, A, W, is_default, local, number, parsed, value

WHITE, BLACK = "ffffff", "000000"
AUTO = "auto"  # the color that Word chooses against the ground: always readable on a shade
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000ff", "cyan": "00ffff", "green": "00ff00", "magenta": "ff00ff", "red": "ff0000",
    "yellow": "ffff00", "white": "ffffff", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "c0c0c0",
}  # fmt: skip
_ROLES = {
    "text1": "dk1", "dark1": "dk1", "background1": "lt1", "light1": "lt1", "text2": "dk2", "dark2": "dk2",
    "background2": "lt2", "light2": "lt2", "hyperlink": "hlink", "followedHyperlink": "folHlink", "tx1": "dk1",
    "bg1": "lt1", "tx2": "dk2", "bg2": "lt2",
}  # fmt: skip
_PLAIN_THEME = {"dk1": BLACK, "lt1": WHITE, "dk2": "1f497d", "lt2": "eeece1"}
_CELL_SHADE, _TABLE_SHADE = f"tcPr/{W}shd", f"tblPr/{W}shd"
_Settings = etree._Element | None
_SPANNED = ("spacing", "ind", "rFonts")  # settings of which each attribute counts for itself


@dataclass
class TextLook:
    """The settings that hold for a text: of its run, its paragraph and the grounds that it may be on."""

    run: dict[str, dict[str, str]] = field(default_factory=dict)
    paragraph: dict[str, dict[str, str]] = field(default_factory=dict)
    grounds: tuple[str, ...] = (WHITE,)
    color: str = AUTO
    highlighted: bool = False

    def on(self, name: str) -> bool:
        """Whether a switch of the run is on."""
        return name in self.run and self.run[name].get("val", "").lower() not in ("0", "false", "off", "none")

    def length(self, kind: str, name: str, otherwise: float = 0) -> float:
        """A number of the run (`kind` "run") or of the paragraph; `name` may be `ind.left`."""
        tag, _, attribute = name.partition(".")
        found = (self.run if kind == "run" else self.paragraph).get(tag, {}).get(attribute or "val", "")
        got = number(found.rstrip("%"))
        return otherwise if got is None else got


class TemplateLooks:
    """The styles and colors of one template."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        tree = parsed(parts[STYLES]) if STYLES in parts else etree.Element("none")
        self.styles = {value(each, "styleId"): each for each in tree.iter(f"{W}style")}
        self.defaults = {kind: tree.find(f"{W}docDefaults/{W}{kind}Default/{W}{kind}") for kind in ("rPr", "pPr")}
        themes = [data for name, data in parts.items() if name.startswith("word/theme/") and name.endswith(".xml")]
        self.theme = {**_PLAIN_THEME, **(_theme(parsed(themes[0])) if themes else {})}
        self.normal, self.default_table, self.default_run = (
            next((id for id, each in self.styles.items() if is_default(each, kind)), "")
            for kind in ("paragraph", "table", "character")
        )

    def chain(self, id: str) -> list[etree._Element]:
        """A style and those that it is based on, the remotest first."""
        found: list[etree._Element] = []
        while id in self.styles and self.styles[id] not in found:
            found.append(self.styles[id])
            id = value(self.styles[id].find(f"{W}basedOn"))
        return found[::-1]

    def of_run(self, run: etree._Element, paragraph: etree._Element) -> TextLook:
        """How the text of a run looks in its place."""
        own = run.find(f"{W}rPr")
        char = self.chain(value(own.find(f"{W}rStyle")) if own is not None else "") or self.chain(self.default_run)
        return self._look(paragraph, [*_each(char, "rPr"), own])

    def of_paragraph(self, paragraph: etree._Element) -> TextLook:
        """How a text of a paragraph looks that has no settings of its own."""
        return self._look(paragraph, [])

    def of_style(self, id: str, table: str = "") -> Iterator[TextLook]:
        """How a text looks in a style; with a table's style, in the table as a whole and in each of its regions."""
        chain, around = self.chain(id), self.chain(table) if table else []
        regions = [special for style in around for special in style.findall(f"{W}tblStylePr")]
        is_run = bool(chain) and value(chain[-1], "type") == "character"
        below = self.chain(self.normal) if is_run else []
        for blocks in (around, *([*around, region] for region in regions)):
            looks = [*blocks, *below, *chain]
            shades = [*_each(blocks, _CELL_SHADE), *_each(blocks, _TABLE_SHADE)][::-1]
            nearest = next(([each] for each in shades if self._shades(each)), [])
            yield self._finished(_each(looks, "rPr"), _each(looks, "pPr"), nearest)

    def _look(self, paragraph: etree._Element, own: Iterable[_Settings]) -> TextLook:
        settings = paragraph.find(f"{W}pPr")
        named = value(settings.find(f"{W}pStyle")) if settings is not None else ""
        chain = self.chain(named) or self.chain(self.normal)
        cell = next(paragraph.iterancestors(f"{W}tc"), None)
        blocks = self._table_blocks(cell) if cell is not None else []
        run = [*_each(blocks, "rPr"), self._shape_font(paragraph), *_each(chain, "rPr"), *own]
        return self._finished(run, [*_each([*blocks, *chain], "pPr"), settings], list(self._behind(paragraph)))

    def _finished(
        self, run: Iterable[_Settings], para: Iterable[_Settings], behind: Sequence[etree._Element | str]
    ) -> TextLook:
        look = TextLook(_together([self.defaults["rPr"], *run]), _together([self.defaults["pPr"], *para]))
        marked = look.run.get("highlight", {}).get("val", "none")
        look.highlighted = marked in _HIGHLIGHTS
        shades: list[tuple[str, ...]] = [
            (_HIGHLIGHTS[marked],) if look.highlighted else (),
            self._shade_of(look.run.get("shd", {})),
            self._shade_of(look.paragraph.get("shd", {})),
        ]
        shades += [(each,) if isinstance(each, str) else self._shades(each) for each in behind]
        look.grounds = next(filter(None, shades), (WHITE,))
        look.color = self._color(look.run.get("color", {}), "val", "theme")
        return look

    def _behind(self, paragraph: etree._Element) -> Iterator[etree._Element | str]:
        """The shades that lie behind a paragraph, the nearest first."""
        for outer in paragraph.iterancestors(f"{W}tc", f"{WPS}wsp"):
            if outer.tag == f"{W}tc":
                blocks = self._table_blocks(outer)[::-1]
                own, table = [outer], [next(outer.iterancestors(f"{W}tbl"))]
                yield from (*_each(own, _CELL_SHADE), *_each(blocks, _CELL_SHADE))
                yield from (*_each(table, _TABLE_SHADE), *_each(blocks, _TABLE_SHADE))
            elif fill := self.fill(outer):
                yield fill

    def fill(self, shape: etree._Element) -> str:
        """The color that a shape is filled with; empty for none, "?" for a pattern, a picture or a gradient."""
        properties = shape.find(f"{WPS}spPr")
        for child in properties if properties is not None else ():
            if local(child) == "solidFill":
                return self.drawn_color(child)
            if local(child) in ("gradFill", "pattFill", "blipFill", "grpFill"):
                return "?"
            if local(child) == "noFill":
                return ""
        reference = shape.find(f"{WPS}style/{A}fillRef")
        return self.drawn_color(reference) if reference is not None and reference.get("idx") not in (None, "0") else ""

    def drawn_color(self, holder: etree._Element) -> str:
        """A color of a drawing; "?" for one that is worked out in a way not followed here."""
        for color in holder:
            if any(local(each) not in ("lumMod", "lumOff", "tint", "shade", "alpha") for each in color):
                return "?"
            name, base = local(color), color.get("val") or color.get("lastClr") or ""
            if name == "sysClr":
                base = color.get("lastClr") or BLACK
            elif name == "schemeClr":
                base = self.theme.get(_ROLES.get(base, base), "")
            if len(base) == 6:
                return _changed(base.lower(), {local(each): float(each.get("val") or 0) / 100_000 for each in color})
        return "?"

    def _shape_font(self, paragraph: etree._Element) -> etree._Element | None:
        """The color that a shape's style gives to the text in it, as if it were a setting of a run."""
        shape = next(paragraph.iterancestors(f"{WPS}wsp"), None)
        reference = shape.find(f"{WPS}style/{A}fontRef") if shape is not None else None
        if reference is None or not len(reference):
            return None
        made = etree.Element(f"{W}rPr")
        color = self.drawn_color(reference)
        etree.SubElement(made, f"{W}color").set(f"{W}val", WHITE if color == "?" else color)
        return made

    def _table_blocks(self, cell: etree._Element) -> list[etree._Element]:
        """The table style's blocks of settings that hold in a cell, the last of them winning."""
        row = next(cell.iterancestors(f"{W}tr"))
        table = next(row.iterancestors(f"{W}tbl"))
        chain = self.chain(value(table.find(f"{W}tblPr/{W}tblStyle")) or self.default_table)
        look = table.find(f"{W}tblPr/{W}tblLook")
        rows, cells = table.findall(f"{W}tr"), row.findall(f"{W}tc")
        at, across = rows.index(row), cells.index(cell)
        flags = int(value(look, "val") or "0", 16) if look is not None else 0

        def wanted(name: str, bit: int) -> bool:
            said = value(look, name)
            return said not in ("0", "false", "off") if said else bool(flags & bit)

        holds = [("band1Vert", "band2Vert")[across % 2]] * (not wanted("noVBand", 0x400))
        holds += [("band1Horz", "band2Horz")[(at - wanted("firstRow", 0x20)) % 2]] * (not wanted("noHBand", 0x200))
        left = wanted("firstColumn", 0x80) and across == 0
        right = wanted("lastColumn", 0x100) and across == len(cells) - 1
        top = wanted("firstRow", 0x20) and at == 0
        bottom = wanted("lastRow", 0x40) and at == len(rows) - 1
        holds += ["firstCol"] * left + ["lastCol"] * right + ["firstRow"] * top + ["lastRow"] * bottom
        holds += ["nwCell"] * (top and left) + ["neCell"] * (top and right)
        holds += ["swCell"] * (bottom and left) + ["seCell"] * (bottom and right)
        special = [each for style in chain for each in style.findall(f"{W}tblStylePr")]
        return [*chain, *(each for name in ("wholeTable", *holds) for each in special if value(each, "type") == name)]

    def _color(self, settings: dict[str, str], name: str, theme: str) -> str:
        said = settings.get(name, "").lower()
        role = settings.get("themeColor" if name != "fill" else "themeFill", "")
        base = self.theme.get(_ROLES.get(role, role), "")
        if base:
            tint, shade = settings.get(f"{theme}Tint", ""), settings.get(f"{theme}Shade", "")
            parts = {"tint": int(tint, 16) / 255} if tint else {"shade": int(shade, 16) / 255} if shade else {}
            return _changed(base, parts)
        return said if len(said) == 6 else AUTO

    def _shades(self, shade: etree._Element) -> tuple[str, ...]:
        return self._shade_of(_values(shade))

    def _shade_of(self, settings: dict[str, str]) -> tuple[str, ...]:
        """The colors that a shade shows: of a pattern both, of none nothing."""
        kind = settings.get("val", "")
        if not settings or kind == "nil":
            return ()
        fill = self._color(settings, "fill", "themeFill")
        front = self._color(settings, "color", "theme")
        ground = (fill,) if fill != AUTO else ()
        if kind in ("clear", ""):
            return ground
        front = BLACK if front == AUTO else front
        return (front,) if kind == "solid" else (front, *(ground or (WHITE,)))


def _values(element: etree._Element) -> dict[str, str]:
    """An element's attributes by their names without namespace."""
    return {str(key).rpartition("}")[2]: str(text) for key, text in element.attrib.items()}


def _each(blocks: Iterable[etree._Element], path: str) -> list[etree._Element]:
    """What several blocks of settings have at a path of Word's names."""
    found = (block.find(f"{W}{path}") for block in blocks)
    return [each for each in found if each is not None]


def _together(blocks: Iterable[_Settings]) -> dict[str, dict[str, str]]:
    """The settings of several blocks, the last of them winning."""
    found: dict[str, dict[str, str]] = {}
    for block in blocks:
        for setting in block if block is not None else ():
            tag = local(setting)
            found[tag] = {**(found.get(tag, {}) if tag in _SPANNED else {}), **_values(setting)}
            if tag == "tabs":
                found[tag] = {f"{number}": value(each, "pos") for number, each in enumerate(setting)}
    return found


def _theme(tree: etree._Element) -> dict[str, str]:
    found = {}
    for color in tree.iterfind(f"{A}themeElements/{A}clrScheme/*"):
        for each in color:
            text = (each.get("lastClr") or each.get("val") or "").lower()
            if len(text) == 6:
                found[local(color)] = text
    return found


def _changed(color: str, parts: dict[str, float]) -> str:
    """A color made lighter or darker, as themes do it."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = light * parts.get("lumMod", 1) + parts.get("lumOff", 0)
    light = light * parts["tint"] + 1 - parts["tint"] if "tint" in parts else light
    light = min(max(light * parts.get("shade", 1), 0), 1)
    return "".join(f"{round(channel * 255):02x}" for channel in colorsys.hls_to_rgb(hue, light, full))
