"""A profile's folder and those it extends, read whole: after this nothing in them is looked at again.

Why whole: what is rendered, hashed and signed is then the same content, and a batch says the same words throughout.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reportgen.findings import Finding, FindingsError, Place, did_you_mean, either, refuse
from reportgen.laboratory.meanings import load_meanings, words_of
from reportgen.laboratory.model import File, Laboratory, Profile
from reportgen.laboratory.own_words import check_own_words
from reportgen.laboratory.shape import LabFile
from reportgen.reading.readers import read_file
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Mapping, place_at

LAB_FILE = "lab.yaml"
DEPTH = 5  # profiles that extend one another
_KILO = 1024
_FACE = 20_000 * _KILO, (".ttf", ".otf")
_FILES = {  # role → bytes at most, endings
    "css": (200 * _KILO, (".css",)), "html": (400 * _KILO, (".html",)), "word": (20_000 * _KILO, (".docx",)),
    "logo": (2_000 * _KILO, (".png", ".jpg", ".jpeg")), "regular": _FACE, "bold": _FACE, "italic": _FACE,
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
SECTIONS = ("diagnosis", "comment", "synoptic", "stains", "microscopic", "gross", "history", "coding", "signature")
_PAPERS = ("letter", "a4")


def load_laboratory(path: Path) -> Laboratory:
    """Read the profile in a folder, which is named by the folder or its `lab.yaml`.

    Raises:
        FindingsError: E0xx and T401 for a `lab.yaml` that cannot be read, T410 for a profile that extends itself or
            nothing that exists, T411 for a file that may not be used.
    """
    profiles = tuple(reversed(list(_stack(path))))
    digest = hashlib.sha256()
    for profile in profiles:
        files = {role: file.data for role, file in sorted(profile.files.items())}
        for role, data in {"lab": (profile.folder / LAB_FILE).read_bytes(), **files}.items():
            digest.update(f"{role} {len(data)} ".encode() + data)
    return Laboratory(profiles, digest.hexdigest())


def _stack(path: Path) -> list[Profile]:
    """The profile and those below it, the highest first."""
    stack: list[Profile] = []
    seen: set[Path] = set()
    place = Place(str(path))
    while True:
        folder = path.parent if path.name == LAB_FILE else path
        if folder.resolve() in seen:
            raise refuse("T410", "extends itself", place, "extends", hint="let it extend another profile")
        if len(stack) == DEPTH:
            raise refuse("T410", f"more than {DEPTH} profiles extend one another", place, "extends")
        if not (folder / LAB_FILE).is_file():
            raise refuse("T410", f"there is no {LAB_FILE} in this folder", place, "extends" if stack else "")
        seen.add(folder.resolve())
        stack.append(_profile(folder))
        below = stack[-1].spec.extends
        if not below:
            return stack
        place = place_at(stack[-1].source, ("extends",))
        path = Path(os.path.normpath(folder / below))


def _profile(folder: Path) -> Profile:
    shown = str(folder / LAB_FILE)
    if (folder / LAB_FILE).is_symlink():
        raise refuse("T411", "is a symbolic link", shown, hint="put the file itself into the folder")
    source = read_file(folder / LAB_FILE, name=shown)
    spec = shaped(LabFile, source)
    _check_words(spec, source)
    profile = Profile(shown, folder, spec, source, {})
    named = {role: getattr(spec.layout, role) for role in _FILES}
    files = {role: _read(profile, role, name) for role, name in named.items() if name}
    for path in sorted(folder.glob("*.html")) if "html" in files else ():
        files[f"html {path.name}"] = _read(profile, "html", path.name)
    return replace(profile, files=files)


def _check_words(spec: LabFile, source: Mapping) -> None:
    """Refuse papers and sections that there are not."""
    findings = []
    if spec.paper and spec.paper not in _PAPERS:
        findings.append(Finding("T401", place_at(source, ("paper",)), "paper", "must be letter or a4"))
    if spec.sections and sorted(spec.sections) != sorted(SECTIONS):
        place = place_at(source, ("sections",))
        for name in spec.sections:
            if name not in SECTIONS:
                hint = did_you_mean(name, SECTIONS, otherwise=f"they are {', '.join(SECTIONS)}")
                findings.append(Finding("T402", place, "sections", f"{name} is not a section", hint))
        for name in SECTIONS:
            if name not in spec.sections:
                findings.append(Finding("T401", place, "sections", f"leaves out {name}", "list each once"))
        for name in sorted({each for each in spec.sections if spec.sections.count(each) > 1}):
            findings.append(Finding("T404", place, "sections", f"{name} is listed twice"))
    findings += [*_empty_words(spec, source), *check_own_words(spec, source)]
    if findings:
        raise FindingsError(findings)


def _empty_words(spec: LabFile, source: Mapping) -> Iterator[Finding]:
    """T412 for a letterhead that claims a state of the report, T401 for waivers that give no reason."""
    meanings = load_meanings()
    for key, text in spec.letterhead or ():
        if text and (word := meanings.claim(text)):
            message = f'uses the word "{word}", which claims a state that no report made here has'
            yield Finding("T412", place_at(source, ("letterhead", key)), f"letterhead.{key}", message, "leave it out")
    for number, waiver in enumerate(spec.waivers):
        for key, text, message in (("reason", waiver.reason, "gives no reason"), ("by", waiver.by, "names no one")):
            if not any(len(word) > 1 for word in words_of(text)):
                place, hint = place_at(source, ("waivers", number, key)), "write it in words: every report prints it"
                yield Finding("T401", place, f"waivers.{key}", message, hint)


def _read(profile: Profile, role: str, name: str) -> File:
    """A file of the folder; raises T411 for one that is elsewhere, a link, too large or of another kind."""
    place, path = place_at(profile.source, ("layout", role)), profile.folder / name

    def no(message: str, hint: str = "") -> FindingsError:
        return refuse("T411", message, place, f"layout.{role}", hint=hint)

    folder = profile.folder.resolve()
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise no("is outside the profile's folder", "put the file into the folder")
    if path.is_symlink() or path.resolve() != folder / name:
        raise no("is or goes through a symbolic link", "put the file itself into the folder")
    if not path.is_file():
        raise no("the file does not exist", did_you_mean(name, [each.name for each in folder.iterdir()]))
    most, endings = _FILES[role]
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
