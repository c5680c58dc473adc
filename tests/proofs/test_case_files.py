"""The files that show faults can be read and rendered, and say what they show."""

from __future__ import annotations

from pathlib import Path

from reportgen.pipeline import compose
from reportgen.proofs.case_files import case_files
from reportgen.proofs.prove import Fault, prove
from tests.proofs.test_prove import CLEAR, FORM, INVOLVED
from tests.support.toy import Templates, said


def test_each_fault_with_a_case_has_a_file(templates: Templates, tmp_path: Path) -> None:
    templates.write(FORM, wording=said(CLEAR + INVOLVED))
    proof = prove("toy")
    without = Fault(proof.faults[0].finding, None)
    ((fault, name, data),) = case_files([*proof.faults, without])
    assert fault is proof.faults[0]
    assert name == "01-T440-comment-remark.yaml"
    assert data.startswith(b"# An invented case, marked as test data. comment.remark can say nothing, given deep: ")
    path = tmp_path / name
    path.write_bytes(data)
    report = compose(path)
    assert not [each for each in report.sentences() if each.clause.startswith("comment.remark")]
