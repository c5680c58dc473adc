"""What is wrong, where, and what to do next: findings are values, collected in one pass and printed in one place.

`CATALOGUE` defines every code once; `docs/errors.md` is made from it. A finding's message never holds a value from the
case: the value travels apart, and is printed only where the user asked for it (`--show-values`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """An error refuses the case, a warning does not."""

    error = "error"
    warning = "warning"


class Place(NamedTuple):
    """A place in a file; line and column count from 1, 0 means the file as a whole.

    In a table `cell` is the address as a spreadsheet shows it (`C14`, `Sheet1!C14`), and is what is printed; `heading`
    is what its column is headed with, "" for a row as a whole.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""
    heading: str = ""

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file}:{self.cell}"
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Code(NamedTuple):
    """One kind of finding: its meaning for the catalogue page and the next step it asks for."""

    meaning: str
    step: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, with its place, the element path it concerns and the next step.

    `others` are the paths of further entries without which it would not have been found: no one knows which is wrong.
    """

    code: str
    place: Place
    path: str
    message: str
    hint: str = ""
    value: str = field(default="", repr=False)
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.code not in CATALOGUE:
            raise KeyError(f"{self.code} is not in the catalogue of findings")

    @property
    def severity(self) -> Severity:
        """The severity that its code begins with."""
        return Severity.warning if self.code.startswith("W") else Severity.error

    @property
    def refuses(self) -> bool:
        """Whether it refuses the case; a warning does not."""
        return self.severity is Severity.error

    @property
    def step(self) -> str:
        """What to do next: this finding's own hint, else the catalogue's."""
        return self.hint or CATALOGUE[self.code].step

    def as_line(self, *, show_values: bool = False) -> str:
        """Print as `file:line:col: CODE path: message (next step)`; the value only where it was asked for."""
        where = f"{self.place}: " if str(self.place) else ""
        about = f" {self.about}:" if self.about else ""
        value = f' "{self.value}"' if show_values and self.value else ""
        return f"{where}{self.code}{about}{value} {self.message} ({self.step})"

    @property
    def about(self) -> str:
        """The path that it concerns, and the column of the table by its heading; "" where neither is known."""
        column = f'column "{self.place.heading}"' if self.place.heading and not self.is_headed_so else ""
        return ", ".join(filter(None, (self.path, column)))

    @property
    def is_headed_so(self) -> bool:
        """Whether its column is headed with its path, so that one of the two says both."""
        return f".{self.path}".endswith(f".{self.place.heading}")


class FindingsError(Exception):
    """Work that cannot go on; carries every finding of the pass and no value of the case in its text."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda finding: (finding.place, finding.code, finding.path)))
        super().__init__("; ".join(finding.as_line() for finding in self.findings))

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its findings."""
        return frozenset(finding.code for finding in self.findings)

    @property
    def environment(self) -> bool:
        """Whether this machine or its cluster lacks something: no case is at fault."""
        return any(code.startswith("S6") for code in self.codes)


def refuse(code: str, message: str, place: Place | str = "", path: str = "", *, hint: str = "") -> FindingsError:
    """One finding as an exception, for what stops a step at once (an unreadable file, a full disk)."""
    spot = place if isinstance(place, Place) else Place(place)
    return FindingsError([Finding(code, spot, path, message, hint)])


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "", closest: float = 0.6) -> str:
    """The next step for a word nobody knows: the nearest known one that is at least so alike, else `otherwise`."""
    as_written = {name: name for name in known}
    folded = {name.casefold(): name for name in as_written}
    for text, names in ((word, as_written), (word.casefold(), folded)):
        if near := difflib.get_close_matches(text, names, n=1, cutoff=closest):
            return f'did you mean "{names[near[0]]}"?'
    return otherwise


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 warning`, `2 warnings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def either(words: Iterable[str]) -> str:
    """Words to choose from: "a, b or c"."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def one_of(words: Iterable[str]) -> str:
    """The known words as a readable list, shortened where it would fill the screen."""
    names = list(words)
    shown = ", ".join(names[:12])
    return f"one of: {shown}" + (f" and {len(names) - 12} more" if len(names) > 12 else "")


CATALOGUE: dict[str, Code] = {
    # E0xx: a file could not be read as what it should be
    "E001": Code("The file is not valid UTF-8.", "save it as UTF-8"),
    "E002": Code("A key appears twice in one mapping.", "keep one of the two"),
    "E003": Code("An anchor, alias, tag or merge key was used.", "write the value out in full"),
    "E004": Code(
        "The text contains a control or otherwise unprintable character.", "delete it or enter what was meant"
    ),
    "E005": Code(
        "The text contains an invisible character that reorders or hides text.",
        "delete it together with the letters on both sides, and type these letters again",
    ),
    "E006": Code("The file is not well-formed YAML, JSON or XML.", "correct the syntax at the place named"),
    "E007": Code("The file is nested too deeply.", "flatten it: a case needs few levels"),
    "E008": Code("The file is too large for a case.", "give one case a file, without attachments"),
    "E009": Code("The file cannot be read.", "check the name and the permissions"),
    "E010": Code("The file name does not have the ending of a supported file type.", "use .yaml, .yml or .json"),
    "E011": Code("The encoding of the table cannot be detected.", "name it with --encoding, for example cp1252"),
    "E012": Code("The separator or the sheet cannot be detected from the headings.", "use the headings of `new table`"),
    "E013": Code("A heading is empty or appears twice.", "give every column its own heading"),
    "E014": Code("A row has more or fewer cells than there are headings.", "put cells that hold a separator in quotes"),
    "E015": Code("The quoting of the table is broken.", "close the quotation mark, or double it inside a cell"),
    "E016": Code("A cell holds a formula or an error in place of a value.", "put the value itself into the cell"),
    "E017": Code("The workbook is not safe to open.", "save it again as a plain .xlsx workbook"),
    "E018": Code("The format of the cell would change what was typed.", "format the column as text and type it again"),
    "E019": Code("A part of a sheet is hidden or merged.", "unhide or unmerge it, or delete it"),
    "E020": Code("YAML reads a # within a value as the beginning of a comment.", "put the value in quotes"),
    "E021": Code("The formatting of a cell takes back what it says.", "enter what holds, without the formatting"),
    "E022": Code(
        "JSON has a number, true or false where a text is expected.", "put it in double quotes, as it was typed"
    ),
    "E023": Code("The XML file declares a document type, which can hide what it says.", "save it without the DOCTYPE"),
    "E024": Code("The file does not hold the SDC form.", "name a file with a FormDesign"),
    "E025": Code("The report is broken, or is not what its ending says.", "save it again as .docx, .pdf or .txt"),
    "E026": Code("The report has no text, like a scan.", "export it from its system again, with its text"),
    # E1xx: an entry does not fit the case or its protocol
    "E101": Code("An entry that the case or its protocol does not know.", "correct or remove it"),
    "E102": Code("A required entry of the case is missing.", "enter it"),
    "E103": Code("The answer is not one of the allowed answers.", "use an allowed answer"),
    "E104": Code("The number is outside the possible range.", "correct the number"),
    "E105": Code("The number has no unit, or a unit this element does not take.", "add the unit"),
    "E106": Code("The number cannot be read, or could be read in two ways.", "write it as 1234.5, with a point"),
    "E107": Code("The date cannot be read.", "write it as YYYY-MM-DD"),
    "E108": Code("The entry has the wrong shape.", "see `reportgen protocols show` for the shape"),
    "E109": Code("The answer needs words of its own (a reason or a text).", "add the words"),
    "E110": Code("The protocol is not known.", "see `reportgen protocols`"),
    "E111": Code("An acknowledgement or override that nothing in this case asks for.", "remove it"),
    "E112": Code("The text is longer than a report can hold.", "shorten it"),
    "E113": Code("A column that neither the protocol nor the mapping knows.", "map it, or list it under ignore"),
    "E114": Code("The mapping of columns cannot be followed.", "correct it at the place named"),
    "E115": Code("A cell that the mapping cannot turn into an answer.", "add the word to the values of its column"),
    "E116": Code("The lines of a text would be joined into one.", 'begin with "|", and put each line under it'),
    "E117": Code("An identifier that a spreadsheet has changed.", "enter it again from its source, as a text"),
    "E118": Code("An identifier without the form that the mapping declares.", "compare it with its source"),
    "E119": Code(
        "What was filled in on a form has no place in the case.", "correct it in the form, or change the protocol"
    ),
    # E2xx: entries that cannot be true together
    "E201": Code("Two entries contradict each other.", "correct one of them"),
    "E202": Code("An answer that excludes the others was given with others.", "keep one or the other"),
    "E203": Code("One thing was entered twice.", "keep one"),
    "E204": Code("A detail was entered that belongs to another answer.", "remove the detail or change the answer"),
    "E205": Code("An element was entered that does not apply to this case.", "remove it or correct what rules it out"),
    "E206": Code("The dates are not in order.", "correct one of them"),
    "E207": Code(
        "The label of a part is missing, cannot be a label, or could be taken for another.",
        "enter the label that is on the container",
    ),
    "E208": Code("The rows of one accession disagree about the case.", "make them agree, or correct the accession"),
    "E209": Code(
        "Rows with one accession are not parts of one case.",
        "label each part as its container is labeled, and give it one row",
    ),
    "E210": Code("The date is not possible.", "correct the date"),
    "E215": Code(
        "An answer refers to a part that does not exist.", "correct the answer, or add the part that is missing"
    ),
    # E3xx: the case is well-formed, but must not be rendered as it is
    "E301": Code("A stop: the findings speak against this protocol's diagnosis.", "acknowledge it with a reason"),
    "E302": Code("Strict: something required is still pending.", "enter what is listed as pending"),
    "E303": Code("The report cannot be finalized yet.", "enter what is listed as pending"),
    "E304": Code(
        "A warning that was not acknowledged: the report cannot be finalized.", "acknowledge it with a reason"
    ),
    "E305": Code("The reason of an acknowledgement is too short.", "give a reason of at least three words"),
    # W3xx: doubt
    "W301": Code("One word mixes scripts that look alike.", "retype the word"),
    "W302": Code("A text is, or contains, a placeholder for a missing entry.", "replace it or leave it out"),
    "W303": Code(
        "The built-in text under a change is not the one that the change was made for.",
        "see `reportgen template diff`, then `reportgen template accept`",
    ),
    "W304": Code("A change leaves a statement without words.", "make sure that nothing needs to be said there"),
    "W305": Code("The name of the patient looks like one of a trial run.", "enter purpose: test data"),
    "W306": Code("A free text contradicts an answer.", "correct the one that is wrong"),
    "W307": Code("A text names another side or region of the body.", "correct the one that is wrong"),
    "W310": Code(
        "Letters were read in a different encoding from the one they were written in.",
        "compare the text with its source and correct it there; a table may need --encoding",
    ),
    "W311": Code(
        "A comment or a line break in the file may have cut words off an answer.",
        "put the answer in quotes, or put two spaces before the #",
    ),
    "W312": Code("The note on a cell is not read.", "enter what it says in a cell, or delete the note"),
    "W313": Code("The labels of the parts have a gap or are out of order.", "make sure that no part is missing"),
    "W314": Code("One identifier is used for two cases or two people.", "correct the wrong one"),
    "W315": Code(
        "No font has a glyph for a character: the case can be made in the other formats, and in PDF it is refused.",
        "name a font that has it in the profile (layout: regular, bold), or choose formats other than PDF",
    ),
    "W316": Code(
        "Only a font of this machine has a glyph for a character: elsewhere the PDF may look different or be refused.",
        "look at it in the PDF, and copy the font into the profile (layout: regular, bold) for all machines",
    ),
    "W318": Code("The list of specimens and the parts differ.", "correct the list, or add the part"),
    "W320": Code("A claim about a protocol could not be proven.", "make its condition simpler, or try it on cases"),
    "W321": Code("The font is not known here.", "correct its name"),
    "W322": Code("A file holds answers that are not in the case.", "enter them in the case by hand"),
    "W340": Code("Someone changed a file that the batch keeps for itself.", "look at the copy that is kept"),
    "W341": Code(
        "A draft that is older than the data of the table is kept.",
        "correct the draft by hand, or name the accession with --overwrite: a copy of it is kept",
    ),
    "W355": Code("A workbook or a protocol does not keep this.", "keep it elsewhere"),
    "W356": Code(
        "A statement of a laboratory's own protocol can say nothing.",
        "add a clause, or write under `quiet` that it is meant to, and why; `reportgen protocols prove` shows a case",
    ),
    "W357": Code(
        "A laboratory's own protocol has the id or the title of a built-in one.",
        "give it another id or title if both are needed",
    ),
    # T4xx: protocols and templates
    "T401": Code("The template cannot be read or has the wrong shape.", "correct it at the place named"),
    "T402": Code("A name that the protocol does not define.", "correct the name"),
    "T403": Code("Something the template language does not offer here.", "see docs/protocols.md for what it offers"),
    "T404": Code("An id is used twice.", "rename one of the two"),
    "T405": Code("A clause, advisory or element without a source.", "name the source"),
    "T406": Code("A clause that can never be printed.", "correct its condition or remove it"),
    "T407": Code("A comparison with an answer the element does not allow.", "use an allowed answer"),
    "T408": Code("The template did not render.", "correct it at the place named"),
    "T409": Code(
        "A clause prints something that its condition does not ask about.",
        "let the condition name what the words depend on",
    ),
    "T410": Code("The laboratory's profile cannot be found or followed.", "correct the folder's name"),
    "T411": Code("A file of the profile may not be used.", "put a plain file into the profile's folder"),
    "T412": Code("A safeguard that a profile may not weaken.", "leave it as it is built in"),
    "T413": Code("A style that could hide or change words.", "remove it, or use one that docs/customizing.md lists"),
    "T414": Code("The Word template holds something that is refused.", "remove it in Word and save the file again"),
    "T415": Code("The template ran away: it took too long or too much memory.", "remove the loop that has no end"),
    "T416": Code("The layout leaves out what every report must show.", "print it in the layout"),
    "T417": Code("A negative statement that rests on no answer.", "let its condition compare with the negative answer"),
    "T418": Code("A required element is used nowhere.", "print it in a chapter or in a clause"),
    "T419": Code("No font has a glyph for a character of the profile.", "bring a font that has it, or use other words"),
    "T420": Code("The profile needs WeasyPrint.", "choose --pdf-engine auto or weasyprint"),
    "T422": Code("A style of the Word template would make the report unreadable.", "change the style in Word"),
    "T426": Code(
        "An answer or a name could be read as a different one.",
        "keep its meaning, or name it under waivers, with a reason and who decided; every report will print it",
    ),
    "T427": Code(
        "A clause speaks because something was not answered in a certain way.",
        "compare with the answers that are meant",
    ),
    "T428": Code(
        "Fixed words of a layout claim a state of the report.", "leave them out; the program prints the state"
    ),
    "T435": Code("One letter picks two different answers of one section.", "give one of the two another letter"),
    "T436": Code(
        "A clause compares a measurement that may be a minimum.", "ask for its at_least, or print the measurement"
    ),
    "T437": Code("A macro gives what it may not, or what does not go together.", "correct its answers"),
    "T438": Code(
        "A profile answers what may be a finding, or what has no usual answer.",
        "leave it out: it is entered in each case",
    ),
    "T440": Code(
        "A statement says nothing for some answers.",
        "add a clause for them, or write under `quiet` that it is meant to say nothing there, and why",
    ),
    "T441": Code(
        "Two sentences of which only one may be printed can be printed together.",
        "let their conditions exclude each other, or name under `one_of` what each of them is",
    ),
    "T442": Code("A boundary has a hole or an overlap.", "let each condition begin where the other ends"),
    "T443": Code("Two answers can be printed under one label.", "give one of the two another label"),
    "T450": Code(
        "A report does not say what its scenario expects.",
        "correct the protocol; or correct the scenario, if it expects the wrong thing",
    ),
    # E5xx: layout and writing
    "E501": Code("The output file exists already.", "choose another name or add --overwrite"),
    "E502": Code("The output could not be written.", "check the folder, its permissions and the space left"),
    "E503": Code(
        "No font has a glyph for a character, so that no PDF can be made.",
        "name a font that has it in the profile (layout: regular, bold), or choose formats other than PDF",
    ),
    "E504": Code("The layout asked for something outside its own folder.", "remove the reference from the layout"),
    "E505": Code("Two inputs would be written to one file.", "give them different names or folders"),
    "E506": Code("The folder is in use by another batch.", "wait for it, or choose another folder"),
    "E507": Code("The program failed on this case.", "render it alone, and report what you see"),
    "E508": Code(
        "A document that no batch wrote has the name of a document of this batch.",
        "move it, or name the accession with --overwrite: a copy of it is kept",
    ),
    "E509": Code("A draft was changed while the batch worked.", "run the same command again"),
    "E510": Code(
        "An accession that --overwrite or --again names is not in the table.", "write it as it is in the table"
    ),
    # L7xx: the form of a synoptic report
    "L701": Code("The report has no synopsis.", "list each element with its response"),
    "L702": Code("Two pairs are on one line of text.", "give each pair its own line"),
    "L703": Code("A label has no response.", "enter the response, or say that it does not apply"),
    "L704": Code("The pairs are not all in one place.", "move the pair to the others"),
    "L705": Code("A required element is in a sentence and has no pair.", "add a pair of its name and its response"),
    "L706": Code("A required element has no pair.", "add a pair of its name and its response"),
    # S6xx: this machine
    "S601": Code("A native library that PDF output needs is missing.", "install it as shown"),
    "S602": Code("libharfbuzz-subset is missing: PDFs would differ from run to run.", "install it as shown"),
    "S603": Code("The package's own templates or fonts are missing.", "install reportgen again"),
    "S604": Code("A library has an unsupported version.", "install the locked requirements"),
    "S605": Code("The port of the desk cannot be used.", "choose another with --port"),
    "S606": Code("The PDF engine Typst is not installed.", "pip install typst, or choose --pdf-engine weasyprint"),
    "S607": Code("The cluster cannot be used.", "start its scheduler and workers, then run the same command again"),
    "S608": Code("A worker of the cluster differs from this program.", "install and start it the way this program is"),
    "S609": Code("An optional package is missing.", "install it as shown"),
    "S610": Code("reportgen does not run on this operating system.", "use it on Linux; on Windows, inside WSL"),
}
