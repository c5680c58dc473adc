"""Design tokens: paper, fonts, sizes, colours and spacing that every format with typography shares."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reportgen import layers
from reportgen.findings import Finding, FindingsError, refuse
from reportgen.reading.files import read_file
from reportgen.reading.source import place_at, plain

Color = Annotated[str, Field(pattern=r"^[0-9a-f]{6}$")]
Points = Annotated[float, Field(ge=0, le=2000)]


class _Tokens(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Paper(_Tokens):
    """A paper size in points."""

    width: Points
    height: Points


class Margins(_Tokens):
    """Page margins in points; the running header and footer stand inside top and bottom."""

    top: Points
    right: Points
    bottom: Points
    left: Points


class Fonts(_Tokens):
    """Font families: the bundled one, its metric twin that Word has, and a list for screens."""

    pdf: str
    word: str
    screen: str


class Sizes(_Tokens):
    """Type sizes in points."""

    laboratory: Points
    title: Points
    section: Points
    part: Points
    specimen: Points
    diagnosis: Points
    detail: Points
    body: Points
    small: Points
    furniture: Points


class Colors(_Tokens):
    """Colours as RRGGBB; none of them carries meaning alone."""

    ink: Color
    quiet: Color
    accent: Color
    rule: Color
    shade: Color
    gap_ink: Color
    gap_shade: Color


class Spacing(_Tokens):
    """Space in points: above a section, between blocks, between lines of a list."""

    section: Points
    block: Points
    line: Points


class Columns(_Tokens):
    """Widths in points: the label column of pairs, and one step of indentation."""

    label: Points
    indent: Points


class Tokens(_Tokens):
    """Everything in `design.yaml`."""

    name: str
    version: str
    papers: dict[str, Paper]
    margins: Margins
    fonts: Fonts
    sizes: Sizes
    leading: Annotated[float, Field(ge=1, le=2)]
    colors: Colors
    spacing: Spacing
    columns: Columns


class Design(Tokens):
    """The tokens with the paper that was chosen."""

    paper_name: str

    @property
    def paper(self) -> Paper:
        """The chosen paper."""
        return self.papers[self.paper_name]


@lru_cache(maxsize=8)
def load_design(layout: str = "standard", paper: str = "letter") -> Design:
    """Load a layout's tokens for one paper; raises `FindingsError` (T401, S603)."""
    shown = f"layouts/{layout}/design.yaml"
    paths = layers.find(shown)
    if not paths:
        raise refuse("S603", "the layout's design is missing", shown)
    source = read_file(paths[-1], name=shown)
    try:
        return Design.model_validate({**_entries(plain(source)), "paper_name": paper})
    except ValidationError as error:
        raise FindingsError(
            Finding("T401", place_at(source, item["loc"]), ".".join(map(str, item["loc"])), item["msg"].lower())
            for item in error.errors(include_input=False)
        ) from None


def _entries(data: object) -> dict[str, object]:
    return dict(data) if isinstance(data, dict) else {}
