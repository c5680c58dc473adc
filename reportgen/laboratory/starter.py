"""An empty profile: every key explained, nothing changed."""

from __future__ import annotations

from reportgen import template_files
from reportgen.release import VERSION

FILE = "profile.yaml"


def starter(name: str) -> str:
    """The `lab.yaml` of a new profile; `name` is written as YAML. Raises S603 where the template is missing."""
    text = template_files.path(FILE).read_text(encoding="utf-8")
    return text.replace("NAME", name, 1).replace("RELEASE", VERSION, 1)
