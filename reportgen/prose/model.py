"""The words that free text is read with, as `free-text.yaml` lists them.

A word or phrase ends in `*` where it may go on ("necro*"); `~` between words lets up to three others be there. A cue
ends in `>` where it speaks of what follows ("positive for >"), else it speaks of what went before ("is positive").
"""

from __future__ import annotations

from pydantic import Field

from reportgen.reading.shaped import Frozen

WordList = tuple[str, ...]


class Mention(Frozen):
    """Something that a text may speak of.

    Attributes:
        id: its name within its group.
        words: what it is called.
        elements: the paths of the answers that say the same.
        yes: the answers that affirm it.
        no: the answers that deny it.
        bare: what is said by naming it without a cue: `yes`, `no` or nothing.
    """

    id: str
    words: WordList
    elements: WordList = ()
    yes: WordList = ()
    no: WordList = ()
    bare: str = ""


class Group(Frozen):
    """Mentions that the same cues affirm and deny, so that one sentence may list several.

    Attributes:
        id: its name.
        title: what a finding calls it.
        texts: the texts that are looked at.
        panel: the path of a panel whose stains are mentions, by their names in the protocol.
        also: further names of these, by id.
        yes: cues that affirm; `no` those that deny.
        weak: cues that affirm where nothing stronger is said ("staining").
        unsaid: answers that agree with neither.
        elsewhere: words that show that a clause speaks of something else.
        own: where given, the words of this lesion; what is said "in" or "of" anything else is let pass.
        share: whether a percentage next to a mention affirms it, and 0 % denies it.
    """

    id: str
    title: str
    texts: WordList
    panel: str = ""
    also: dict[str, WordList] = Field(default_factory=dict)
    yes: WordList = ()
    no: WordList = ()
    weak: WordList = ()
    unsaid: WordList = ()
    elsewhere: WordList = ()
    own: WordList = ()
    share: bool = False
    mentions: tuple[Mention, ...] = ()
    yes_answers: WordList = ()
    no_answers: WordList = ()


class Region(Frozen):
    """A region of the body: its words, the larger ones it lies in, and its neighbors (no one could tell them apart)."""

    id: str
    words: WordList
    within: WordList = ()
    near: WordList = ()
    unpaired: bool = True  # whether the middle of the body runs through it


class Measure(Frozen):
    """Numbers that a text may give: `size` of a thing, its `extent` in all dimensions, `count`, `age`.

    A number is none of these before a word of `not_before` or after one of `not_after`; `none` says that it is 0.
    """

    id: str
    title: str
    kind: str
    element: str
    texts: WordList
    words: WordList
    per: WordList = ()
    links: WordList = ()
    not_before: WordList = ()
    not_after: WordList = ()
    none: WordList = ()


class WordKinds(Frozen):
    """Words of which a text names one, and the answers they agree with; of a text the words are looked for in it.

    `marks` are letters that count only next to a number or one of the words of `beside` ("65 y/o F").
    """

    id: str
    title: str
    element: str
    texts: WordList
    words: dict[str, WordList]
    marks: dict[str, WordList] = Field(default_factory=dict)
    beside: WordList = ()
    agrees: dict[str, WordList] = Field(default_factory=dict)


class FreeText(Frozen):
    """All words for one protocol.

    Attributes:
        negations: words that turn what follows into its opposite.
        turns: words at which a new clause begins.
        doubt: words that make a whole sentence say nothing of this specimen.
        doubt_ahead: words from which on the sentence says nothing of it.
        plain: words that a claim may be made with; a clause with any other word is not sure to be one.
        family: words of other people; a sentence that has one says nothing of the patient.
        masks: phrases in which a word means something else.
        site: the path of the site; `laterality` and `topography_of` those of the side and the topography.
        site_examples: sites of invented cases; `received_example` is the label of a container there, around its site.
        side_texts: the texts whose sides are looked at; `region_texts` those whose regions are.
        sides: an answer of the laterality, or `both` → its words.
        side_marks: the same, for letters and abbreviations, with capitals as they are written.
        containers: words before the letter of a container, which may be R or L and no side.
        other_body: words that show that a sentence speaks of another place than the lesion's.
        lesions: words for what was taken; a region is only believed near one of them.
        regions: the regions of the body.
        topography: an answer of the topography → the regions it covers.
        numbers: number words.
        at_most: words before a number that is not reached; `at_least` those before one that is passed.
        blocks: words before the name of a block.
        block_texts: the texts that name blocks; `block_list` the answers that list them.
    """

    negations: WordList = ()
    turns: WordList = ()
    doubt: WordList = ()
    doubt_ahead: WordList = ()
    plain: WordList = ()
    family: WordList = ()
    masks: WordList = ()
    site: str = ""
    laterality: str = ""
    topography_of: str = ""
    site_examples: WordList = ()
    received_example: str = "{site}"
    side_texts: WordList = ()
    region_texts: WordList = ()
    sides: dict[str, WordList] = Field(default_factory=dict)
    side_marks: dict[str, WordList] = Field(default_factory=dict)
    containers: WordList = ()
    other_body: WordList = ()
    lesions: WordList = ()
    regions: tuple[Region, ...] = ()
    topography: dict[str, WordList] = Field(default_factory=dict)
    numbers: dict[str, int] = Field(default_factory=dict)
    at_most: WordList = ()
    at_least: WordList = ()
    blocks: WordList = ()
    block_texts: WordList = ()
    block_list: str = ""
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ()
    kinds: tuple[WordKinds, ...] = ()
