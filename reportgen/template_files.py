"""The built-in template files: in a checkout, an editable install or an installed wheel."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from reportgen.findings import refuse

PACKAGED = "_templates"


@lru_cache(maxsize=1)
def folder() -> Path:
    """The package's own templates folder; raises S603 where it is missing.

    Why: the wheel carries `templates/` inside the package, a checkout keeps it beside the package.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / PACKAGED, package.parent / "templates"):
        if (candidate / "protocols").is_dir():
            return candidate
    raise refuse("S603", "the templates folder was not found beside or inside the package")


def exists(relative: str) -> bool:
    """Whether the templates folder has this file."""
    return (folder() / relative).is_file()


def path(relative: str) -> Path:
    """The path of a template file; raises S603 where it is missing."""
    if not exists(relative):
        raise refuse("S603", "is missing from the built-in templates", relative)
    return folder() / relative
