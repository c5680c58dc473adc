"""XML to nodes with places; names lose their namespace and their capitals, since forms write both in several ways.

A document type is refused where it begins. Without one there are no entities, so nothing can be expanded or fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from reportgen.findings import Place, refuse
from reportgen.reading.characters import normal, refused

SIZE_LIMIT = 10_000_000  # bytes; a large form has less than one million
DEPTH_LIMIT = 200  # levels; a question below an answer takes five
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")  # what word processors leave in titles
_BETWEEN = " "  # of the namespace and the name, as expat joins them


@dataclass(slots=True)
class Node:
    """One element of the file; its tag and the names of its attributes are in small letters."""

    tag: str
    place: Place
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str:
        """The value of an attribute in one line, "" where there is none."""
        return " ".join(self.attributes.get(name, "").split())

    def is_on(self, name: str, *, otherwise: bool = False) -> bool:
        """The truth of an attribute; `otherwise` where it is missing."""
        value = self.get(name).lower()
        return value in ("true", "1") if value else otherwise

    def below(self, *tags: str) -> list[Node]:
        """The children with one of these tags."""
        return [child for child in self.children if child.tag in tags]


def read_xml(path: Path) -> Node:
    """Read a file.

    Raises:
        FindingsError: E004 and E005 for characters that no report may hold, E006 for XML that is not well-formed, E007
            for one that is nested too deeply, E008 for a file that is too large, E009 for one that cannot be read, E023
            for a document type.
    """
    return _Reader(str(path)).read(_bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():  # opening a named pipe would wait for its writer, for ever
            raise refuse("E009", "cannot be read: it is a folder or a device", str(path))
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise refuse("E009", f"cannot be read: {reason}", str(path)) from None
    if len(data) > SIZE_LIMIT:
        hint = "save the form without what is attached to it"
        raise refuse("E008", f"is larger than {SIZE_LIMIT // 1_000_000} MB", str(path), hint=hint)
    return data


class _Reader:
    """Builds nodes from the events of the parser."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.open: list[Node] = []
        self.top: Node | None = None
        self.parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.document_type
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data

    def read(self, data: bytes) -> Node:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            place = Place(self.file, error.lineno, error.offset + 1)
            raise refuse("E006", f"XML: {expat.ErrorString(error.code)}", place) from None
        except (LookupError, ValueError):
            message = "XML: its encoding is not known"
            raise refuse("E006", message, Place(self.file, 1, 1), hint="save it as UTF-8") from None
        assert self.top is not None  # noqa: S101 - the parser refuses a file without an element
        return self.top

    def place(self) -> Place:
        return Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def document_type(self, *_: object) -> None:
        raise refuse("E023", "declares a document type", self.place())

    def start(self, name: str, attributes: dict[str, str]) -> None:
        place = self.place()
        if len(self.open) >= DEPTH_LIMIT:
            raise refuse("E007", f"is nested deeper than {DEPTH_LIMIT} levels", place, hint="import a flatter form")
        own = {key.lower(): self.allowed(value, place) for key, value in attributes.items() if _BETWEEN not in key}
        node = Node(name.rpartition(_BETWEEN)[2].lower(), place, own)
        if self.open:
            self.open[-1].children.append(node)
        self.top = self.top or node
        self.open.append(node)

    def end(self, _: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        if text.strip():
            self.open[-1].text += self.allowed(text, self.place())

    def allowed(self, text: str, place: Place) -> str:
        """The text without what cannot be seen; one that would be read otherwise than it was written is refused."""
        text = normal(text.translate(_UNSEEN))
        found = refused(text)
        if found:
            raise refuse(found[0], f"{found[2]} is not allowed", place)
        return text
