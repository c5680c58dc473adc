"""A macro gives answers of lists that go together; everything else is refused at its line."""

from __future__ import annotations

import pytest

from tests.support.toy import Templates

FORM = """\
- {id: kind, kind: choice, title: Kind, source: {book: p}, undetermined: cannot say, choices: [{id: wart}, {id: tag}],
    followups: [{id: form, kind: choice, title: Form, under: [wart], choices: [{id: flat}, {id: tall}]}]}
- {id: many, kind: choice, multiple: true, title: Many, source: {book: p}, choices: [{id: m}, {id: n}, {id: none, exclusive: true}]}
- {id: size, kind: quantity, title: Size, unit: mm, source: {book: p}}
- {id: words, kind: text, title: Words, source: {book: p}}
- {id: edge, kind: choice, title: Edge, applies_when: "kind == 'tag'", source: {book: p}, choices: [{id: reached}, {id: clear}]}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [{id: one, kind: choice, title: One, choices: [{id: p}]}]}
- id: stains
  kind: panel
  title: Stains
  source: {book: p}
  stains: [{id: SMA}]
  results: [{id: positive}, {id: negative}]
"""  # noqa: E501
EXTRA = """\
contradictions:
  - {id: both, when: "kind == 'wart' and 'm' in many", say: a wart is not m, elements: [kind, many]}
macros:
  - {id: it, title: It, source: {book: p}, answers: ANSWERS}
"""


@pytest.mark.parametrize(
    ("answers", "code", "message"),
    [
        ("{knd: wart}", "T402", "answers knd, which is not an element"),
        ("{macro: it}", "T402", "answers macro, which is not an element"),
        ("{kind: warts}", "T407", '"warts" is not an answer of kind'),
        ("{kind: cannot say}", "T407", '"cannot say" is not an answer of kind'),
        ("{kind: other}", "T437", 'gives kind the answer "other", with which something is entered'),
        ("{kind: [wart, tag]}", "T437", "gives kind several answers"),
        ("{many: [m, none]}", "T437", 'gives many more than "none", which excludes all others'),
        ("{size: 3 mm}", "T437", "answers size, which a macro may not answer"),
        ("{words: benign}", "T437", "answers words, which a macro may not answer"),
        ("{rows.one: p}", "T437", "answers rows.one, which a macro may not answer"),
        ("{stains.SMA: negative}", "T437", "answers stains.SMA, which a macro may not answer"),
        ("{kind.form: flat}", "T437", "answers kind.form, but not kind above it"),
        ("{kind: tag, kind.form: flat}", "T437", "answers kind.form, which does not apply beside its other answers"),
        ("{kind: wart, edge: clear}", "T437", "answers edge, which does not apply beside its other answers"),
        ("{kind: wart, many: m}", "T437", "gives answers that contradict each other: a wart is not m"),
    ],
)
def test_what_a_macro_may_not_give_is_refused(answers: str, code: str, message: str, templates: Templates) -> None:
    found = templates.refused(FORM, extra=EXTRA.replace("ANSWERS", answers))
    assert [(each.code, each.path, each.message) for each in found] == [(code, "macros.it", message)]
    assert f"{found[0].place}".startswith(templates.line("id: it"))
    assert found[0].step


@pytest.mark.parametrize(
    "answers",
    ["{kind: tag, edge: clear}", "{edge: clear}", "{many: [m, n]}", "{kind: wart, kind.form: tall, many: none}"],
)
def test_answers_that_go_together_are_taken(answers: str, templates: Templates) -> None:
    assert len(templates.load(FORM, extra=EXTRA.replace("ANSWERS", answers)).protocol.macros) == 1


def test_each_macro_has_an_id_of_its_own_and_a_source(templates: Templates) -> None:
    twice = (
        EXTRA.replace("ANSWERS", "{kind: tag}") + "  - {id: it, title: It, answers: {kind: wart}, source: {book: p}}\n"
    )
    assert {each.code for each in templates.refused(FORM, extra=twice)} == {"T404"}
    once = EXTRA.replace("ANSWERS", "{kind: tag}")
    assert {
        each.code for each in templates.refused(FORM, extra=once.replace("source: {book: p}, ans", "source: {}, ans"))
    } == {"T401"}
    unknown = templates.refused(FORM, extra=once.replace("source: {book: p}, ans", "source: {bok: p}, ans"))
    assert [(each.code, each.message) for each in unknown] == [("T405", '"bok" is not among the sources')]
