"""reportgen: synoptic pathology reports from validated case files.

Formats data entered by a qualified pathologist; makes no diagnosis. The public names load on first use, so that asking
for help or the version loads no engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reportgen.release import VERSION

if TYPE_CHECKING:
    from reportgen.findings import Finding, FindingsError
    from reportgen.pipeline import check, compose, load, render

__version__ = VERSION

_PUBLIC = {
    "load": "reportgen.pipeline",
    "check": "reportgen.pipeline",
    "compose": "reportgen.pipeline",
    "render": "reportgen.pipeline",
    "Finding": "reportgen.findings",
    "FindingsError": "reportgen.findings",
}
__all__ = ["Finding", "FindingsError", "check", "compose", "load", "render"]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'reportgen' has no attribute '{name}'")
