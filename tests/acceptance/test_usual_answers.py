"""A profile that names the staging system of its laboratory: the five protocols that print a category, and every door.

Such an answer changes nothing that is printed of a case beside the line that says who gave it, compared with the same
answer entered. It refuses no case, and adds no stage that the answers of the case do not settle.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportgen import compose
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Settings, check
from reportgen.reading.readers import read_file
from reportgen.reading.source import plain, source_of
from reportgen.reports.model import Report
from reportgen.scenarios.said import section, synopsis
from tests.acceptance.support import TEMPLATES, read_data
from tests.cli.program import invoke
from tests.support.labs import write_lab

PROTOCOLS = ("leiomyosarcoma", "melanoma", "melanoma-in-situ", "merkel", "scc")
SYSTEM = "AJCC 8"
TOLD = "Answered by the laboratory's profile Example Laboratory: Staging system."
PART_OF_THEM = 3  # every third scenario: the same code gives the answer in each


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = {id: {"elements": {"staging.system": {"usual": SYSTEM}}} for id in PROTOCOLS}
    return write_lab(tmp_path_factory.mktemp("lab"), yaml.safe_dump({"protocols": changes}))


@pytest.fixture(scope="module")
def laboratory(profile: Path) -> Laboratory:
    return load_laboratory(profile)


def cases(protocol: str) -> Iterator[dict[str, Any]]:
    """The cases of the scenarios of a protocol."""
    from reportgen.scenarios.read import read_scenarios

    file = read_file(TEMPLATES / "protocols" / protocol / "scenarios.yaml")
    for scenario in read_scenarios(file, lambda _, place: pytest.fail(str(place))):
        data = plain(scenario.case)
        assert isinstance(data, dict)
        yield data


def system(data: dict[str, Any]) -> str | None:
    """The staging system that a case enters."""
    staging = data["parts"][0].get("staging")
    found = staging.get("system") if isinstance(staging, dict) else None
    return found or None


def report(data: dict[str, Any], laboratory: Laboratory | None = None) -> Report | None:
    """The report of a case; None for a case that is refused."""
    settings = Settings(laboratory=laboratory)
    checked = check(source_of(data), settings)
    return None if checked.errors else compose(checked, settings)


def printed(made: Report) -> list[object]:
    """All that a report says of its case."""
    return [*(each.text for each in made.sentences()), *synopsis(made), *(each.name for each in made.open)]


def stages(made: Report) -> list[str]:
    """The lines of the diagnosis that name a category of the primary tumor."""
    return [each.text for each in section(made, "diagnosis") if "pT" in each.text]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_the_profile_answers_prints_what_the_same_answer_entered_prints(
    protocol: str, laboratory: Laboratory
) -> None:
    staged = seen = 0
    named = [data for data in cases(protocol) if system(data) == SYSTEM]
    for data in named[::PART_OF_THEM]:
        entered = report(data)
        del data["parts"][0]["staging"]["system"]
        given = report(data, laboratory)
        assert (entered is None) == (given is None)
        if entered and given:
            assert printed(given) == printed(entered)
            staged += bool(stages(given))
            assert all(f"({SYSTEM}" in line for line in stages(given))
            seen += 1
            assert (TOLD in str(given)) == (("Staging system", SYSTEM) in synopsis(given))
            assert TOLD not in str(entered)
    assert seen > 5
    assert staged > 2


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_it_neither_stages_nor_refuses_a_case_whose_stage_is_not_entered(protocol: str, laboratory: Laboratory) -> None:
    first = next(cases(protocol))
    unstaged = [data for data in cases(protocol) if not system(data)]
    first["parts"][0].pop("staging")
    for data in (first, *unstaged):
        without, given = report(data), report(data, laboratory)
        assert without
        assert given
        assert not stages(without)
        assert not [line for line in stages(given) if "PENDING" not in line]
        lost = [each for each in printed(without) if each not in printed(given)]
        assert lost == []
    made = report(first, laboratory)
    assert made
    assert "Staged at" in [each.name for each in made.open]
    assert TOLD in str(made)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("entered", ["none", "UICC 8"])
def test_what_the_case_enters_counts(entered: str, protocol: str, laboratory: Laboratory) -> None:
    data = next(cases(protocol))
    data["parts"][0]["staging"] |= {"system": entered}
    if entered == "none":
        del data["parts"][0]["staging"]["setting"]
    without, given = report(data), report(data, laboratory)
    assert without
    assert given
    assert printed(given) == printed(without)
    assert SYSTEM not in str(stages(given))
    assert TOLD not in str(given)


def test_a_biopsy_of_a_protocol_that_stages_excisions_alone_is_told_nothing(laboratory: Laboratory) -> None:
    data = next(cases("scc"))
    data["parts"][0] |= {"procedure": "shave biopsy"}
    for name in ("staging", "size", "size_basis", "depth", "bone"):
        data["parts"][0].pop(name, None)
    made = report(data, laboratory)
    assert made
    assert TOLD not in str(made)
    assert SYSTEM not in str(made.sections)


def test_each_part_is_told(laboratory: Laboratory) -> None:
    data = next(cases("melanoma"))
    data["parts"][0]["protocol"] = data.pop("protocol")
    del data["parts"][0]["staging"]["system"]
    data["parts"].append({**data["parts"][0], "label": "B"})
    assert f"{TOLD[:-1]} of part A; Staging system of part B." in str(report(data, laboratory))


def test_every_page_about_a_protocol_says_it(tmp_path: Path) -> None:
    profile = write_lab(
        tmp_path / "lab", f"protocols: {{scc: {{elements: {{staging.system: {{usual: {SYSTEM}}}}}}}}}\n"
    )
    note = f"where nothing is entered, the profile Example Laboratory answers: {SYSTEM}"
    lab = ("--lab", str(profile))
    assert note in " ".join(invoke("protocols", "show", "scc", *lab).out.split())
    assert "a profile may give its usual answer" in invoke("protocols", "show", "scc").out
    assert "in order" in invoke("template", "check", str(profile)).out
    diff = invoke("template", "diff", str(profile)).out
    assert f"protocols.scc.elements.staging.system (not accepted yet)\n  + usual: {SYSTEM}" in diff
    invoke("template", "phrasebook", str(profile), "--protocol", "scc", "--format", "txt", "--output", str(tmp_path))
    book = "".join(each.read_text(encoding="utf-8") for each in tmp_path.glob("*.txt"))
    assert "usual answers" in book
    invoke("new", "case", "scc", *lab, "--output", str(tmp_path / "case.yaml"))
    starter = (tmp_path / "case.yaml").read_text(encoding="utf-8")
    assert note in starter
    assert yaml.safe_load(starter)["parts"][0]["staging"]["system"] is None
    assert note in invoke("schema", "scc", *lab).out
    invoke("new", "table", "scc", *lab, "--output", str(tmp_path / "table.csv"))
    dictionary = (tmp_path / "table-dictionary.csv").read_text(encoding="utf-8-sig")
    rows = {row[0]: row[-1] for row in csv.reader(io.StringIO(dictionary))}
    assert note in rows["staging.system"]
    assert sum(note in each for each in rows.values()) == 1


def test_explain_names_the_profile_and_its_line(profile: Path, tmp_path: Path) -> None:
    data = next(cases("scc"))
    del data["parts"][0]["staging"]["system"]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    said = invoke("explain", str(file), "--lab", str(profile)).out
    line = next(each for each in said.splitlines() if "answer   parts.A.staging.system" in each)
    assert line.endswith(", profile Example Laboratory)")
    assert "lab.yaml:" in line


def test_a_table_with_an_empty_cell_has_it_and_none_withholds_it(profile: Path, tmp_path: Path) -> None:
    data = next(cases("melanoma-in-situ"))
    part = data["parts"][0]
    flat = {"protocol": "melanoma-in-situ", "label": "A", **{key: data[key] for key in ("collected", "received")}}
    flat |= {f"patient.{key}": each for key, each in data["patient"].items()}
    flat |= {key: each for key, each in part.items() if isinstance(each, str)}
    flat["staging.setting"] = "initial"
    table = tmp_path / "table.csv"
    with table.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ["accession", *flat, "staging.system"])
        writer.writeheader()
        writer.writerow({"accession": "S1", **flat, "staging.system": ""})
        writer.writerow({"accession": "S2", **flat, "staging.system": "none", "staging.setting": ""})
    invoke("batch", str(table), "--format", "txt", "--output", str(tmp_path / "out"), "--lab", str(profile))
    one, two = ((tmp_path / "out" / f"S{number}.txt").read_text(encoding="utf-8") for number in (1, 2))
    assert TOLD in " ".join(one.split())
    assert TOLD not in " ".join(two.split())
    assert SYSTEM not in two


def test_only_the_staging_system_of_the_built_in_protocols_may_be_given() -> None:
    found = {
        (path.name, element)
        for path in sorted((TEMPLATES / "protocols").rglob("*.yaml"))
        for element in _conventions(read_data(path))
    }
    assert found == {("staging.yaml", "system")}


def _conventions(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("by_convention"):
            yield node["id"]
        for each in node.values():
            yield from _conventions(each)
    elif isinstance(node, list):
        for each in node:
            yield from _conventions(each)
