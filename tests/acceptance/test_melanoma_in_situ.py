"""Melanoma in situ: when pTis is printed, against an oracle of its own, and what is printed where a laboratory asks."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from reportgen import compose
from reportgen.pipeline import Settings
from reportgen.reading.source import source_of
from reportgen.scenarios.said import section
from tests.acceptance.support import TEMPLATES, changed, read_data
from tests.acceptance.test_melanoma import stage
from tests.support.labs import protocol_lab

CASE = read_data(TEMPLATES / "protocols/melanoma-in-situ/scenarios.yaml")["case"]
INVASIONS = ("not identified", "cannot be excluded (invented reason)", None)
REGRESSIONS = ("not identified", "present", {"result": "other", "text": "doubtful"}, None)
PRIORS = ("no", "yes", "not known", None)
SYSTEMS = ("AJCC 8", "UICC 8", "UICC 9", "none")


def case_of(
    biopsy: bool,
    residual: bool,
    invasion: str | None,
    regression: str | dict[str, str] | None,
    prior: str | None,
    system: str,
) -> dict[str, Any]:
    changes: dict[str, Any] = {"invasion": invasion, "regression": regression, "prior_invasive": prior}
    if biopsy:
        changes |= {"procedure": "punch biopsy", "margins": {"peripheral": "uninvolved"}, "staging": None}
    else:
        changes["staging"] = {"system": system} | ({"setting": "initial"} if system != "none" else {})
    if residual:
        changes |= {"residual": "present", "prior": {"accession": "S25-00009", "diagnosis": "melanoma"}}
    return changed(CASE, changes)


def expected(
    biopsy: bool, residual: bool, invasion: str | None, regression: object, prior: str | None, system: str
) -> str | None:
    """The line of the stage; "" where none is due, None for a gap."""
    if biopsy or system == "none":
        return ""
    if invasion == "not identified" and prior == "yes":
        return ""
    settled = invasion == "not identified" and regression in ("not identified", "present") and prior == "no"
    return f"pTis ({system})" if settled and system != "UICC 9" else None


def test_ptis_is_printed_of_an_excision_without_invasion_before_or_now() -> None:
    wrong = []
    for row in product((True, False), (True, False), INVASIONS, REGRESSIONS, PRIORS, SYSTEMS):
        biopsy, residual, _, regression, _, system = row
        if (biopsy and system != SYSTEMS[0]) or (residual and regression != REGRESSIONS[0]):
            continue  # a biopsy takes no staging system; residual melanoma has no more to do with regression
        said, wanted = stage(compose(source_of(case_of(*row)))), expected(*row)
        if said != wanted:
            wrong.append((row, wanted, said))
    assert wrong == []


def test_what_regression_may_hide_is_told_where_a_laboratory_asks(tmp_path: Path) -> None:
    laboratory = protocol_lab(tmp_path, "wording: {comment.regression: {on_request: false}}", id="melanoma-in-situ")
    report = compose(source_of(changed(CASE, {"regression": "present"})), Settings(laboratory=laboratory))
    said = [each.text for each in section(report, "comment")]
    assert said[-1] == "The dermis has changes of regression, which may hide earlier invasion."
