"""Addresses: everything in the shipped protocols that a laboratory may change has exactly one."""

from __future__ import annotations

import pytest

from reportgen.protocols.addresses import FIELDS, AddressKind, addresses, id_of
from reportgen.protocols.load import load_protocol, protocol_ids, read_protocol
from reportgen.protocols.macros import asks_macro
from reportgen.reading.readers import read_text
from reportgen.reading.source import Mapping, node_at


@pytest.mark.parametrize("id", protocol_ids())
def test_each_address_leads_to_the_thing_of_that_id(id: str) -> None:
    protocol = read_protocol(id)
    seen = 0
    for space, known in addresses(protocol).items():
        for address, thing in known.items():
            node = node_at(protocol, thing.path)
            if thing.kind not in (
                AddressKind.statements,
                AddressKind.advisories,
                AddressKind.facts,
                AddressKind.macros,
                AddressKind.sections,
                AddressKind.remark,
            ):
                seen += 1
                assert isinstance(node, Mapping)
                assert id_of(node) == address.split(".")[-1], (space, address)
    assert seen >= 15


@pytest.mark.parametrize("id", protocol_ids())
def test_every_clause_element_and_advisory_has_one(id: str) -> None:
    made, known = load_protocol(id), addresses(read_protocol(id))
    clauses = [
        f"{part}.{statement.id}.{clause.id}"
        for part in ("terms", "diagnosis", "comment")
        for statement in getattr(made.protocol.wording, part)
        for clause in statement.clauses
    ]
    assert set(clauses) <= known["wording"].keys()
    asked = {path: slot for path, slot in made.slots.items() if not asks_macro(slot)}  # whose list has an address
    plain = {path for path, slot in asked.items() if not slot.panel or not slot.parent}
    assert {path for path in plain if not path.startswith("stains.other")} <= known["elements"].keys()
    assert {advisory.id for advisory in made.protocol.advisories} <= known["advisories"].keys()
    assert {each.id for each in made.protocol.thresholds} == set(known["thresholds"])


def test_every_kind_says_what_may_be_changed_of_it() -> None:
    assert FIELDS.keys() == set(AddressKind)
    assert "gap" not in FIELDS[AddressKind.clause]
    assert "applies_when" not in FIELDS[AddressKind.element]


def test_the_id_of_what_has_none_is_empty() -> None:
    assert id_of(read_text("a: b", name="x")) == ""
    assert id_of(read_text("id: [b]", name="x")) == ""
    assert id_of(read_text("id: b", name="x")) == "b"
