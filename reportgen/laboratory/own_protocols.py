"""The protocols that a profile brings: each a folder in `protocols/`, named by its id, read with the profile.

What is wrong with one is kept and told where that protocol is asked for: it stops no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from os.path import lexists
from pathlib import Path

from reportgen.findings import Finding, FindingsError, Place, did_you_mean
from reportgen.laboratory.model import Laboratory, OwnProtocol
from reportgen.laboratory.own_files import read_own

FOLDER = "protocols"
FILES = ("protocol.yaml", "wording.yaml")
FREE_TEXT = "free-text.yaml"
SCENARIOS = "scenarios.yaml"  # what its reports must say; it decides nothing
PLAUSIBLE = "plausible.yaml"  # what invented cases of a day's work are drawn of; it decides nothing
SCHEMAS = "schemas"  # the folder of a profile with the schemas by which an editor completes these files
_YAML = (".yaml", ".yml")


def word_files(protocol: str, laboratory: Laboratory | None) -> tuple[str, ...]:
    """The built-in files of words that free text is read with; the file of one protocol may be missing.

    A protocol that a profile brings has the shared file alone, also where it takes the place of a built-in one.
    """
    shared = f"{FOLDER}/{FREE_TEXT}"
    return (shared,) if laboratory and laboratory.bringing(protocol) else (shared, f"{FOLDER}/{protocol}/{FREE_TEXT}")


def schema_line(name: str) -> str:
    """The first line of a file of a protocol, which names its schema for an editor."""
    return f"# yaml-language-server: $schema=../../{SCHEMAS}/{Path(name).stem}.schema.json\n"


def own_protocols(profile: Path) -> dict[str, OwnProtocol]:
    """Id → protocol, for everything in the folder of protocols that is, or may have been meant as, one."""
    folder = profile / FOLDER
    try:
        entries = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    except OSError:  # the folder is missing, or is a file
        return {}
    found = {each.name: _own(profile, each.name) for each in entries if each.is_dir()}
    for each in entries:
        if not each.is_dir() and each.suffix.lower() in _YAML:
            place, hint = Place(str(each)), f"put it into {FOLDER}/{each.stem}/ as {FILES[0]}, beside its {FILES[1]}"
            found[each.stem] = OwnProtocol(place, (), (Finding("T401", place, "", "is not in a folder", hint),))
    return found


def _own(profile: Path, id: str) -> OwnProtocol:
    place = Place(str(profile / FOLDER / id))
    try:
        findings = list(_misplaced(profile / FOLDER / id, place))
        wanted = FILES if lexists(profile / FOLDER / id / FILES[1]) else FILES[:1]
        files = tuple(read_own(profile, f"{FOLDER}/{id}/{name}", "protocol", place, name) for name in wanted)
    except FindingsError as error:
        return OwnProtocol(place, (), (*findings, *error.findings))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return OwnProtocol(place, (), (Finding("E009", place, "", f"cannot be read: {reason}"),))
    return OwnProtocol(place, files, tuple(findings))


def _misplaced(folder: Path, place: Place) -> Iterator[Finding]:
    """T401 for files that look as if they belonged to the protocol: nobody would notice that they say nothing."""
    known = (*FILES, SCENARIOS, PLAUSIBLE)
    for each in sorted(folder.iterdir()):
        if each.suffix.lower() in _YAML and each.name not in known:
            hint = did_you_mean(each.name, known, otherwise=f"a protocol has {FILES[0]}, {FILES[1]} and {SCENARIOS}")
            yield Finding("T401", place, each.name, "is not a file of a protocol", hint)
