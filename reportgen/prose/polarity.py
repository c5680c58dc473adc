"""Which things a clause affirms and which it denies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
        for clause, following in zip(clauses, [*clauses[1:], ""], strict=True):
            if not (self.group.panel and self.open_cue(following)):
                yield from self.claims(clause)

    def claims(self, clause: str) -> Iterator[Claim]:
        """What a clause says of the group's mentions."""
        if not self.named.search(clause) or self.elsewhere.search(clause):
            return
        events = self._turned(self._events(clause), clause)
        said: dict[int, bool | None] = {}
        strong = [event for event in events if event.kind in ("yes", "no", "negation")]
        _assign(events, {"yes", "no", "negation"}, said, clause, lists=bool(self.group.panel))
        if not strong:
            _assign(events, {"weak"}, said, clause, lists=bool(self.group.panel))
        for number, event in enumerate(events):
            if event.mention is None or self._placed(events, number, clause):
                continue
            if number in said:
                affirmed = None if said[number] and _taken_back(events, number) else said[number]
            elif _ANSWER.match(clause, event.end):
                affirmed = None  # a heading whose answer was not understood
            elif any(each.kind == "negation" and each.start > event.start for each in events):
                affirmed = None  # a negation that no cue took up: what it denies is not plain
            else:
                affirmed = {"yes": True, "no": False}.get(event.mention.bare)
            if affirmed is not None:
                yield Claim(event.mention, affirmed is not (event.mention.bare == "no" and number in said), clause)

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

    def _turned(self, events: list[_Cue], clause: str) -> list[_Cue]:
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


def _assign(events: list[_Cue], kinds: set[str], said: dict[int, bool | None], clause: str, *, lists: bool) -> None:
    """Give each mention what the nearest cue says of it, by the cue's direction; None where that is not plain."""
    waiting: list[int] = []
    for number, event in enumerate(events):
        if event.mention is not None:
            if number not in said:
                waiting.append(number)
        elif event.kind in kinds:
            affirmed = event.kind in ("yes", "weak")
            run = _run(events, number)
            if event.ahead:
                _ahead(events, number, run, said, clause, affirmed=affirmed, lists=lists)
            elif waiting:
                _back(events, number, waiting, said, clause, affirmed=affirmed)
            elif run and _ADJECTIVE.fullmatch(clause[event.end : events[run[0]].start]):
                _ahead(events, number, run, said, clause, affirmed=affirmed, lists=lists)
            waiting = []


def _taken_back(events: list[_Cue], number: int) -> bool:
    """Whether what was affirmed before a mention is denied behind it ("positive margin: no")."""
    behind = events[number + 1 : number + 3]
    if not behind or behind[0].mention is not None:
        return False
    of_the_next = len(behind) > 1 and behind[1].mention is not None
    return behind[0].kind in ("negation", "no") and not of_the_next


def _run(events: list[_Cue], number: int) -> list[int]:
    """The mentions that follow, up to the next cue."""
    run = []
    for later in range(number + 1, len(events)):
        if events[later].mention is None:
            if events[later].kind == "weak":
                continue
            break
        run.append(later)
    return run


def _back(
    events: list[_Cue], number: int, waiting: list[int], said: dict[int, bool | None], clause: str, *, affirmed: bool
) -> None:
    """A cue behind its mentions: it speaks of the last one unless a new subject comes between, and of a plain list."""
    plain = not _SUBJECT.search(clause[events[waiting[-1]].end : events[number].start])
    for place in range(len(waiting) - 1, -1, -1):
        if place < len(waiting) - 1:
            between = clause[events[waiting[place]].end : events[waiting[place + 1]].start]
            plain = plain and _GLUE.fullmatch(between) is not None
        said[waiting[place]] = affirmed if plain else None


def _ahead(
    events: list[_Cue],
    number: int,
    run: list[int],
    said: dict[int, bool | None],
    clause: str,
    *,
    affirmed: bool,
    lists: bool,
) -> None:
    """A cue before its mentions: it speaks of a plain list, up to a comma behind which another cue takes over."""
    if not run:
        return
    last = events[run[-1]].end
    listed = _JOINED.search(clause[events[number].end : last]) is not None
    taken = _claimed_later(events, run[-1], {"yes", "no"})
    plain, start = True, events[number].end
    for place, each in enumerate(run):
        gap = clause[start : events[each].start]
        if not (place or lists) and (_FAR.search(gap) or len(gap.split()) > _REACH + 1):
            plain = False
        elif place:
            plain = plain and _GLUE.fullmatch(gap) is not None
        elif events[number].kind == "negation":
            plain = not _FURTHER.search(gap) or _OR.search(clause[events[number].end : last]) is not None
        if "," in gap and taken and not listed and not clause[events[number].end :].lstrip().startswith("("):
            plain = False
        if each not in said:
            said[each] = affirmed if plain else None
        start = events[each].end


def _claimed_later(events: list[_Cue], last: int, kinds: set[str]) -> bool:
    """Whether the cue behind a run of mentions speaks of them."""
    return any(event.kind in kinds and not event.ahead for event in events[last + 1 : last + 2])


def _cue_words(cues: Iterable[str]) -> str:
    return alternatives(cue.removesuffix(">").strip() for cue in cues)


def stain_mentions(group: Group, names: Mapping[str, tuple[str, ...]]) -> dict[str, Mention]:
    """The mentions of a panel: the expression of all names of a stain → the stain.

    Args:
        group: the group of the panel.
        names: path of each stain → its names in the protocol.
    """
    mentions = {}
    for path, own in names.items():
        id = path.rpartition(".")[2]
        further = alternatives(group.also.get(id, ()))
        texts = sorted({marker(name) for name in own}, key=lambda text: -len(text))
        text = "|".join(rf"(?<![\w])(?:{each})(?![A-Za-z0-9])" for each in texts) + (f"|{further}" if further else "")
        mentions[text] = Mention(id=id, words=own, elements=(path,), yes=group.yes_answers, no=group.no_answers)
    return mentions
