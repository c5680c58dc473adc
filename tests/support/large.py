"""A made form as large as real ones, for time."""

from __future__ import annotations

KINDS = 6


def large_form(questions: int) -> tuple[str, str]:
    """Elements and wording of a protocol of so many questions, each with conditions and sentences of its own."""
    elements, statements = [], []
    for number in range(questions):
        id, before = f"q{number}", f"q{number - 1}"
        rest = "source: {book: p}"
        if number % KINDS == 0:
            elements.append(f"- {{id: {id}, kind: quantity, title: Question {number}, status: core, unit: mm, {rest}}}")
            clauses = [f"{id} < {number}.5", f"{id} >= {number}.5", f"{id} is answered"]
        elif number % KINDS == 1:
            under = f"status: conditional, applies_when: {before} >= 3"
            answers = "choices: [{id: one}, {id: two}, {id: three}]"
            elements.append(f"- {{id: {id}, kind: choice, title: Question {number}, {under}, {answers}, {rest}}}")
            clauses = [f"{id} == 'one' and {before} > 4", f"{id} in ['one', 'two']", f"{id} is answered"]
        else:
            choices = "undetermined: cannot be determined, choices: [{id: absent}, {id: present}, {id: focal}]"
            elements.append(f"- {{id: {id}, kind: choice, title: Question {number}, status: core, {choices}, {rest}}}")
            also = f" and {before} is answered" if number % KINDS > 2 else ""
            clauses = [f"{id} == 'present'{also}", f"{id} in ['absent', 'focal', 'present']", f"{id} is answered"]
        said = "".join(
            f'      - {{id: c{each}, when: "{when}", say: "Sentence {number}, {each}.", {rest}}}\n'
            for each, when in enumerate(clauses)
        )
        statements.append(f"  - id: s{number}\n    title: S{number}\n    clauses:\n{said}")
    return "\n".join(elements) + "\n", "comment:\n" + "".join(statements)
