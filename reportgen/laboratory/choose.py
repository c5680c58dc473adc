"""Which profile is used: named on the command line, in the environment, or in the folder's `reportgen.toml`."""

from __future__ import annotations

import os
from pathlib import Path

from reportgen.findings import refuse
from reportgen.laboratory.model import Laboratory

VARIABLE = "REPORTGEN_LAB"
CONFIGURATION = "reportgen.toml"
NONE = "none"  # the word that asks for the built-in templates alone


def choose(named: str = "") -> Laboratory | None:
    """The profile to use, or None for the built-in templates.

    What the command line names goes before the environment, and this before the `reportgen.toml` of the working
    directory. Folders above it are not searched: others may write there.

    Raises:
        FindingsError: T410 for a `reportgen.toml` that cannot be followed; and what `load_laboratory` raises.
    """
    path = named or os.environ.get(VARIABLE, "")
    file = Path(CONFIGURATION)
    found = None if path == NONE else Path(path) if path else _named_in(file) if file.is_file() else None
    if found is None:
        return None
    from reportgen.laboratory.read import load_laboratory

    return load_laboratory(found)


def _named_in(file: Path) -> Path | None:
    import tomllib

    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise refuse("T410", "cannot be read as TOML", str(file)) from None
    unknown = sorted(data.keys() - {"lab"})
    if unknown:
        raise refuse("T410", "is not known here", str(file), unknown[0], hint='write lab = "folder"')
    lab = data.get("lab", "")
    if not isinstance(lab, str):
        raise refuse("T410", "must name one folder", str(file), "lab", hint='write lab = "folder"')
    return file.parent / lab if lab and lab != NONE else None
