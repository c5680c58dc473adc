"""What a laboratory's labels must keep: safeguards, the names in braces, what they make of a date or a number.

A translation may word the safeguards anew; the English is printed beside each of them, except
beside the few that a translation of everything may word alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter
from typing import TYPE_CHECKING

from reportgen.findings import Finding
from reportgen.laboratory.meanings import WORD, Meanings, Side, words_of
from reportgen.reading.source import Mapping, place_at

if TYPE_CHECKING:
    from reportgen.reports.labels import Labels

ALWAYS_BESIDE = frozenset({
    "draft_mark", "test_mark", "test_draft_mark", "test_notice", "draft_notice", "unsigned", "not_entered",
    "pending", "pending_on", "other_words", "other_words_own", "withheld", "no_laboratory", "intended_use",
    "open_one", "open_many", "comment_missing", "finalized_by", "not_reviewed",
})  # fmt: skip
"""What tells a draft from a report and a gap from a finding, and what the tool is for: English is never absent."""
FIXED = ALWAYS_BESIDE | {
    "worded_by_pathologist", "answered_by_macro", "answered_by_profile", "acknowledged", "acknowledgement",
    "acknowledgement_of_part", "of_part", "waived", "not_applicable",
}  # fmt: skip
"""What only a translation may change."""
_WITHIN = frozenset(
    {"acknowledgement", "acknowledgement_of_part", "of_part"}
)  # parts of a label that have the English beside them
_GAPS = ("not_entered", "pending", "pending_on", "other_words", "other_words_own", "withheld", "no_laboratory")
_LISTS = frozenset({"language", "months", "negations", "affirmations", "date", "decimal"})
_NUMBERS = ("reason", "converted", "rounded", "per", "per_area", "optics_area", "optics_number", "part")
_WORDLESS = ("reason", "converted", "part")
_SIGNS = re.compile(r"[\s()\[\],;:./·=×²–-]*")
_SEPARATORS = {"comma": r"[,،、] ?", "semicolon": r" ?[;؛,|·•/] ?"}
_LONGEST_MARK = 60
_DATE = (("YYYY",), ("MM", "M", "Month", "Mon"), ("DD", "D"))  # one of each makes a date
_BETWEEN = re.compile(r"[ .,/年月日-]*")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_BRACES = re.compile(r"\{\w*\}")
_MONTHS = 12


def checked(base: Labels, labels: Labels, source: Mapping, meanings: Meanings) -> Iterator[Finding]:
    """T401 and T412 for labels of a laboratory that change what a report says; `base` are the built-in ones."""
    if not _TAG.fullmatch(labels.language):
        hint = "for example en-US, de or fr-CA"
        yield Finding("T401", place_at(source, ("language",)), "labels.language", "is not a language tag", hint)
    for path, old, new in texts(base, labels):
        name, place = "labels." + ".".join(path), place_at(source, path)
        if path[0] not in _LISTS and new != old:
            for code, message, hint in _text(path[0], old, new, meanings, translated=is_translated(base, labels)):
                yield Finding(code, place, name, message, hint)
    yield from _sections(base, labels, source)
    yield from _dates_and_numbers(labels, source, meanings)


def is_translated(base: Labels, labels: Labels) -> bool:
    """Whether the labels are in another language than the built-in ones."""
    return labels.language.split("-")[0] != base.language.split("-")[0]


def _text(name: str, old: str, new: str, meanings: Meanings, *, translated: bool) -> Iterator[tuple[str, str, str]]:
    """Code, message and next step for what is wrong with one changed label."""
    fields = fields_of(old)
    if fields is None or fields_of(new) != fields:
        names = ", ".join("{" + field + "}" for field in dict.fromkeys(fields or ())) or "none"
        yield "T412", "must hold the same names in braces as the built-in label, each as often", names
        return
    if name in _SEPARATORS:
        if not re.fullmatch(_SEPARATORS[name], new):
            yield "T412", "is a mark between two answers, without letters or digits", f"for example {old!r}"
        return
    if not any(char.isalnum() for char in new) and any(char.isalnum() for char in old):
        yield "T412", "says nothing", ""
    claim, bare = meanings.claim(_bare(new)), _bare(new)
    if name in FIXED and not translated:
        yield "T412", "is a safeguard of every report", "only a translation into another language may change it"
    elif claim:
        yield "T412", f'uses the word "{claim}", which claims a state that no report made here has', "use other words"
    elif name in FIXED:
        yield from _translation(name, bare, new, meanings)
    else:
        yield from _plain_label(name, old, new, meanings, translated=translated)


def _translation(name: str, bare: str, new: str, meanings: Meanings) -> Iterator[tuple[str, str, str]]:
    english = set(words_of(bare)) & (meanings.english | {"unremarkable", "negative", "positive", "uninvolved"})
    if english:
        word = min(english)
        yield (
            "T412",
            f'is to be translated, but holds the word "{word}"',
            "translate it, or leave it out of the profile",
        )
    if name in _GAPS and not (new.startswith("[") and new.endswith("]")):
        yield "T412", "marks a gap and must be in [square brackets]", ""
    if name.endswith("_mark") and len(new) > _LONGEST_MARK:
        yield "T412", f"is longer than {_LONGEST_MARK} letters and would not fit the head of a page", ""


def _plain_label(
    name: str, old: str, new: str, meanings: Meanings, *, translated: bool
) -> Iterator[tuple[str, str, str]]:
    bare = _bare(new)
    if meanings.side(bare) is not meanings.side(_bare(old)) and meanings.side(bare) is not Side.neither:
        yield "T412", "affirms or denies something, which is not for a label to do", "use other words"
    if any(char.isdecimal() for char in bare):
        yield "T412", "adds a digit", "leave the digits to the case"
    if name in _NUMBERS:
        yield from _pattern(name, old, new, translated=translated)


def _pattern(name: str, old: str, new: str, *, translated: bool) -> Iterator[tuple[str, str, str]]:
    """What a pattern around numbers may be: the built-in one with other words for its words."""
    before, after = _BRACES.findall(old), _BRACES.findall(new)
    if before != after:
        yield "T412", "must keep the order of the names in braces", " ".join(before)
    if "}{" in new:
        yield "T412", "joins two values without anything between them", f"for example {old!r}"
    if _bare(new).count("mm²") != _bare(old).count("mm²"):
        yield "T412", "must keep the unit mm²", f"for example {old!r}"
    words, known = words_of(_bare(new).replace("mm²", "")), words_of(_bare(old).replace("mm²", ""))
    may = 0 if name in _WORDLESS else len(known)
    if len(words) > may or (not translated and not set(words) <= {*known, "per", "in"}):
        yield "T412", "adds words to a number or an answer", f"for example {old!r}"
    if not _SIGNS.fullmatch(WORD.sub("", _bare(new))):
        yield "T412", "adds signs to a number or an answer", f"for example {old!r}"


def _sections(base: Labels, labels: Labels, source: Mapping) -> Iterator[Finding]:
    """T412 for two sections of one title, and for one under another's built-in title."""
    built_in = {title.casefold(): key for key, title in base.sections.items()}
    seen: dict[str, str] = {}
    for key, title in labels.sections.items():
        folded = title.strip().casefold()
        other = seen.setdefault(folded, key)
        if other == key:
            other = built_in.get(folded, key)
        if other != key:
            place = place_at(source, ("sections", key))
            yield Finding("T412", place, f"labels.sections.{key}", f"has the title of the section {other}")


def _dates_and_numbers(labels: Labels, source: Mapping, meanings: Meanings) -> Iterator[Finding]:
    words = re.findall(r"[^\W\d_]+", re.sub("[年月日]", "", labels.date))
    kinds = [next((kind for kind in _DATE if word in kind), ()) for word in words]
    if sorted(kinds) != sorted(_DATE):
        hint = "for example DD.MM.YYYY, Mon D, YYYY or D Month YYYY"
        yield Finding("T401", place_at(source, ("date",)), "labels.date", "must hold day, month and year once", hint)
    elif not _BETWEEN.fullmatch(re.sub(r"[A-Za-z]+", "", labels.date)) or re.search(r"[A-Za-z]{5,}Y", labels.date):
        hint = "use spaces, points, commas, slashes and hyphens"
        yield Finding("T401", place_at(source, ("date",)), "labels.date", "adds characters to a date", hint)
    if labels.decimal not in (".", ","):
        yield Finding("T401", place_at(source, ("decimal",)), "labels.decimal", "must be a point or a comma")
    yield from _months(labels, source, meanings)


def _months(labels: Labels, source: Mapping, meanings: Meanings) -> Iterator[Finding]:
    def no(message: str, hint: str = "") -> Finding:
        return Finding("T401", place_at(source, ("months",)), "labels.months", message, hint)

    names = [name.strip().casefold() for name in labels.months]
    if len(names) != _MONTHS or not all(names):
        yield no("are twelve names")
        return
    if not all(re.fullmatch(r"[^\W\d_]+\.?", name) for name in names):
        yield no("are names of letters alone")
    for name, count in Counter(names).items():
        if count > 1:
            yield no(f'holds "{name}" more than once', "name each month once, January first")
    for number, name in enumerate(names):
        if meanings.months.get(name.rstrip("."), number) != number:
            yield no(f'holds "{name}" at place {number + 1}', "name the months in their order, January first")
    if "Mon" in re.findall(r"[A-Za-z]+", labels.date) and len({name[:3] for name in names}) < _MONTHS:
        yield no("begin alike, so that Mon cannot tell them apart", "write the date with Month")


def beside(base: Labels, labels: Labels, given: frozenset[str]) -> dict[str, str]:
    """The safeguards of a translation as they are printed: with the English words of `base` beside them.

    `given` are the labels that the profiles give, with sections as `sections.gross`.
    """
    names = ALWAYS_BESIDE if _is_whole(base, labels, given) else FIXED
    return {name: _both(getattr(labels, name), getattr(base, name)) for name in sorted(names - _WITHIN)}


def _is_whole(base: Labels, labels: Labels, given: frozenset[str]) -> bool:
    """Whether everything that has words was translated, and no safeguard was left in English."""
    wordy = {
        ".".join(path) for path, old, _ in texts(base, labels) if words_of(_bare(old)) and path[0] not in _LISTS
    } - {"clia", "telephone"}
    return wordy <= given and all(getattr(base, name) != getattr(labels, name) for name in FIXED - _WITHIN)


def _both(own: str, english: str) -> str:
    if own == english:
        return own
    if english.startswith("[") and english.endswith("]"):
        return f"[{own[1:-1]} / {english[1:-1]}]"
    return f"{own} / {english}"


def texts(base: Labels, labels: Labels) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Each label's path with its built-in text and the text it has now."""
    for name in type(base).model_fields:
        old, new = getattr(base, name), getattr(labels, name)
        if isinstance(old, dict):
            yield from (((name, key), old[key], new[key]) for key in old)
        elif isinstance(old, str):
            yield (name,), old, new


def fields_of(pattern: str) -> tuple[str, ...] | None:
    """The names in braces of a pattern, sorted; None for one that asks for more than plain names."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return None
    fields = [(name, spec, how) for _, name, spec, how in parts if name is not None]
    if any(spec or how or not name.isidentifier() for name, spec, how in fields):
        return None
    return tuple(sorted(name for name, _, _ in fields))


def _bare(pattern: str) -> str:
    """A pattern without its fields in braces."""
    return _BRACES.sub(" ", pattern)
