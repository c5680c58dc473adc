"""What a laboratory's profile adds to a report: its method of staining, its attestation, its table of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.laboratory.model import Laboratory
from reportgen.protocols.elements import Chapter
from reportgen.reports.labels import Labels
from reportgen.reports.model import Pair, Paragraph, Sentence
from reportgen.reports.part import PartComposer

METHOD, ATTESTATION = "stain_method", "attestation"  # the clauses by which traces name these words


def stain_method(laboratory: Laboratory | None, labels: Labels) -> Iterator[Paragraph]:
    """The laboratory's own words on its stains, if it has any."""
    own = laboratory.spec.stain_method if laboratory else None
    if own:
        text = " ".join(own.text.split())
        shown = labels.stain_method.format(text=text, version=own.version) if own.version else text
        yield Paragraph((Sentence(shown, METHOD),))


def attestation(laboratory: Laboratory | None, name: str, time: str) -> Iterator[Paragraph]:
    """The laboratory's attestation in the name of who finalized the report; a draft has no name and attests nothing."""
    own = laboratory.spec.attestation if laboratory else None
    if own and name:
        behind = own.credentials.get(name)
        said = own.text.format(name=f"{name}, {behind}" if behind else name, time=time)
        yield Paragraph((Sentence(" ".join(said.split()), ATTESTATION),))


def own_codes(part: PartComposer, laboratory: Laboratory | None) -> Iterator[str]:
    """The lines of the laboratory's table for one part, such as `CPT 88305`.

    Nothing where the comment does not name what the protocol's codes are for: a diagnosis that is withheld has none.
    """
    protocol = part.part.protocol.protocol.id
    rows = [each for each in (laboratory.spec.codes if laboratory else ()) if each.protocol == protocol]
    if not rows or not part.is_coded():
        return
    form = part.scope.form
    told = [part.scope.stains_by_result(form.slots[path], pending=False) for path in form.panels]
    stains = sum(len(named) for results in told for _, named in results)
    for row in rows:
        if row.when and part.scope.truth(row.when).truth is not True:
            continue
        count = {"": 1, "first": min(stains, 1), "further": max(stains - 1, 0)}[row.stains]
        if count:
            code = f"{row.system} {row.code}"
            yield code if count == 1 else part.labels.code_times.format(code=code, count=count)


def short_synopsis(part: PartComposer, laboratory: Laboratory | None) -> tuple[Pair, ...]:
    """The pairs of a part's synopsis; where the profile asks for a short one, those that no sentence tells.

    Every gap stays, and so does every answer whose words the report would otherwise not print.
    """
    fact = laboratory.spec.short_synopsis.get(part.part.protocol.protocol.id) if laboratory else None
    if not fact or part.scope.truth(fact).truth is not True:
        return part.synoptic.pairs
    blocks = (*part.diagnosis, *part.comment, *part.described(Chapter.microscopic), *part.described(Chapter.gross))
    sentences = [each for block in blocks if isinstance(block, Paragraph) for each in block.sentences if not each.gap]
    return part.writer.synopsis(lambda pair: not pair.gap and any(_tells(sentence, pair) for sentence in sentences))


def _tells(sentence: Sentence, pair: Pair) -> bool:
    """Whether a sentence rests on an answer and says its very words: one that only follows from it tells less."""
    rests = any(used.path == pair.path for used in sentence.answers)
    return rests and bool(re.search(rf"(?<!\w){re.escape(pair.text)}(?!\w)", sentence.text, re.IGNORECASE))
