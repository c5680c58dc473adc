"""Which fragment each part of a protocol came from."""

from __future__ import annotations

from reportgen.protocols.origins import fragments_in
from tests.support.toy import Templates, said

FRAGMENT = """\
sources: {book: {title: A book}}
sections:
  - {id: main, title: Main, elements: [{id: shape, kind: text, title: Shape, source: {book: p}}]}
advisories:
  - {id: X1, title: Shape, source: {book: p}, levels: [{level: note, when: shape is answered, say: Look.}]}
wording:
  comment:
    - id: remark
      title: Remark
      clauses:
        - {id: shaped, when: shape is answered, say: "Its shape is {{ shape }}.", source: {book: p}}
        - {id: sited, when: site is naming('arm'), say: Somewhere., source: {book: p}}
"""
OWN = "- {id: own, when: size is answered, say: 'It measures {{ size }}.', source: {book: p}}\n"
SIZE = "- {id: size, kind: quantity, title: Size, unit: mm, source: {book: p}}\n"
CHANGE = """\
use: [shaped]
change: {wording: {comment.remark.sited: {say: Elsewhere.}}}
"""


def test_elements_statements_clauses_and_advisories_name_their_fragment(templates: Templates) -> None:
    folder = templates.folder / "protocols/fragments"
    folder.mkdir()
    (folder / "shaped.yaml").write_text(FRAGMENT, encoding="utf-8")
    made = templates.load(SIZE, extra=CHANGE, wording=said(OWN).replace("    title: Remark\n", ""))
    assert fragments_in(made, "elements") == {"shape": "shaped"}
    assert fragments_in(made, "advisories").items() >= {"X1": "shaped", "X1.1": "shaped"}.items()
    clauses = {id: of for id, of in fragments_in(made, "wording").items() if id.startswith("comment.remark.")}
    assert clauses == {"comment.remark.shaped": "shaped", "comment.remark.sited": "shaped"}
    words = fragments_in(made, "wording", "say")
    assert "comment.remark.shaped" in words
    assert "comment.remark.sited" not in words  # the protocol says it otherwise


def test_a_protocol_without_fragments_names_none(templates: Templates) -> None:
    assert fragments_in(templates.load(SIZE), "elements") == {}
