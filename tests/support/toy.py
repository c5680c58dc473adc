"""Protocols that the code never saw: small templates folders, written inside a test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from reportgen import template_files
from reportgen.assessment.judgement import assess
from reportgen.assessment.model import Assessment
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Case
from reportgen.cases.validate import validate
from reportgen.findings import Finding, FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_protocol
from reportgen.reading.readers import read_text
from reportgen.reading.source import Mapping
from reportgen.reports.compose import Options, compose
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Report

BUILT_IN = template_files.folder()
SITE = "- {id: site, kind: text, title: Site, status: core, source: {book: p1}}\n"
WORDING = """\
header:
  id: header
  title: Specimen
  clauses: [{id: plain, when: site is answered, say: "{{ site|cap }}:", source: {book: p1}}]
diagnosis:
  - id: headline
    title: Diagnosis
    override: true
    clauses: [{id: plain, when: site is answered, say: Toy diagnosis, source: {book: p2}}]
"""


def toy_protocol(
    elements: str = "", *, extra: str = "", section: str = "", id: str = "toy", site: str = SITE, title: str = "Toy"
) -> str:
    """A `protocol.yaml` of one section: `site` and the elements given; `extra` are further keys at its top."""
    return (
        f'id: {id}\nversion: "1"\ntitle: {title}\nsummary: A toy.\nsources: {{book: {{title: A book}}}}\n'
        + dedent(extra)
        + "sections:\n  - id: main\n    title: Main\n"
        + indent(dedent(section), "    ")
        + "    elements:\n"
        + indent(site + dedent(elements), "      ")
    )


class Templates:
    """A templates folder; `at` makes it and lets the program use it instead of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.text = ""
        self.wording = ""

    @classmethod
    @contextmanager
    def at(cls, folder: Path) -> Iterator[Templates]:
        (folder / "protocols").mkdir(parents=True)
        for name in ("labels", "layouts", "fonts"):  # tests change none of them
            (folder / name).symlink_to(BUILT_IN / name)
        shutil.copy(BUILT_IN / "case.yaml", folder)
        shutil.copy(BUILT_IN / "protocols" / "checked.txt", folder / "protocols")
        (folder / "protocols" / "free-text.yaml").write_text("site: site\nlaterality: laterality\n", encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(template_files, "folder", lambda: folder)
            yield cls(folder)

    def write(
        self,
        elements: str = "",
        *,
        extra: str = "",
        wording: str = WORDING,
        section: str = "",
        id: str = "toy",
        site: str = SITE,
    ) -> None:
        """Write a protocol of one section: `site` and the elements given; `extra` are further keys at its top."""
        self.text = toy_protocol(elements, extra=extra, section=section, id=id, site=site)
        self.wording = dedent(wording)
        folder = self.folder / "protocols" / id
        folder.mkdir(exist_ok=True)
        (folder / "protocol.yaml").write_text(self.text, encoding="utf-8")
        (folder / "wording.yaml").write_text(self.wording, encoding="utf-8")

    def load(self, elements: str = "", **more: str) -> Compiled:
        """Write a protocol and load it."""
        self.write(elements, **more)
        return load_protocol(more.get("id", "toy"))

    def refused(self, elements: str = "", **more: str) -> tuple[Finding, ...]:
        """Write a protocol that is not in order; what loading it finds."""
        self.write(elements, **more)
        with pytest.raises(FindingsError) as caught:
            load_protocol(more.get("id", "toy"))
        return caught.value.findings

    def line(self, mark: str) -> str:
        """`protocols/toy/<file>:<line>` of the one line that holds a mark."""
        for file, text in (("protocol", self.text), ("wording", self.wording)):
            found = [number for number, line in enumerate(text.splitlines(), 1) if mark in line]
            if found:
                assert len(found) == 1, f"{mark} stands in {len(found)} lines"
                return f"protocols/toy/{file}.yaml:{found[0]}"
        raise AssertionError(f"{mark} stands nowhere")


def said(clauses: str, *, terms: str = "", more: str = "") -> str:
    """The toy's wording with one statement in the comment."""
    statement = "comment:\n  - id: remark\n    title: Remark\n    clauses:\n" + indent(dedent(clauses), "      ")
    return dedent(terms) + WORDING + statement + more


def toy_data(*parts: dict[str, Any], protocol: str = "toy", **header: Any) -> dict[str, Any]:
    """A whole case as data; without parts one that answers nothing but `site`."""
    shares = parts or ({},)
    return {
        "accession": "S1",
        "patient": {"name": "N", "mrn": "1", "birth_date": "1950-01-01", "sex": "female"},
        "collected": "2026-01-01",
        "received": "2026-01-02",
        "submitted_by": "Dr",
        "laboratory": {"name": "Lab", "address": "Street"},
        **header,
        "parts": [
            {"label": label, "protocol": protocol, "site": "arm", **part}
            for label, part in zip("ABCDEFGH", shares, strict=False)
        ],
    }


def source_of(data: object, name: str = "case.json") -> Mapping:
    """Data as read from a JSON file."""
    return read_text(json.dumps(data, ensure_ascii=False), name=name, format="json")


def toy_case(*parts: dict[str, Any], **header: Any) -> Case:
    """A valid case."""
    return _valid(toy_data(*parts, **header), None)


def _valid(data: dict[str, Any], own: Laboratory | None) -> Case:
    validation = validate(source_of(data), own)
    assert not validation.refused, [finding.as_line(show_values=True) for finding in validation.findings]
    assert validation.case is not None
    return validation.case


def valid_case(source: Mapping) -> Case | None:
    """The case of a source; None where anything of it was refused."""
    validation = validate(source)
    return None if validation.refused else validation.case


def toy_findings(*parts: dict[str, Any], **header: Any) -> tuple[Finding, ...]:
    """What validation finds."""
    return validate(source_of(toy_data(*parts, **header))).findings


def scope_of(case: Case, part: int = 0) -> AnswerScope:
    """The scope of one part."""
    return AnswerScope.of_part(case.parts[part], case.header)


def assessments_of(case: Case) -> tuple[Assessment, ...]:
    """The assessment of every part."""
    return tuple(assess(part, AnswerScope.of_part(part, case.header)) for part in case.parts)


def toy_report(
    *parts: dict[str, Any], options: Options | None = None, own: Laboratory | None = None, **header: Any
) -> Report:
    """The report of a valid case."""
    case = _valid(toy_data(*parts, **header), own)
    return compose(case, assessments_of(case), load_labels(own), options)


def codes(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Code and path of each finding."""
    return [(finding.code, finding.path) for finding in findings]
