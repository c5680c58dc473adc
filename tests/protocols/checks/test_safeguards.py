"""What no profile can take away: gaps, stops, and without a printed waiver what is required."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import compose
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, check
from reportgen.protocols.load import load_protocol
from reportgen.scenarios.said import section
from tests.acceptance.support import base, changed, source
from tests.support.labs import protocol_lab, refused

WAIVER = "waivers:\n  - {{protocol: aismn, id: {id}, reason: entered elsewhere, by: Dr. Example}}\n"


def refusal(tmp_path: Path, changes: str, more: str = "") -> set[str]:
    return {each.code for each in refused(lambda: load_protocol("aismn", protocol_lab(tmp_path, changes, more=more)))}


@pytest.mark.parametrize(
    "changes",
    [
        "wording: {comment.recommendation: {remove: [withheld]}}",
        "wording: {comment.recommendation.withheld: {when: criteria.met}}",
        "wording: {header: {remove: [plain]}}",
        "wording: {terms.edge: {remove: [biopsy]}}",
        "wording: {comment: {remove: [interpretation]}}",
        "wording: {diagnosis: {remove: [deep_margin]}}",
        "wording: {terms: {remove: [edge]}}",
        "wording: {comment.recommendation: {order: [re_excision]}}",
        "wording: {comment.interpretation: {order: [n], append: ["
        "{id: n, when: entity_supported or deep_tissue == 'present', say: x}]}}",
        "elements: {perineural: {status: optional}}",
        "elements: {deep_tissue: {status: optional}}",
        "advisories: {remove: [A5]}",
    ],
)
def test_a_safeguard_is_not_weakened(changes: str, tmp_path: Path) -> None:
    assert "T412" in refusal(tmp_path, changes)


@pytest.mark.parametrize(
    "changes",
    [
        "wording: {comment.recommendation.withheld: {say: please word the recommendation}}",
        "wording: {comment.mitoses: {remove: [of_note]}}",
        "wording: {comment: {remove: [mitoses]}}",
        "wording: {comment: {order: [atypia, extent]}}",
        "wording: {comment.recommendation: {order: [worded, worded_interpretation, not_skin, organ_unclear, stopped, "
        "withheld, deep_tissue, lineage, n], append: ["
        "{id: n, when: base_not_seen and procedure == 're-excision', say: x}]}}",
        "elements: {ulceration: {status: core}}",
        "advisories: {remove: [A17]}",
    ],
)
def test_what_is_no_safeguard_may_be_changed(changes: str, tmp_path: Path) -> None:
    assert load_protocol("aismn", protocol_lab(tmp_path, changes)).changes


def test_a_clause_may_stand_before_a_gap_that_could_not_have_spoken(tmp_path: Path) -> None:
    """The search tells: where the new clause speaks, a built-in clause would have spoken and not the gap."""
    clause = "{id: n, when: entity_supported and organ != 'other' and biopsy, say: x, uses: []}"
    gaps = "not_skin, organ_unclear, stopped, withheld, deep_tissue, lineage, controls, no_core_stain, no_atypia"
    order = f"[worded, {gaps}, n]"
    harmless = f"wording: {{comment.interpretation: {{append: [{clause}], order: {order}}}}}"
    assert load_protocol("aismn", protocol_lab(tmp_path, harmless)).changes


def own(tmp_path: Path) -> Laboratory:
    return protocol_lab(tmp_path, "elements: {perineural: {status: optional}}", more=WAIVER.format(id="perineural"))


def test_a_waiver_is_printed_in_every_report_and_in_its_properties(tmp_path: Path) -> None:
    case = source(changed(base("shave-biopsy"), {"perineural": None}))
    report = compose(case, Settings(laboratory=own(tmp_path)))
    line = "Waived by the laboratory: Perineural invasion (entered elsewhere; Dr. Example)."
    assert line in list(report.reading_order())
    assert line in report.metadata.keywords
    assert "Perineural invasion" not in [pair.label for pair in report.pairs()]
    assert any(pair.label == "Perineural invasion" and pair.gap for pair in compose(case).pairs())


def test_a_waived_stop_no_longer_stops_and_says_so(tmp_path: Path) -> None:
    made = protocol_lab(tmp_path, "advisories: {remove: [A5, A4]}", more=WAIVER.format(id="A5"))
    assert "T412" in {each.code for each in refused(lambda: load_protocol("aismn", made))}
    both = WAIVER.format(id="A5") + WAIVER.format(id="A4").removeprefix("waivers:\n")
    settings = Settings(laboratory=protocol_lab(tmp_path, "advisories: {remove: [A5, A4]}", more=both))
    case = source(base("q2-metastatic"))
    assert {finding.code for finding in check(case).errors} == {"E301"}
    assert not check(case, settings).errors
    assert "A5" in " ".join(compose(case, settings).reading_order())


def test_a_waiver_for_another_protocol_is_not_printed(tmp_path: Path) -> None:
    made = own(tmp_path)
    assert load_protocol("general", made).waivers == ()
    assert [each.id for each in load_protocol("aismn", made).waivers] == ["perineural"]


def test_a_silent_clause_lets_none_behind_it_speak_in_its_stead(tmp_path: Path) -> None:
    made = protocol_lab(tmp_path, "wording: {comment.interpretation: {remove: [entity_so_far]}}")
    pending = source(changed(base("shave-biopsy"), {"stains.CD34": "pending"}))
    clauses = [each.clause for each in section(compose(pending), "comment")]
    assert "comment.interpretation.entity_so_far" in clauses
    silent = [each.clause for each in section(compose(pending, Settings(laboratory=made)), "comment")]
    assert [each for each in silent if each.startswith("comment.interpretation")] == []
