"""The word lists of a protocol, read and compiled once: shared, its own, the laboratory's."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table

from reportgen import template_files
from reportgen.findings import Place, refuse
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.own_protocols import FREE_TEXT, word_files
from reportgen.prose.blocks import block_pattern
from reportgen.prose.model import FreeText, WordKinds
from reportgen.prose.numbers import Numbers
from reportgen.prose.phrases import alternatives, any_of
from reportgen.prose.places import Body
from reportgen.prose.polarity import PolarityReader, stain_mentions
from reportgen.prose.sentences import Filter
from reportgen.reading.readers import read_file
from reportgen.reading.shaped import shaped
from reportgen.reading.source import Entry, Items, Mapping, Node, Text

KEY = "free_text"
_WORD = re.compile(r"[^\W\d_]{2,}")
SHARED = "all"  # the key under which a laboratory adds words for every protocol
Panels = Table[str, Table[str, tuple[str, ...]]]


class Prose:
    """The words of one protocol, ready for use.

    Args:
        words: the word lists.
        panels: path of each panel → path of each of its stains → the stain's names.

    Attributes:
        readers: what reads each group; `readers_of` those that look at a text, by its name.
        numbers: what reads each measure.
        kinds: each list of kinds, with the expression of each kind's words.
        texts: the texts that anything is looked for in.
    """

    def __init__(self, words: FreeText, panels: Panels) -> None:
        self.words = words
        turns = re.compile(rf"[;.]|{any_of(words.turns).pattern}", re.IGNORECASE)
        self.filter = Filter(
            any_of(words.doubt), any_of(words.doubt_ahead), any_of(words.family), any_of(words.masks), turns
        )
        self.body = Body(words)
        stains = {group.id: stain_mentions(group, panels.get(group.panel, {})) for group in words.groups}
        self.readers = [PolarityReader(group, words.negations, stains[group.id]) for group in words.groups]
        self.numbers = [Numbers(measure, words) for measure in words.measures]
        self.kinds = [(each, [(kind, _kind_pattern(each, kind)) for kind in each.words]) for each in words.kinds]
        self.blocks = block_pattern(words.blocks)
        self._plain = _plain(words)
        self.readers_of = {
            text: [reader for reader in self.readers if text in reader.group.texts]
            for group in words.groups
            for text in group.texts
        }
        looked_at = [words.side_texts, words.region_texts, words.block_texts, *(each.texts for each in words.groups)]
        looked_at += [*(each.texts for each in words.measures), *(each.texts for each in words.kinds)]
        self.texts = frozenset(text for texts in looked_at for text in texts)

    def is_plain(self, clause: str) -> bool:
        """Whether a clause is made of nothing but words that are known to make plain claims."""
        for reader in self.readers:
            clause = reader.named.sub(" ", clause)
        return _WORD.search(self._plain.sub(" ", clause.replace("-", " "))) is None


def load_prose(protocol: str, laboratory: Laboratory | None, panels: Panels) -> Prose:
    """The words for a protocol; `panels` as for `Prose`.

    Raises:
        FindingsError: T401 for words of the wrong shape.
    """
    source = Mapping((), Place(FREE_TEXT))
    for name in word_files(protocol, laboratory):
        if template_files.exists(name):
            source = added(source, read_file(template_files.path(name), name=name))
    for key in (SHARED, protocol):
        for _, more in laboratory.parts(KEY, key) if laboratory else ():
            source = added(source, more)
    return Prose(shaped(FreeText, source), panels)


def _plain(words: FreeText) -> re.Pattern[str]:
    """Any word of the claims, the cues and the plain words; one in -ly tells how, not what."""
    cues = (cue.removesuffix(">") for group in words.groups for cue in (*group.yes, *group.no, *group.weak, *group.own))
    body = (word for listed in (*(each.words for each in words.regions), *words.sides.values()) for word in listed)
    listed = (*cues, *body, *words.plain, *words.negations, *words.numbers)
    said = {word for phrase in listed for word in re.split(r"[\s~-]+", phrase)}
    return re.compile(rf"\b(?:{alternatives(word for word in said if word[:1].isalnum())}|\w+ly|\w)\b", re.IGNORECASE)


def _kind_pattern(kinds: WordKinds, kind: str) -> re.Pattern[str]:
    words, marks = alternatives(kinds.words[kind]), "|".join(kinds.marks.get(kind, ()))
    if not marks:
        return re.compile(rf"(?i:{words})")
    beside = alternatives(kinds.beside) or "(?!)"
    near = rf"(?:(?<=[0-9])\s?|(?i:{beside})[\s-])(?:{marks})(?!\w)|(?<!\w)(?:{marks})(?=[,\s]+[0-9]{{2}})"
    return re.compile(rf"(?i:{words})|{near}")


def added(base: Mapping, more: Mapping) -> Mapping:
    """The entries of both: lists joined, mappings and list entries of one `id` merged, single words replaced.

    Raises:
        FindingsError: T401 where the two have different shapes.
    """
    entries = {entry.key: entry for entry in base}
    for entry in more:
        known = entries.get(entry.key)
        value = entry.value if known is None else _joined(known.value, entry.value)
        entries[entry.key] = Entry(entry.key, value, entry.place)
    return Mapping(tuple(entries.values()), more.place)


def _joined(base: Node, more: Node) -> Node:
    if isinstance(base, Mapping) and isinstance(more, Mapping):
        return added(base, more)
    if isinstance(base, Items) and isinstance(more, Items):
        items = {_id(item) or number: item for number, item in enumerate(base.items)}
        for number, item in enumerate(more.items, start=len(items)):
            key = _id(item) or number
            known = items.get(key)
            items[key] = added(known, item) if isinstance(known, Mapping) and isinstance(item, Mapping) else item
        return Items(tuple(items.values()), more.place)
    if type(base) is not type(more):
        raise refuse("T401", "has another shape than what it adds to", more.place)
    return more


def _id(item: Node) -> str:
    found = item.get("id") if isinstance(item, Mapping) else None
    return found.text if isinstance(found, Text) else ""
