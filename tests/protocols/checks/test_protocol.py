"""A protocol's own check: each error class gives its code at its line, and nothing that is in order is refused."""

from __future__ import annotations

import pytest

from reportgen.findings import FindingsError
from reportgen.language.sentences import compile_words
from reportgen.protocols.load import load_protocol
from tests.support.toy import WORDING, Templates, said

KIND = "- {id: kind, kind: choice, title: Kind, status: core, choices: [{id: a}, {id: b}], source: {book: p}}\n"
MANY = "- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}], source: {book: p}}\n"
SIZE = "- {id: size, kind: quantity, title: Size, unit: mm, source: {book: p}}\n"
FREE = "- {id: free, kind: text, title: Free, source: {book: p}}\n"
DAY = "- {id: day, kind: date, title: Day, source: {book: p}}\n"
GROUP = "- {id: group, kind: group, title: Group, source: {book: p}, elements: [{id: in, kind: text, title: In}]}\n"
ROWS = GROUP.replace("group, kind: group", "rows, kind: group, repeats: true").replace("id: in", "id: one")
STAINS = """\
- id: stains
  kind: panel
  title: Stains
  status: core
  source: {book: p}
  stains: [{id: S1, core: true}, {id: Ki-67}]
  results: [{id: positive}, {id: negative}]
"""
PROPS = """\
- id: procedure
  kind: choice
  title: Procedure
  status: core
  source: {book: p}
  choices: [{id: shave, props: {noun: biopsy, small: "yes"}}, {id: excision, props: {noun: excision, small: "no"}}]
"""
ALL = KIND + MANY + SIZE + FREE + DAY + GROUP + ROWS + STAINS + PROPS


def clause(when: str, say: str = "Words.", source: str = "{book: p}") -> str:
    return said(f"- id: one\n  when: {when}  # the when\n  say: {say}  # the say\n  source: {source}\n")


ELEMENTS = [
    # an unknown name in a condition
    ("- {id: x, kind: text, title: X, applies_when: knd == 'a', source: {book: p}}  # here", "T402", "x"),
    ("- {id: x, kind: text, title: X, status: conditional, required_when: z, source: {book: p}}  # here", "T402", "x"),
    # an answer that the element does not have
    ("- {id: x, kind: text, title: X, applies_when: kind == 'c', source: {book: p}}  # here", "T407", "x"),
    ("- {id: x, kind: text, title: X, applies_when: \"'o' in many\", source: {book: p}}  # here", "T407", "x"),
    ("- {id: x, kind: text, title: X, applies_when: size == 'cannot', source: {book: p}}  # here", "T403", "x"),
    (
        "- {id: x, kind: quantity, unit: mm, title: X, undetermined: cannot, source: {book: p}}\n"
        "- {id: y, kind: text, title: Y, applies_when: x == 'cant', source: {book: p}}  # here",
        "T407",
        "y",
    ),
    # what the language does not offer
    ("- {id: x, kind: text, title: X, applies_when: kind|upper == 'A', source: {book: p}}  # here", "T403", "x"),
    ("- {id: x, kind: text, title: X, applies_when: kind ==, source: {book: p}}  # here", "T403", "x"),
    # ids
    ("- {id: kind, kind: text, title: X, source: {book: p}}  # here", "T404", "kind"),
    ("- {id: result, kind: text, title: X, source: {book: p}}  # here", "T404", "result"),
    ("- {id: text, kind: text, title: X, source: {book: p}}  # here", "T404", "text"),
    ("- {id: case, kind: text, title: X, source: {book: p}}  # here", "T404", "case"),
    ("- {id: criteria, kind: text, title: X, source: {book: p}}  # here", "T404", "criteria"),
    ("- {id: received_as, kind: text, title: X, source: {book: p}}  # here", "T404", "received_as"),
    ("- {id: override, kind: text, title: X, source: {book: p}}  # here", "T404", "override"),
    ("- {id: x, kind: choice, title: X, source: {book: p}, choices: [{id: a}, {id: a}]}  # here", "T404", "x = a"),
    (
        "- {id: x, kind: panel, title: X, source: {book: p}, stains: [{id: S}, {id: S}], results: [{id: a}]}  # here",
        "T404",
        "x = S",
    ),
    (
        "- {id: x, kind: group, title: X, source: {book: p}, elements: [{id: y, kind: text, title: Y}, "
        "{id: y, kind: text, title: Y}]}  # here",
        "T404",
        "y",
    ),
    # sources
    ("- {id: x, kind: text, title: X}  # here", "T405", "x"),
    ("- {id: x, kind: text, title: X, source: {bok: p}}  # here", "T405", "x"),
    # a condition that says nothing
    ("- {id: x, kind: text, title: X, status: conditional, source: {book: p}}  # here", "T401", "x"),
    # follow-ups of an answer that is not there
    (
        "- {id: x, kind: choice, title: X, source: {book: p}, choices: [{id: a}], "
        "followups: [{id: y, kind: text, title: Y, under: [b]}]}  # here",
        "T407",
        "x",
    ),
    # definitions that lean on themselves
    (
        "- {id: x, kind: choice, title: X, applies_when: x == 'a', choices: [{id: a}], source: {book: p}}  # here",
        "T402",
        "x",
    ),
    # nothing that repeats inside something that repeats
    (
        "- id: x\n  kind: group\n  title: X\n  repeats: true\n  source: {book: p}\n  elements:\n"
        "    - {id: y, kind: group, title: Y, repeats: true, elements: [{id: z, kind: text, title: Z}]}  # here",
        "T401",
        "x.y",
    ),
    # answers that would be printed nowhere
    ("- {id: x, kind: text, title: X, chapter: history, source: {book: p}}  # here", "T401", "x"),
    ("- {id: x, kind: text, title: X, chapter: signature, source: {book: p}}  # here", "T401", "x"),
    # names of elements hold words of their own
    ('- {id: x, kind: text, title: X, label: "The {{ kin }}", source: {book: p}}  # here', "T402", "x"),
    ('- {id: x, kind: text, title: X, label: "The {{ kind", source: {book: p}}  # here', "T403", "x"),
    ('- {id: x, kind: text, title: "The {{ kind|safe }}", source: {book: p}}  # here', "T403", "x"),
]


@pytest.mark.parametrize(("elements", "code", "path"), ELEMENTS)
def test_an_element_that_is_not_in_order(elements: str, code: str, path: str, templates: Templates) -> None:
    found = templates.refused(ALL + elements)
    assert [(finding.code, finding.path) for finding in found] == [(code, path)], [f.as_line() for f in found]
    assert str(found[0].place).rpartition(":")[0] == templates.line("# here")


ADVISORY = (
    "advisories:\n  - {{id: A, title: A, source: {source}, "
    "levels: [{{level: note, when: {when}, say: {say}}}]}}  # here\n"
)
EXTRA = [
    ("facts:\n  - {id: f, when: knd == 'a'}  # here\n", "T402", "f"),
    ("facts:\n  - {id: f, when: case.agee > 3}  # here\n", "T402", "f"),
    ("facts:\n  - {id: f, when: case.patient.nam is answered}  # here\n", "T402", "f"),
    ("facts:\n  - {id: f, when: f or kind == 'a'}  # here\n", "T402", "f"),
    ("facts:\n  - {id: f, when: kind == 'a'}\n  - {id: f, when: kind == 'b'}  # here\n", "T404", "f"),
    ("facts:\n  - {id: kind, when: site is answered}  # here\n", "T404", "kind"),
    ("facts:\n  - {id: f, when: criteria.nothing == 'met'}  # here\n", "T402", "f"),
    ("facts:\n  - {id: f, when: criteria.met}  # here\n", "T402", "f"),
    ("facts:\n  - {id: f, when: rows.one == 'a'}  # here\n", "T403", "f"),
    ("criteria:\n  - {id: c, title: C, met: kind == 'a', unmet: knd == 'b', source: {book: p}}  # here\n", "T402", "c"),
    ("criteria:\n  - {id: c, title: C, met: kind == 'a', unmet: kind == 'b', source: {}}  # here\n", "T405", "c"),
    (
        "criteria:\n  - {id: c, title: C, met: kind == 'a', unmet: kind == 'c', source: {book: p}}  # here\n",
        "T407",
        "c",
    ),
    (
        "criteria: [{id: c, title: C, met: kind == 'a', unmet: kind == 'b', source: {book: p}}]\n"
        "facts:\n  - {id: f, when: criteria.c == 'mett'}  # here\n",
        "T407",
        "f",
    ),
    (
        ADVISORY.format(source="{book: p}", when="kind == 'z'", say="x"),
        "T407",
        "A",
    ),
    (
        ADVISORY.format(source="{bok: p}", when="kind == 'a'", say="x"),
        "T405",
        "A",
    ),
    (
        ADVISORY.format(source="{book: p}", when="kind == 'a'", say='"{{ kind }}"'),
        "T403",
        "A",
    ),
    ("contradictions:\n  - {id: c, when: kind == 'a', say: x, elements: [kind, sise]}  # here\n", "T402", "c"),
    ("contradictions:\n  - {id: c, when: knd == 'a', say: x, elements: [kind, size]}  # here\n", "T402", "c"),
]


@pytest.mark.parametrize(("extra", "code", "path"), EXTRA)
def test_a_fact_criterion_advisory_or_contradiction_that_is_not_in_order(
    extra: str, code: str, path: str, templates: Templates
) -> None:
    found = templates.refused(ALL, extra=extra)
    assert [(finding.code, finding.path) for finding in found] == [(code, path)], [f.as_line() for f in found]
    assert str(found[0].place).rpartition(":")[0] == templates.line("# here")


MISUSED = (
    "site < 3", "kind > 2", "day > 3", "many == 'm'", "many != 'm'", "many in ['m', 'n']", "'a' in kind", "'a' in free",
    "kind", "site", "size", "many", "group is answered", "stains is answered", "group == 'a'", "stains == 'positive'",
    "size == site", "kind == size", "size > free", "day == site", "procedure.small == 'yes'", "procedure.noun",
    "procedure.noun > 3", "kind is naming('a') and size is naming('5')", "case.age is applicable", "case.age == 'x'",
    "procedure.small is answered", "many is naming('m')",
)  # fmt: skip


@pytest.mark.parametrize("condition", [*MISUSED, *(f"not ({text})" for text in MISUSED)])
def test_a_name_used_for_what_it_cannot_give_is_refused_with_what_it_can(condition: str, templates: Templates) -> None:
    found = templates.refused(ALL, extra=f'facts:\n  - {{id: f, when: "{condition}"}}  # here\n')
    assert {finding.code for finding in found} == {"T403"}
    assert str(found[0].place).rpartition(":")[0] == templates.line("# here")
    assert "cannot be" in found[0].message


USED_WELL = (
    "site == 'arm'", "site in ['arm', 'leg']", "site is naming('left')", "site is naming(kind)", "kind == 'a'",
    "kind != 'a'", "kind in ['a', 'other']", "kind not in ['a']", "kind == procedure", "'m' in many", "'m' not in many",
    "many is answered", "size > 3", "3 < size", "size == 3", "size != 2.5", "size is answered", "day is answered",
    "day == case.collected", "group is applicable", "rows is applicable", "stains is applicable",
    "stains.S1 == 'positive'", "stains['Ki-67'] == 'negative'", "procedure.small", "procedure.noun == 'biopsy'",
    "kind.text is naming('x')",
    "kind.text == 'x'", "case.age > 50", "case.patient.sex == 'female'", "case.patient.name is naming('N')",
    "stains.required_results is naming('S1')", "true", "not false",
)  # fmt: skip


@pytest.mark.parametrize("condition", USED_WELL)
def test_a_name_used_for_what_it_gives_is_in_order(condition: str, templates: Templates) -> None:
    made = templates.load(ALL, extra=f'facts:\n  - {{id: f, when: "{condition}"}}\n')
    assert made.facts == {"f": condition}


WORDS = [
    ('"{{ sight }}."', "T402"),
    ('"{{ kind.word }}."', "T402"),
    ('"{{ case.patient.nam }}."', "T402"),
    ('"{{ criteria.met }}."', "T402"),
    ('"{{ criteria.unmet_titles }}."', "T402"),
    ('"{{ nothing|listing }}."', "T402"),
    ('"{{ site|plural(one, two) }}."', "T402"),
    ('"{{ site|default(kind) }}."', "T403"),
    ('"{{ site|safe }}."', "T403"),
    ('"{{ site|last }}."', "T403"),
    ('"{{ site|plural }}."', "T403"),
    ('"{{ site|cap(site) }}."', "T403"),
    ('"{{ site|listing(1, 2) }}."', "T403"),
    ('"{{ fact }}."', "T403"),
    ('"{{ procedure.small }}."', "T403"),
    ('"{{ group }}."', "T403"),
    ('"{{ stains }}."', "T403"),
    ('"{{ rows }}."', "T403"),
    ('"{{ case.age }}."', "T403"),
    ('"{{ site"', "T403"),
    ('"{% if site %}x{% endif %}"', "T403"),
    ('"{{ site if site }}"', "T403"),
]


@pytest.mark.parametrize(("say", "code"), WORDS)
def test_words_that_cannot_be_printed_are_refused(say: str, code: str, templates: Templates) -> None:
    found = templates.refused(ALL, extra="facts: [{id: fact, when: kind == 'a'}]\n", wording=clause("kind == 'a'", say))
    assert {(finding.code, finding.path) for finding in found} == {(code, "comment.remark.one")}
    assert str(found[0].place).rpartition(":")[0] == templates.line("# the say")


@pytest.mark.parametrize(
    "say",
    [
        "{{ site|cap }}, {{ kind|upper }}, {{ kind|lower }}, {{ site|first }}",
        "{{ case.patient.name }} {{ case.collected }} {{ procedure.noun }} {{ kind.text }} {{ stains.S1 }}",
        "{{ stains['S1'] }} {{ stains.required_results }}",
        "{{ kind|also(site)|listing('or') }} {{ kind|plural('one', 'many') }} {{ site|join(' ') }}",
        "100 % {{ 'of' }} it",
    ],
)
def test_words_that_name_and_shape_answers_are_in_order(say: str, templates: Templates) -> None:
    uses = ", ".join(f'"{name}"' for name in sorted(compile_words(say).names))
    templates.load(ALL, wording=clause("kind == 'a'", f'"{say}"\n  uses: [{uses}]'))


@pytest.mark.parametrize("name", ["size", "free", "day", "many", "stains['Ki-67']"])
def test_an_optional_element_is_printed_only_where_the_condition_asks_for_it(name: str, templates: Templates) -> None:
    (finding,) = templates.refused(ALL, wording=clause("kind == 'a'", f'"{{{{ {name} }}}}"'))
    assert (finding.code, finding.path) == ("T409", "comment.remark.one")
    assert str(finding.place).rpartition(":")[0] == templates.line("# the say")
    assert "is answered" in finding.step
    templates.load(ALL, wording=clause(f"kind == 'a' and {name} is answered", f'"{{{{ {name} }}}}"'))


def line(id: str, when: str = "kind == 'a'") -> str:
    return f"- {{id: {id}, when: {when}, say: Words, source: {{book: p}}}}"


def term(id: str, when: str = "kind == 'a'") -> str:
    return f"terms:\n  - {{id: {id}, clauses: [{{id: x, when: {when}, say: y}}]}}"


HEADLINE_AGAIN = (
    "  - {id: headline, title: H, clauses: [{id: x, when: kind == 'a', say: A, source: {book: p}}]}  # here\n"
)
CLAUSES = [
    (clause("knd == 'a'"), "T402", "comment.remark.one", "# the when"),
    (clause("kind == 'z'"), "T407", "comment.remark.one", "# the when"),
    (clause("kind == 'a'", source="{}"), "T405", "comment.remark.one", "- id: one"),
    (clause("kind == 'a'", source="{bok: p}"), "T405", "comment.remark.one", "{bok: p}"),
    (said(f"{line('one')}\n{line('one', 'site is answered')}  # here\n"), "T404", "one", "# here"),
    (said(f"{line('one')}\n", more=HEADLINE_AGAIN), "T404", "headline", "# here"),
    (said(f"{line('one')}\n", terms=f"{term('kind', 'site is answered')}  # here\n"), "T404", "kind", "# here"),
    (said(f"{line('one')}\n", terms=f"{term('t', 'knd is answered')}  # here\n"), "T402", "terms.t.x", "# here"),
    (said(f"{line('one', 't == 1')}  # here\n", terms=f"{term('t')}\n"), "T402", "comment.remark.one", "# here"),
    (said(f"{line('one')}\n{line('two')}  # here\n"), "T406", "comment.remark.two", "# here"),
]


@pytest.mark.parametrize(("wording", "code", "path", "mark"), CLAUSES)
def test_a_clause_that_is_not_in_order(wording: str, code: str, path: str, mark: str, templates: Templates) -> None:
    found = templates.refused(ALL, wording=wording)
    assert [(finding.code, finding.path) for finding in found] == [(code, path)], [f.as_line() for f in found]
    assert str(found[0].place).rpartition(":")[0] == templates.line(mark)


def test_all_that_is_wrong_is_found_in_one_pass_and_hints_at_what_was_meant(templates: Templates) -> None:
    found = templates.refused(
        KIND + "- {id: x, kind: text, title: X, applies_when: kin == 'a'}\n",
        extra="facts: [{id: f, when: kind == 'bb'}, {id: f, when: sit == 'x'}]\n",
        wording=clause("kin == 'a'", '"{{ sitee }}"', source="{bok: p}"),
    )
    assert sorted(finding.code for finding in found) == ["T402"] * 4 + ["T404", "T405", "T405", "T407"]
    hints = [finding.hint for finding in found if finding.hint]
    assert 'did you mean "kind"?' in hints
    assert 'did you mean "site"?' in hints
    assert 'did you mean "book"?' in hints
    assert all(finding.place.line for finding in found)


def test_the_header_s_form_is_checked_too(templates: Templates) -> None:
    from reportgen.findings import FindingsError
    from reportgen.protocols.load import load_header

    path = templates.folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    broken = text.replace(
        "{id: mrn, kind: text,", "{id: mrn, kind: text, chapter: gross, applies_when: nothing == 'a',"
    )
    assert broken != text
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        load_header()
    found = [(finding.code, finding.path) for finding in caught.value.findings]
    assert sorted(found) == [("T401", "patient.mrn"), ("T402", "patient.mrn")]


def test_an_element_that_stands_in_two_sections_is_named_with_both_places(templates: Templates) -> None:
    extra = "\n  - id: second\n    title: Second\n    elements:\n"
    extra += "      - {id: site, kind: text, title: Size of the scar, source: {book: p}}\n"
    templates.write("- {id: a, kind: text, title: A, source: {book: p}}")
    path = templates.folder / "protocols" / "toy" / "protocol.yaml"
    path.write_text(templates.text + extra, encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy")
    (finding,) = caught.value.findings
    assert (finding.code, finding.path) == ("T404", "site")
    assert finding.place.line == len((templates.text + extra).splitlines())
    assert "protocols/toy/protocol.yaml:10:" in finding.message


def test_one_follow_up_id_under_two_answers_is_named(templates: Templates) -> None:
    (finding,) = templates.refused("""\
- id: edge
  kind: choice
  title: Edge
  source: {book: p}
  choices:
    - {id: uninvolved, followups: [{id: distance, kind: quantity, title: Distance, unit: mm}]}
    - {id: involved, followups: [{id: distance, kind: text, title: Distance}]}
""")
    assert (finding.code, finding.path) == ("T404", "edge.distance")
    assert "under" in finding.step


@pytest.mark.parametrize(
    ("elements", "wording"),
    [
        ('- {id: size, kind: quantity, title: Size, unit: "", source: {book: p}}', WORDING),
        ('- {id: size, kind: quantity, title: Size, unit: " ", source: {book: p}}', WORDING),
        ("", WORDING.replace("when: site is answered", 'when: ""', 1)),
        ("", WORDING.replace("when: site is answered", 'when: " "', 1)),
    ],
)
def test_what_says_nothing_is_refused(elements: str, wording: str, templates: Templates) -> None:
    assert {finding.code for finding in templates.refused(elements, wording=wording)} == {"T401"}


def test_a_folder_is_named_after_its_protocol(templates: Templates) -> None:
    templates.write("")
    (templates.folder / "protocols" / "toy").rename(templates.folder / "protocols" / "zz")
    with pytest.raises(FindingsError, match="T401"):
        load_protocol("zz")
