"""Where the built-in template files are: in a checkout, an editable install or an installed wheel."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from reportgen.findings import refuse

BUILT_IN_PACKAGED = "_templates"


@lru_cache(maxsize=1)
def built_in() -> Path:
    """The package's own templates folder; raises S603 where it is missing.

    Why: the wheel carries `templates/` inside the package, a checkout keeps it beside the package.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / BUILT_IN_PACKAGED, package.parent / "templates"):
        if (folder / "protocols").is_dir():
            return folder
    raise refuse("S603", "the templates folder was not found beside or inside the package")


def find(relative: str) -> tuple[Path, ...]:
    """A template file, in a tuple of one; empty where there is none."""
    path = built_in() / relative
    return (path,) if path.is_file() else ()
