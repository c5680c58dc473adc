"""Side and region of the body: the container, the site, the laterality and the topography against each other.

Why the container is more than any other text: it may be the one that is mislabeled, and then the report is another
patient's or another place's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.cases.model import Answer, Chosen, Written
from reportgen.findings import Finding, Place
from reportgen.prose.load import Prose

BOTH = "both"
Answers = Mapping[str, Answer]


def written(answers: Answers, path: str) -> str:
    """A text, or "" where none was entered."""
    answer = answers.get(path)
    return answer.value.text if answer and isinstance(answer.value, Written) else ""


def chosen(answers: Answers, path: str) -> str:
    """The id of a choice, or "" where none was made."""
    answer = answers.get(path)
    return answer.value.picks[0].id if answer and isinstance(answer.value, Chosen) else ""


def entered_sides(prose: Prose, answers: Answers) -> set[str]:
    """The side that was entered: the laterality, else what the site names; empty where neither says one."""
    side = chosen(answers, prose.words.laterality)
    if side in prose.words.sides:
        return {side}
    return {each.id for each in prose.body.sides_in(written(answers, prose.words.site))}


def entered_regions(prose: Prose, answers: Answers) -> set[str]:
    """The regions that the site names, else those of the topography."""
    named = {each.id for each in prose.body.regions_in(written(answers, prose.words.site))}
    return named or set(prose.words.topography.get(chosen(answers, prose.words.topography_of), ()))


def container_side(prose: Prose, answers: Answers, received_as: str) -> bool:
    """Whether the container names another side than was entered; its own letter ("lesion R") is none."""
    text = prose.filter.masks.sub(" ", received_as)
    return _other_side(prose, answers, prose.body.letters.sub(" ", text))


def container_findings(
    prose: Prose, answers: Answers, received_as: str, place: Place, prefix: str
) -> Iterator[Finding]:
    """A letter on the container that may be its own, or may mean another side than was entered (W307)."""
    text = prose.filter.masks.sub(" ", received_as)
    if _other_side(prose, answers, text) and not container_side(prose, answers, received_as):
        paths = [prefix + path for path in (prose.words.laterality, prose.words.site) if path in answers]
        message = f"has a letter that may mean another side than {paths[0]}"
        yield Finding("W307", place, f"{prefix}received_as", message, others=tuple(paths[:1]))


def _other_side(prose: Prose, answers: Answers, text: str) -> bool:
    named = {each.id for each in prose.body.sides_in(text)}
    entered = entered_sides(prose, answers)
    return bool(named and entered) and named.isdisjoint(entered)


def container_region(prose: Prose, answers: Answers, received_as: str) -> bool:
    """Whether the container names another region than was entered."""
    text = prose.filter.masks.sub(" ", received_as)
    return prose.body.apart({each.id for each in prose.body.regions_in(text)}, entered_regions(prose, answers))


def site_findings(prose: Prose, answers: Answers, prefix: str) -> Iterator[Finding]:
    """What the site names against the laterality (W307) and the topography (E201)."""
    words = prose.words
    site, laterality, topography = (answers.get(path) for path in (words.site, words.laterality, words.topography_of))
    if site is None:
        return
    regions = {each.id for each in prose.body.regions_in(written(answers, words.site))}
    covered = words.topography.get(chosen(answers, words.topography_of), ())
    if topography and covered and regions and not any(prose.body.lies_in(each, covered) for each in regions):
        message = f"does not cover the region that the site names; see also {prefix}{site.path} ({site.place})"
        yield Finding("E201", topography.place, prefix + topography.path, message, others=(prefix + site.path,))
    said = _site_against_side(prose, answers, regions) if laterality else ""
    if laterality and said:
        message = f"{said}; see also {prefix}{laterality.path} ({laterality.place})"
        others = (prefix + laterality.path,)
        yield Finding("W307", site.place, prefix + site.path, message, others=others)


def _site_against_side(prose: Prose, answers: Answers, regions: set[str]) -> str:
    """What is doubtful about the site, given the laterality; "" where nothing is."""
    side = chosen(answers, prose.words.laterality)
    named = {each.id for each in prose.body.sides_in(written(answers, prose.words.site))}
    if BOTH in named:
        return "names both sides, and one specimen has one"
    if side not in prose.words.sides:
        return "includes a side that the laterality does not" if named else ""
    if named and side not in named:
        if prose.body.written_out(written(answers, prose.words.site)):
            return ""  # the protocol's contradictions tell
        return "names another side than the laterality"
    if side == "midline" and regions and not any(prose.body.regions[each].unpaired for each in regions):
        return "is a region that the midline does not cross"
    return ""
