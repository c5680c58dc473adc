"""An empty profile: every key explained, nothing changed."""

from __future__ import annotations

from reportgen import __version__, layers
from reportgen.findings import refuse

FILE = "profile.yaml"


def starter(name: str) -> str:
    """The `lab.yaml` of a new profile; `name` is written as YAML. Raises S603 where the template is missing."""
    paths = layers.find(FILE)
    if not paths:
        raise refuse("S603", "the starter of profiles is missing", FILE)
    text = paths[-1].read_text(encoding="utf-8")
    return text.replace("NAME", name, 1).replace("RELEASE", __version__, 1)
