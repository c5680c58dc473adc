"""A case without what was refused in it.

What is left out counts as not entered, and nothing becomes true by that: whatever leans on it waits. Only the preview
of the desk shows such a case; the documents are made of a case that is in order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.contradictions import not_applicable
from reportgen.cases.element_path import ElementPath
from reportgen.cases.entries import OWN_KEYS
from reportgen.cases.model import Answer, Case, Part, Words
from reportgen.findings import Finding


def refused_paths(findings: Iterable[Finding]) -> tuple[ElementPath, ...]:
    """Every path that an error concerns, once; of entries that contradict each other nobody knows which is wrong."""
    errors = (each for each in findings if each.refuses)
    return tuple(dict.fromkeys(ElementPath.parse(path) for each in errors for path in (each.path, *each.others)))


def without(case: Case, refused: Iterable[ElementPath]) -> tuple[Case, tuple[ElementPath, ...]]:
    """The case without what was refused, and without what hangs on it.

    An answer leaves with words of its own that were refused, such as its reason, and details leave with their answer.
    An answer also leaves if its element applied only because of one that left.

    Args:
        case: the case as it was entered.
        refused: the paths of what was refused, whether or not the case holds anything there.

    Returns:
        The case, and the refused paths with those of the answers that left with them.
    """
    entered = _entered(case)
    gone = dict.fromkeys(refused)
    gone |= dict.fromkeys(path.above for path in gone if path.name in OWN_KEYS and path.above in entered)
    header = _kept(case.header, "", gone)
    parts = []
    for part in case.parts:
        kept = _without(part, gone, alone=len(case.parts) == 1)
        while ruled_out := refused_paths(not_applicable(AnswerScope.of_part(kept, header), part.prefix)):
            kept = replace(kept, answers=_kept(kept.answers, part.prefix, ruled_out))
        parts.append(kept)
    made = replace(case, header=header, parts=tuple(parts))
    kept_paths = _entered(made)
    return made, tuple(gone | {path: None for path in entered if path not in kept_paths})


def _entered(case: Case) -> dict[ElementPath, None]:
    """The paths of all answers, in order."""
    prefixed = [("", case.header), *((part.prefix, part.answers) for part in case.parts)]
    return dict.fromkeys(ElementPath.parse(prefix + path) for prefix, answers in prefixed for path in answers)


def _without(part: Part, refused: Collection[ElementPath], *, alone: bool) -> Part:
    return replace(
        part,
        received_as="" if ElementPath(part.label, ("received_as",)) in refused else part.received_as,
        answers=_kept(part.answers, part.prefix, refused),
        acknowledged=_said(part.acknowledged, "acknowledge", part.label, refused, alone=alone),
        overrides=_said(part.overrides, "override", part.label, refused, alone=alone),
    )


def _kept(answers: Mapping[str, Answer], prefix: str, refused: Collection[ElementPath]) -> dict[str, Answer]:
    """The answers that are neither refused nor below what is."""
    return {
        path: answer
        for path, answer in answers.items()
        if not any(each in refused for each in ElementPath.parse(prefix + path).line)
    }


def _said(
    said: Mapping[str, Words], key: str, label: str, refused: Collection[ElementPath], *, alone: bool
) -> dict[str, Words]:
    """The acknowledgements or overrides that are not refused; a case of one part may have given them at its top."""
    places = (label, "") if alone else (label,)
    return {
        name: words
        for name, words in said.items()
        if not any(ElementPath(part, (key, name)) in refused for part in places)
    }
