"""Whether what may be entered with an answer is asked for in a way that a case can answer."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import one_of
from reportgen.protocols.checks.numbers import wrong_with_number
from reportgen.protocols.elements import Choice, Shown

_KINDS = ("text", "quantity", "count", "date")
_NEVER = frozenset({
    "title", "label", "applies_when", "required_when", "undetermined", "codes", "source", "aliases", "chapter",
    "followups", "under", "lines", "identifier", "part",
})  # fmt: skip


def wrong_with_response(choice: Choice) -> Iterator[tuple[str, str]]:
    """Message and next step for each fault of a choice's response."""
    asked = choice.response
    if asked is None:
        if choice.print is not Shown.both and not choice.fill_in:
            yield "has no response, so that print says nothing", "add a response, or remove print"
        return
    if choice.fill_in:
        yield "has a response and fill_in", "remove fill_in"
    yield from ((f"{field} {message}", hint) for field, message, hint in wrong_with_number(asked))
    if asked.kind not in _KINDS:
        yield f"cannot be a {asked.kind}", one_of(_KINDS)
    given = asked.model_fields_set - {"title"} if asked.title == "response" else asked.model_fields_set
    for key in sorted(given & _NEVER):
        yield f"cannot have {key}", "use a follow-up, which is an element of its own"
    if choice.omit.value != "false" and choice.print is Shown.response:
        yield "would not be printed: its answer is omitted", "remove omit or print"
