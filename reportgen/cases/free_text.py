"""Free text against the answers: what a text says in words that an answer says otherwise.

Each text and each answer is right by itself; no one knows which of the two is wrong, so these are warnings. Where a
text is not plain it is let pass: a false alarm would teach the reader to look away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Answer, Chosen, Counted, Measured, Written
from reportgen.cases.part_labels import label_key
from reportgen.cases.sides import chosen, entered_regions, entered_sides, written
from reportgen.findings import Finding, Place
from reportgen.prose.blocks import blocks_in, named_blocks
from reportgen.prose.load import Prose
from reportgen.prose.model import Mention
from reportgen.prose.sentences import Read
from reportgen.units import Interval

_AGE = "case.age"
_HEADER = "case."
_TWICE = Decimal(2)  # sizes that people estimate differ by less than this factor
_BENCH = Decimal("1.5")  # sizes of a specimen on the bench, measured, differ by less than this factor
_SOME = Decimal("1.25")  # counts of the same fields differ by less than this factor
RECEIVED = "received_as"


class Said(NamedTuple):
    """One text of a case; `others` are the labels of the other parts, whose blocks it may name."""

    name: str
    text: str
    place: Place
    others: frozenset[str] = frozenset()


class Against(NamedTuple):
    """A text that says otherwise than an answer: what about, and the answers' paths."""

    topic: str
    about: str
    paths: tuple[str, ...]
    code: str = "W306"


def against(scope: AnswerScope, said: Said, prose: Prose) -> Iterator[Against]:
    """Everything in which one text disagrees with the answers of one part."""
    if said.name not in prose.texts:
        return
    read = Read(prose.filter, said.text)
    yield from _claims(scope, said, prose, read)
    yield from _numbers(scope, said, prose, read)
    yield from _kinds(scope, said, prose, read)
    yield from _places(scope, said, prose, read)
    yield from _blocks(scope, said, prose, read)


def part_findings(scope: AnswerScope, texts: Iterable[Said], prose: Prose, prefix: str) -> Iterator[Finding]:
    """The findings about the texts of one part."""
    for said in texts:
        for each in against(scope, said, prose):
            yield _finding(scope, said, each, prefix, prefix + said.name)
    yield from _unlisted(scope, prose, prefix)


def header_findings(scopes: Iterable[tuple[AnswerScope, Prose, str]], texts: Iterable[Said]) -> Iterator[Finding]:
    """The findings about the texts of the whole case: only what agrees with no part."""
    parts = list(scopes)
    for said in texts:
        found = [list(against(scope, said, prose)) for scope, prose, _ in parts]
        everywhere = set.intersection(*({each.topic for each in one} for one in found)) if found else set()
        for each in found[0] if found else ():
            if each.topic in everywhere:
                yield _finding(parts[0][0], said, each, parts[0][2], said.name)


def texts_of(answers: Mapping[str, Answer], names: frozenset[str]) -> Iterator[Said]:
    """The texts of these names among answers."""
    for path, answer in answers.items():
        if path in names and type(answer.value) is Written:
            yield Said(path, answer.value.text, answer.place)


def _finding(scope: AnswerScope, said: Said, each: Against, prefix: str, path: str) -> Finding:
    shown = []
    for one in each.paths:
        own = one.removeprefix(_HEADER)
        answer = scope.header_answers.get(own) if one.startswith(_HEADER) else scope.answers.get(one)
        shown.append((own if one.startswith(_HEADER) else prefix + one, answer.place if answer else Place()))
    named = ", ".join(f"{name} ({place})" if str(place) else name for name, place in shown)
    others = tuple(name for name, _ in shown)
    return Finding(each.code, said.place, path, f"says otherwise about {each.about} than {named}", others=others)


def _claims(scope: AnswerScope, said: Said, prose: Prose, read: Read) -> Iterator[Against]:
    for reader in prose.readers_of.get(said.name, ()):
        if not reader.named.search(read.text):
            continue
        claims = [
            claim for sentence in read.sentences for claim in reader.sentence_claims(prose.filter.clauses(sentence))
        ]
        made = {(claim.mention.id, claim.affirmed) for claim in claims}
        for id, affirmed in sorted(made):
            if (id, not affirmed) in made:
                continue
            own = [claim for claim in claims if (claim.mention.id, claim.affirmed) == (id, affirmed)]
            paths = _denied_by(scope, own[0].mention, reader.group.unsaid, affirmed=affirmed)
            if paths and any(prose.is_plain(claim.clause) for claim in own):
                about = f"{reader.group.title.lower()} {id}" if reader.group.panel else reader.group.title.lower()
                yield Against(f"{reader.group.id}.{id}", about, paths)


def _denied_by(scope: AnswerScope, mention: Mention, unsaid: tuple[str, ...], *, affirmed: bool) -> tuple[str, ...]:
    """The answers that a claim contradicts: for one that affirms, all must deny it; else any that affirms."""
    given = {path: chosen(scope.answers, path) for path in mention.elements}
    if affirmed:
        denied = all(id and id in (*mention.no, *unsaid) for id in given.values())
        return tuple(given) if given and denied else ()
    return tuple(path for path, id in given.items() if id and id in (*mention.yes, *unsaid))


def _numbers(scope: AnswerScope, said: Said, prose: Prose, read: Read) -> Iterator[Against]:
    for numbers in prose.numbers:
        measure = numbers.measure
        if said.name not in measure.texts:
            continue
        entered = _range(scope, measure.element, measure.kind)
        if entered is None:
            continue
        plain = read.of_the_patient if measure.kind == "age" else read.sentences
        found = [each for sentence in plain for each in numbers.found(sentence)]
        if found and not any(_near(one, entered, measure.kind) for one in found):
            yield Against(measure.id, measure.title.lower(), (_shown(measure.element),))


def _shown(element: str) -> str:
    return "case.patient.birth_date" if element == _AGE else element


def _range(scope: AnswerScope, path: str, kind: str) -> tuple[Decimal, Decimal] | None:
    """What was entered, from least to most; None where it was not, or not in a way that can be compared."""
    if kind == "age":
        reading = scope.reading(_AGE)
        return (reading.value.low, reading.value.low) if isinstance(reading.value, Interval) else None
    answer = scope.answers.get(path)
    value = answer.value if answer else None
    if isinstance(value, Measured):
        largest = value.quantity.largest * Decimal(value.factor)
        return largest, largest
    if isinstance(value, Counted) and value.per != "mm²":
        interval = value.number.interval()
        return interval.low, interval.low if interval.high is None else interval.high
    return None


def _near(one: tuple[Decimal, Decimal], entered: tuple[Decimal, Decimal], kind: str) -> bool:
    low, high = one
    least, most = entered
    if kind == "age":
        return abs(low - least) <= 1
    factor, more = {"extent": (_BENCH, 0), "size": (_TWICE, 0)}.get(kind, (_SOME, 1))
    return low <= most * factor + more and high * factor + more >= least


def _kinds(scope: AnswerScope, said: Said, prose: Prose, read: Read) -> Iterator[Against]:
    for kinds, words in prose.kinds:
        if said.name not in kinds.texts:
            continue
        answers = scope.header_answers if kinds.element.startswith(_HEADER) else scope.answers
        answer = answers.get(kinds.element.removeprefix(_HEADER))
        if answer is None or not any(word.search(said.text) for _, word in words):
            continue
        plain = read.of_the_patient if kinds.element.startswith(_HEADER) else read.sentences
        sentences = [said.text] if said.name == RECEIVED else plain
        named = {kind for kind, word in words if any(word.search(sentence) for sentence in sentences)}
        if isinstance(answer.value, Chosen):
            agree = {kind for kind in named if answer.value.picks[0].id in kinds.agrees.get(kind, ())}
        else:
            entered = written(answers, kinds.element)
            same = {kind for kind, word in words if word.search(entered)}
            agree = named & same if same else named
        if named and not agree:
            yield Against(kinds.id, kinds.title.lower(), (kinds.element,))


def _places(scope: AnswerScope, said: Said, prose: Prose, read: Read) -> Iterator[Against]:
    words, body = prose.words, prose.body
    if said.name not in words.side_texts or not body.words.search(read.text):
        return
    sentences = [each for each in read.sentences if not body.other.search(each)]
    regions, sides = entered_regions(prose, scope.answers), entered_sides(prose, scope.answers)
    named = {
        side
        for sentence in sentences
        for side, region in body.sided(sentence)
        if not regions or any(body.agree(region, each) for each in regions)
    }
    told = {each.id for one in sentences if body.sided(one) for each in body.sides_in(one)}
    if named and sides and told.isdisjoint(sides):
        yield Against("side", "the side", (words.laterality,), "W307")
    if said.name in words.region_texts:
        spoken = {each.id for one in sentences if body.lesions.search(one) for each in body.regions_in(one)}
        if body.apart(spoken, regions):
            yield Against("region", "the region", (words.site,), "W307")


def _blocks(scope: AnswerScope, said: Said, prose: Prose, read: Read) -> Iterator[Against]:
    if said.name not in prose.words.block_texts or not read.has_figures or not prose.blocks.search(said.text):
        return
    listed = _listed(scope, prose)
    if not listed:
        return
    named = [each for one in read.sentences for each in blocks_in(one, prose.blocks)]
    others = tuple(map(label_key, said.others))
    own = {each for each in named if not any(_is_of(label_key(each), label) for label in others)}
    if own - listed:
        yield Against("blocks", "the blocks", (f"{prose.words.block_list}.1.id",))


def _is_of(block: str, label: str) -> bool:
    """Whether a block is named by the label of a part, and a number behind it."""
    return block.startswith(label) and block[len(label) :].isdecimal()


def _listed(scope: AnswerScope, prose: Prose) -> set[str]:
    """The names of the blocks that are listed."""
    slot = f"{prose.words.block_list}.id"
    ids = (answer for answer in scope.answers.values() if answer.slot == slot and isinstance(answer.value, Written))
    texts = [answer.value.text for answer in ids if isinstance(answer.value, Written)]
    return {name for text in texts for name in named_blocks(text)}


def _unlisted(scope: AnswerScope, prose: Prose, prefix: str) -> Iterator[Finding]:
    """Blocks that an answer names and the list of blocks does not."""
    naming = [(path, answer) for path, answer in scope.answers.items() if path.endswith(".block")]
    listed = _listed(scope, prose) if naming and prose.words.block_list else set[str]()
    for path, answer in naming if listed else ():
        named = named_blocks(answer.value.text) if isinstance(answer.value, Written) else ()
        if isinstance(answer.value, Written) and set(named) - listed:
            each = Against("blocks", "the blocks", (f"{prose.words.block_list}.1.id",))
            yield _finding(scope, Said(path, answer.value.text, answer.place), each, prefix, prefix + path)
