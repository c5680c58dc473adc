"""A profile's folder and those it extends, read whole: after this nothing in them is looked at again.

Why whole: what is rendered, hashed and signed is then the same content, and a batch says the same words throughout.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reportgen.findings import Finding, FindingsError, Place, did_you_mean, refuse
from reportgen.laboratory.meanings import load_meanings, words_of
from reportgen.laboratory.model import File, Laboratory, Profile
from reportgen.laboratory.own_files import FILES, read_own
from reportgen.laboratory.own_protocols import own_protocols
from reportgen.laboratory.own_words import check_own_words
from reportgen.laboratory.shape import LabFile
from reportgen.laboratory.signatures import SIGNED, Signatures
from reportgen.reading.readers import read_content, read_file
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Mapping, place_at

LAB_FILE = "lab.yaml"
CHECKED = "checked.txt"
DEPTH = 5  # profiles that extend one another
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
        for id, own in sorted(profile.own_protocols.items()):
            files |= {f"protocol {id} {file.path.name}": file.data for file in own.files}
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
    named = {role: getattr(spec.layout, role) for role in FILES if hasattr(spec.layout, role)}
    files = {role: _read(profile, role, name) for role, name in named.items() if name}
    for path in sorted(folder.glob("*.html")) if "html" in files else ():
        files[f"html {path.name}"] = _read(profile, "html", path.name)
    signatures = None
    if os.path.lexists(folder / SIGNED):
        file = files["signatures"] = read_own(folder, SIGNED, "signatures", Place(str(folder / SIGNED)), SIGNED)
        signatures = shaped(Signatures, read_content(file.data, file.shown))
    own = own_protocols(folder)
    return replace(profile, files=files, own_protocols=own, checked=_checked(folder), signatures=signatures)


def _read(profile: Profile, role: str, name: str) -> File:
    """A file that the layout names."""
    return read_own(profile.folder, name, role, place_at(profile.source, ("layout", role)), f"layout.{role}")


def _checked(folder: Path) -> frozenset[str]:
    """The record of what passed its check; where it cannot be read, everything is checked again."""
    try:
        return frozenset((folder / CHECKED).read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return frozenset()


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
