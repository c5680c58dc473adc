"""Single files of a profile, read whole: what may be in its folder, and what is refused there."""

from __future__ import annotations

from pathlib import Path

from reportgen.findings import FindingsError, Place, did_you_mean, either, refuse
from reportgen.laboratory.model import File

_KILO = 1024
_FACE = 20_000 * _KILO, (".ttf", ".otf")
FILES = {  # role → bytes at most, endings
    "css": (200 * _KILO, (".css",)), "html": (400 * _KILO, (".html",)), "word": (20_000 * _KILO, (".docx",)),
    "logo": (2_000 * _KILO, (".png", ".jpg", ".jpeg")), "regular": _FACE, "bold": _FACE, "italic": _FACE,
    "protocol": (1_000 * _KILO, (".yaml",)), "signatures": (1_000 * _KILO, (".json",)),
}  # fmt: skip
_STARTS = {
    ".png": (b"\x89PNG\r\n\x1a\n",), ".jpg": (b"\xff\xd8\xff",), ".jpeg": (b"\xff\xd8\xff",), ".docx": (b"PK\x03\x04",),
    ".ttf": (b"\x00\x01\x00\x00", b"true"), ".otf": (b"OTTO", b"\x00\x01\x00\x00"),
}  # fmt: skip
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_SAVE_AS = {
    "word": "save it in Word or LibreOffice as a Word document (.docx), not as a template (.dotx), .doc or .odt",
    "logo": "save the picture as PNG or JPEG",
}
_TEXTS = ("css", "html")


def read_own(folder: Path, name: str, role: str, place: Place, key: str) -> File:
    """Read a file of a profile's folder.

    Args:
        folder: the profile's folder.
        name: the file's path in it.
        role: what it is for: a key of `FILES`.
        place: where the profile names the file, for findings.
        key: what names it there.

    Raises:
        FindingsError: T411 for a file that is elsewhere, a link, too large or of another kind; E001 for a text that is
            not UTF-8.
    """
    path = folder / name

    def no(message: str, hint: str = "") -> FindingsError:
        return refuse("T411", message, place, key, hint=hint)

    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise no("is outside the profile's folder", "put the file into the folder")
    if path.is_symlink() or path.resolve() != folder.resolve() / name:
        raise no("is or goes through a symbolic link", "put the file itself into the folder")
    if not path.is_file():
        raise no("the file does not exist", did_you_mean(name, [each.name for each in folder.iterdir()]))
    most, endings = FILES[role]
    if path.suffix.lower() not in endings:
        several = path.suffix.lower() == ".ttc"
        hint = "it holds several fonts: save the one you need as .ttf or .otf" if several else _SAVE_AS.get(role, "")
        raise no(f"is not a {either(endings)} file", hint)
    if path.stat().st_size > most:
        raise no(f"is larger than {most // _KILO} KB")
    data = path.read_bytes()
    starts = _STARTS.get(path.suffix.lower())
    if starts and not data.startswith(starts):
        if data.startswith(_OLD_WORD):
            raise no("is an old Word file, or one with a password", "save it in Word as .docx, without a password")
        raise no("is not what its ending says", _SAVE_AS.get(role, ""))
    if role in _TEXTS:
        _require_text(data, str(path))
    return File(str(path), path, data)


def _require_text(data: bytes, shown: str) -> None:
    from reportgen.reading.characters import refused

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse("E001", f"is not UTF-8 at byte {error.start}", shown) from None
    for number, line in enumerate(text.splitlines(), start=1):
        found = refused(line)
        if found:
            raise refuse(found[0], f"{found[2]} is not allowed", Place(shown, number, found[1] + 1))
