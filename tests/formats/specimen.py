"""Hand-made reports for the layouts: `REPORT` uses every kind of block, `long_report` fills pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from reportgen.findings import Place
from reportgen.reports.model import (
    Block,
    Cell,
    Furniture,
    Heading,
    Letterhead,
    Metadata,
    Notice,
    Pair,
    Pairs,
    Paragraph,
    Report,
    Role,
    Section,
    Sentence,
    State,
    Table,
    Tone,
    Used,
)

MARK = "DRAFT – not signed out"
PATIENT = ("Sample, Alexandra", "MRN 000123", "S26-01234")
HOSTILE = "<style>*{display:none}</style><1 & > <b>bold</b> <script>alert(1)</script> &amp; \"'` {{ x }} {% if %}"
CHARACTERS = "< > & \" ' ≥ ≤ µ ² ½ é β – — … × ° ± · “ ” ’ Å ñ ß"


def sentence(text: str, clause: str = "comment.extent", *, gap: bool = False) -> Sentence:
    """One sentence that leans on one answer."""
    used = (Used("parts.A.margins.deep", Place("case.yaml", 12, 5)),)
    return Sentence(text, clause, used, ("seed: Sample pathology report",), gap)


def paragraph(*texts: str, role: Role = Role.body) -> Paragraph:
    """A paragraph of plain sentences."""
    return Paragraph(tuple(sentence(text) for text in texts), role)


def pairs(entries: Iterable[tuple[str, str]], caption: str = "") -> Pairs:
    """Element/answer pairs whose paths are made from their labels."""
    return Pairs(tuple(Pair(label, text, f"parts.A.{label.lower()}") for label, text in entries), caption)


def stains(*names: str) -> Table:
    """A stain panel in which every second stain has no extent and no intensity."""
    rows = tuple(
        (Cell(name), Cell("Positive"), Cell("90 %" if even else ""), Cell("Strong" if even else ""), Cell("A1"))
        for number, name in enumerate(names)
        for even in (number % 2 == 0,)
    )
    return Table(("Stain", "Result", "Extent", "Intensity", "Block"), rows, "Immunohistochemistry, part A")


_DIAGNOSIS: tuple[Block, ...] = (
    paragraph("A. Skin, left distal forearm, shave biopsy:", role=Role.specimen),
    paragraph("Surface of smooth muscle neoplasm (see comment)", role=Role.diagnosis),
    paragraph('(received as "skin lesion left arm")', role=Role.received),
    paragraph("B. Skin, right shoulder, punch biopsy:", role=Role.specimen),
    Paragraph(
        (sentence("[PENDING: diagnosis – growth pattern not entered]", "headline.withheld", gap=True),), Role.diagnosis
    ),
    paragraph("Deep margin: uninvolved, 2.5 mm", role=Role.detail),
)
_COMMENT: tuple[Block, ...] = (
    Heading("A. Left distal forearm"),
    Paragraph(
        (
            sentence("The neoplasm lies within the dermis and reaches the deep edge of the biopsy."),
            sentence("There is mild cytologic atypia with hyperchromasia, nuclear enlargement and focal pleomorphism."),
            sentence("[PENDING: perineural invasion not entered]", "comment.pni", gap=True),
            sentence(f"Re-excision is recommended to ensure complete removal. {CHARACTERS}"),
        )
    ),
)
_SYNOPTIC = Pairs(
    (
        Pair("Procedure", "Shave biopsy", "parts.A.procedure"),
        Pair("Site", "Left distal forearm", "parts.A.site"),
        Pair("Necrosis", "[NOT ENTERED]", "parts.A.necrosis", gap=True),
        Pair("Mitoses", "4 per 10 HPF (1.7 per mm²; field number 22, objective 40×)", "parts.A.mitoses"),
        Pair("Deep edge", "Involved", "parts.A.margins.deep"),
        Pair("Location", "central", "parts.A.margins.deep.location", depth=1),
        Pair("Nearest block", "A2", "parts.A.margins.deep.location.block", depth=2),
        Pair(
            "Atypia features",
            "Hyperchromasia; nuclear enlargement; multinucleated giant cells",
            "parts.A.atypia.features",
        ),
        *(Pair(f"Element {number}", "Not identified", f"parts.A.element{number}") for number in range(14)),
    ),
    caption="A. Atypical intradermal smooth muscle neoplasm",
)
_STAINS = Table(
    ("Stain", "Result", "Extent", "Intensity", "Block"),
    (
        (Cell("SMA"), Cell("Positive"), Cell("90 %"), Cell("Strong"), Cell("A1")),
        (Cell("Desmin"), Cell("Positive"), Cell("80 %"), Cell("Moderate"), Cell("A1")),
        (Cell("CD10"), Cell("Negative"), Cell(""), Cell(""), Cell("A1")),
        (Cell("Caldesmon"), Cell("[PENDING]", True), Cell(""), Cell(""), Cell("")),
    ),
    label="Immunohistochemistry, part A",
)

REPORT = Report(
    state=State.draft,
    letterhead=Letterhead(
        "Example Dermatopathology Laboratory",
        ("1 Sample Street, Anytown, ST 00000", "Tel. 555-0100 · CLIA 00D0000000"),
    ),
    title="Dermatopathology report",
    notices=(
        Notice("DRAFT. This report was prepared for review and has not been signed out.", Tone.draft),
        Notice("3 items are open: A Necrosis; A Perineural invasion; B Diagnosis.", Tone.gap),
    ),
    identification=pairs(
        (
            ("Patient", PATIENT[0]),
            ("MRN", "000123"),
            ("Date of birth", "1961-04-02"),
            ("Sex", "female"),
            ("Accession", "S26-01234"),
            ("Collected", "2026-11-16"),
            ("Received", "2026-11-17"),
            ("Submitted by", "Dr. B. Example, Example Clinic"),
        )
    ),
    sections=(
        Section("diagnosis", "Diagnosis", _DIAGNOSIS),
        Section("comment", "Comment", _COMMENT),
        Section("synoptic", "Synoptic report", (_SYNOPTIC,)),
        Section("stains", "Immunohistochemistry", (Heading("A. Left distal forearm"), _STAINS)),
        Section(
            "microscopic",
            "Microscopic description",
            (Heading("A. Left distal forearm"), paragraph("Free text of the pathologist, several lines long. " * 6)),
        ),
        Section("gross", "Gross description", (paragraph("Tan-white papule, office suffix final flow."),)),
        Section(
            "signature",
            "Signature",
            (Notice("Not signed. Review this draft and sign it out in the laboratory's own system.", Tone.info),),
        ),
    ),
    furniture=Furniture(
        MARK,
        PATIENT,
        (
            "reportgen 0.1.0 · protocol aismn 1.0 (3f2a91c0de11) · layout standard (77aa01bc22ff) · input 0123456789ab",
            "Formats data entered by a qualified pathologist; makes no diagnosis.",
        ),
        "Page",
        "of",
    ),
    metadata=Metadata(
        "Dermatopathology report S26-01234 (draft)",
        "Surgical pathology report",
        "",
        ("draft",),
        "en-US",
        datetime(2026, 11, 17, tzinfo=UTC),
        "reportgen 0.1.0",
    ),
)


_HEADED_PAIRS = (
    Pair("Procedure", "Excision"),
    Pair("MARGINS", "", heading=True),
    Pair("Deep margin of the specimen", "", heading=True),
    Pair("", "All margins negative"),
    Pair("", "2 mm", depth=1),
    Pair("Closest margin", "Deep", depth=1),
    Pair("Regional lymph nodes and extranodal extension of the neoplasm in them", "", heading=True),
    Pair("Nodes", "[NOT ENTERED]", gap=True),
)
HEADED = Section(
    "synoptic", "Synoptic report", (Pairs(_HEADED_PAIRS, "A. Left arm"), Pairs(_HEADED_PAIRS, "B. Right shoulder"))
)
"""Headings, and answers without a label."""


def finalized() -> Report:
    """The same report without gaps, finalized by name and time."""
    signature = Notice("Prepared for sign-out by Dr. C. Example, 2026-11-18 09:30.")
    return REPORT._replace(
        state=State.finalized,
        notices=(),
        sections=(
            Section("diagnosis", "Diagnosis", _DIAGNOSIS[:3]),
            Section("signature", "Signature", (signature,)),
        ),
        furniture=REPORT.furniture._replace(state_mark=""),
        metadata=REPORT.metadata._replace(title="Dermatopathology report S26-01234", author="Dr. C. Example"),
    )


def with_sections(*sections: Section) -> Report:
    """The specimen with other sections."""
    return REPORT._replace(sections=sections)


def with_text(text: str) -> Report:
    """The specimen with one text in every place that can hold one."""
    gap = sentence(text, gap=True)
    sections = (
        Section("diagnosis", text, (*(paragraph(text, role=role) for role in Role), Paragraph((gap, sentence(text))))),
        Section("synoptic", "Synoptic report", (Heading(text), pairs([(text, text)] * 2, text))),
        Section(
            "stains", "Stains", (Table((text, f"{text} 2"), ((Cell(text), Cell(text)),), text), Notice(text, Tone.gap))
        ),
    )
    furniture = REPORT.furniture._replace(patient=(text, "MRN 000123", "S26-01234"))
    metadata = REPORT.metadata._replace(title=text, subject=text, author=text, keywords=(text,))
    return REPORT._replace(
        letterhead=Letterhead(text, (text,)),
        title=text,
        notices=(Notice(text, Tone.draft),),
        identification=pairs([(text, text)]),
        sections=sections,
        furniture=furniture,
        metadata=metadata,
    )


def long_report(elements: int, lines: int = 0) -> Report:
    """A report whose length moves with both numbers, so that page breaks fall everywhere in turn.

    What must stay on one page begins with `begin:<name>` and ends with `end:<name>`.
    """
    filler = (paragraph("One line of filler text, so that what follows moves down the page."),) * lines
    return with_sections(
        Section("history", "Clinical history", filler),
        Section("diagnosis", "Diagnosis", tuple(block for letter in "ABC" for block in _diagnosis(letter))),
        *(Section(f"part{letter}", f"Section of part {letter}", _findings(letter, elements)) for letter in "ABC"),
        Section("signature", "Signature", (Notice("begin:sign Prepared by the resident."), Notice("Signed. end:sign"))),
    )


def _diagnosis(letter: str) -> tuple[Block, ...]:
    return (
        paragraph(f"begin:diagnosis{letter} {letter}. Skin, site {letter}, shave biopsy:", role=Role.specimen),
        paragraph(
            f"Diagnosis of part {letter} in words that need more than one line of type " * 4, role=Role.diagnosis
        ),
        paragraph(f"Margin of part {letter}", role=Role.detail),
        paragraph(f'(received as "label {letter}") end:diagnosis{letter}', role=Role.received),
    )


def _findings(letter: str, elements: int) -> tuple[Block, ...]:
    names = [f"{letter}{number}" for number in range(elements)]
    return (
        Heading(f"Heading of part {letter}"),
        paragraph("The first words below a heading stay with it, and this is a line that runs on. " * 3),
        pairs(
            ((name, f"begin:{name} an answer that runs on, {'on and ' * 16} end:{name}") for name in names),
            f"Caption of {letter}",
        ),
        Heading(f"Stains of part {letter}"),
        stains(*(f"stain {name}" for name in names)),
    )
