"""Which things a clause affirms and which it denies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from reportgen.prose.model import Group, Mention
from reportgen.prose.phrases import alternatives, any_of, marker

_REACH = 4  # words between a negation and the cue it turns around
_OR = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
_GLUE = re.compile(
    r"\W*(?:(?:and|or|nor|plus|both|the|also|as|well|focal|weak|h|to|a|lesser|extent|\w+ly)\b\W*)*", re.IGNORECASE
)
_SUBJECT = re.compile(r"\b(?:and(?!\s+\w+ly\b)|or|with|which|that|where|over|beneath|above|by|whose)\b", re.IGNORECASE)
_ADJECTIVE = re.compile(r"[\s(:]*(?:(?!at\b|in\b|near\b|of\b|on\b|to\b|for\b)\w+\s+)?")
_FURTHER = re.compile(r",|\b(?:and|with)\b", re.IGNORECASE)
_FAR = re.compile(r",|\b(?:and|within|from|beneath|short|not|away|towards?|near|close|with)\b", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:and|or|nor)\b|[&/]", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:of|in|within|at|on|along|around|near)\s+(?P<place>[^,;.]*)", re.IGNORECASE)
_PERCENT = r"|(?<![\d.<>])[0-9]{1,3}\s?%|[=:]\s?0(?![\d.,%])"
_NONE = re.compile(r"[=:]?\s?0+\s?%?")
_ANSWER = re.compile(r"\s*[:=/\[]")
_PLUS = r"(?:[1-4]\s?)?\+{1,3}(?![\w])|\([-\u2212\u2013]\)|(?<=[\w)])\s?[-\u2212\u2013](?=\s*[,;.)]|\s*$)"


class Claim(NamedTuple):
    """One thing affirmed or denied by a text."""

    mention: Mention
    affirmed: bool
    clause: str


class _Cue(NamedTuple):
    kind: str  # mention, yes, no, weak, negation
    ahead: bool
    start: int
    end: int
    mention: Mention | None = None


class PolarityReader:
    """Reads the clauses of a text for one group.

    Args:
        group: the group.
        negations: words that turn what follows into its opposite.
        stains: the mentions of the group's panel by the expressions of their names.
    """

    def __init__(self, group: Group, negations: tuple[str, ...], stains: dict[str, Mention]) -> None:
        self.group = group
        texts = [*((alternatives(each.words), each) for each in group.mentions), *stains.items()]
        named = "|".join(text for text, _ in sorted(texts, key=lambda each: -len(each[0])))
        cues = {name: listed for name in ("yes", "no", "weak") if (listed := _cue_words(getattr(group, name)))}
        parts = {
            "mention": named, **cues, "sign": _PLUS + _PERCENT * group.share, "negation": alternatives(negations),
        }  # fmt: skip
        self.mentions = [(re.compile(text, re.IGNORECASE), each) for text, each in texts]
        self.named = re.compile(named, re.IGNORECASE)
        self.events = re.compile("|".join(f"(?P<{name}>{part})" for name, part in parts.items()), re.IGNORECASE)
        ahead = [word for word in (*group.yes, *group.no, *group.weak) if word.endswith(">")]
        self.ahead = re.compile(_cue_words(ahead) or "(?!)", re.IGNORECASE)
        self.elsewhere, self.own = any_of(group.elsewhere), any_of(group.own)

    def sentence_claims(self, clauses: list[str]) -> Iterator[Claim]:
        """What the clauses of one sentence say; of a stain, one that the next clause goes on about says nothing."""
        for clause, following in pairwise((*clauses, "")):
            if not (self.group.panel and self.open_cue(following)):
                yield from self.claims(clause)

    def claims(self, clause: str) -> Iterator[Claim]:
        """What a clause says of the group's mentions."""
        if not self.named.search(clause) or self.elsewhere.search(clause):
            return
        read = _Clause(clause, _turned(self._events(clause), clause), lists=bool(self.group.panel))
        read.assign({"yes", "no", "negation"})
        if not any(event.kind in ("yes", "no", "negation") for event in read.events):
            read.assign({"weak"})
        for number, event in enumerate(read.events):
            if event.mention is None or self._placed(read.events, number, clause):
                continue
            if number in read.said:
                affirmed = None if read.said[number] and read.is_taken_back(number) else read.said[number]
            elif _ANSWER.match(clause, event.end):
                affirmed = None  # a heading whose answer was not understood
            elif any(each.kind == "negation" and each.start > event.start for each in read.events):
                affirmed = None  # a negation that no cue took up: what it denies is not plain
            else:
                affirmed = {"yes": True, "no": False}.get(event.mention.bare)
            if affirmed is not None:
                yield Claim(event.mention, affirmed is not (event.mention.bare == "no" and number in read.said), clause)

    def _placed(self, events: list[_Cue], number: int, clause: str) -> bool:
        """Whether what is said of a mention is said of another place than the lesion ("positive in fibroblasts")."""
        if not self.group.own:
            return False
        later = next((each.start for each in events[number + 1 :] if each.mention is not None), len(clause))
        found = _PLACED.search(clause, events[number].end, later)
        return bool(found and not self.own.search(found["place"]) and not any(map(str.isdigit, found["place"])))

    def open_cue(self, clause: str) -> bool:
        """Whether a clause says something of what the clause before it named ("but is focally positive")."""
        events = self._events(clause)
        return bool(events) and all(each.mention is None for each in events)

    def _events(self, clause: str) -> list[_Cue]:
        events = []
        for found in self.events.finditer(clause):
            kind, text = found.lastgroup or "", found.group()
            if kind == "sign":
                kind = "yes" if "+" in text or ("%" in text and not _NONE.fullmatch(text)) else "no"
            mention = (
                next((each for one, each in self.mentions if one.fullmatch(text)), None) if kind == "mention" else None
            )
            ahead = kind == "negation" or bool(self.ahead.fullmatch(text))
            events.append(_Cue(kind, ahead, found.start(), found.end(), mention))
        return events


def _turned(events: list[_Cue], clause: str) -> list[_Cue]:
    """The events with each negation taken into the cue it turns around."""
    made: list[_Cue] = []
    skip = -1
    for number, event in enumerate(events):
        if number == skip:
            continue
        following = events[number + 1] if number + 1 < len(events) else None
        if event.kind == "negation" and following and following.kind in ("yes", "no", "weak"):
            between = clause[event.end : following.start]
            if len(between.split()) <= _REACH and "," not in between:
                kind = "yes" if following.kind == "no" else "no"
                made.append(following._replace(kind=kind, start=event.start))
                skip = number + 1
                continue
        answered = clause[event.start : event.end].casefold() == "no" and not clause[event.end :].strip(" .,)")
        if event.kind == "negation" and following is None and answered:
            event = event._replace(kind="no", ahead=False)
        made.append(event)
    return made


class _Clause:
    """A clause while its cues are given to its mentions.

    Attributes:
        text: the clause.
        events: its mentions and cues, in order.
        lists: whether its mentions are often listed, as stains are.
        said: number of a mention among the events → what is said of it; None where that is not plain.
    """

    def __init__(self, text: str, events: list[_Cue], *, lists: bool) -> None:
        self.text, self.events, self.lists = text, events, lists
        self.said: dict[int, bool | None] = {}

    def assign(self, kinds: set[str]) -> None:
        """Give each mention what the nearest cue of some kinds says of it, by the cue's direction."""
        waiting: list[int] = []
        for number, event in enumerate(self.events):
            if event.mention is not None:
                if number not in self.said:
                    waiting.append(number)
            elif event.kind in kinds:
                run = self._run(number)
                if event.ahead:
                    self._ahead(number, run)
                elif waiting:
                    self._back(number, waiting)
                elif run and _ADJECTIVE.fullmatch(self._between(number, run[0])):
                    self._ahead(number, run)
                waiting = []

    def is_taken_back(self, number: int) -> bool:
        """Whether what was affirmed before a mention is denied behind it ("positive margin: no")."""
        behind = self.events[number + 1 : number + 3]
        if not behind or behind[0].mention is not None:
            return False
        of_the_next = len(behind) > 1 and behind[1].mention is not None
        return behind[0].kind in ("negation", "no") and not of_the_next

    def _between(self, one: int, other: int) -> str:
        return self.text[self.events[one].end : self.events[other].start]

    def _run(self, number: int) -> list[int]:
        """The mentions that follow, up to the next cue."""
        run = []
        for later in range(number + 1, len(self.events)):
            if self.events[later].mention is not None:
                run.append(later)
            elif self.events[later].kind != "weak":
                break
        return run

    def _back(self, number: int, waiting: list[int]) -> None:
        """A cue behind its mentions: it speaks of the last, unless a new subject comes between, and of a plain list."""
        affirmed = self.events[number].kind in ("yes", "weak")
        plain = not _SUBJECT.search(self._between(waiting[-1], number))
        self.said[waiting[-1]] = affirmed if plain else None
        for one, other in reversed(list(pairwise(waiting))):
            plain = plain and _GLUE.fullmatch(self._between(one, other)) is not None
            self.said[one] = affirmed if plain else None

    def _ahead(self, number: int, run: list[int]) -> None:
        """A cue before its mentions: it speaks of a plain list, up to a comma behind which another cue takes over."""
        if not run:
            return
        cue = self.events[number]
        listing = self.text[cue.end : self.events[run[-1]].end]
        following = self.events[run[-1] + 1 : run[-1] + 2]
        taken = any(event.kind in ("yes", "no") and not event.ahead for event in following)
        taken = taken and not _JOINED.search(listing) and not self.text[cue.end :].lstrip().startswith("(")
        plain = True
        for place, (before, each) in enumerate(pairwise((number, *run))):
            gap = self._between(before, each)
            if not (place or self.lists) and (_FAR.search(gap) or len(gap.split()) > _REACH + 1):
                plain = False
            elif place:
                plain = plain and _GLUE.fullmatch(gap) is not None
            elif cue.kind == "negation":
                plain = not _FURTHER.search(gap) or _OR.search(listing) is not None
            plain = plain and not ("," in gap and taken)
            self.said.setdefault(each, (cue.kind in ("yes", "weak")) if plain else None)


def _cue_words(cues: Iterable[str]) -> str:
    return alternatives(cue.removesuffix(">").strip() for cue in cues)


def stain_mentions(group: Group, names: Mapping[str, tuple[str, ...]]) -> dict[str, Mention]:
    """The mentions of a group's panel by the expressions of their names; `names`: path of a stain → its names."""
    mentions = {}
    for path, own in names.items():
        id = path.rpartition(".")[2]
        further = alternatives(group.also.get(id, ()))
        texts = sorted({marker(name) for name in own}, key=lambda text: -len(text))
        text = "|".join(rf"(?<![\w])(?:{each})(?![A-Za-z0-9])" for each in texts) + (f"|{further}" if further else "")
        mentions[text] = Mention(id=id, words=own, elements=(path,), yes=group.yes_answers, no=group.no_answers)
    return mentions
