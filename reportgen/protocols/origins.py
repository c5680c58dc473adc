"""Which fragment each part of a protocol came from."""

from __future__ import annotations

from reportgen.protocols.addresses import addresses
from reportgen.protocols.files import fragment_of
from reportgen.reading.source import Mapping, place_at


def fragments_in(source: Mapping, space: str, key: str = "id") -> dict[str, str]:
    """Address → fragment, for what fragments bring to a protocol.

    Args:
        source: the protocol with its fragments, as `read_protocol` gives it.
        space: the namespace of the addresses: elements, wording, advisories.
        key: what of each thing must be the fragment's: its `id`, or the words that a protocol may have changed.
    """
    files = {address: place_at(source, (*thing.path, key)).file for address, thing in addresses(source)[space].items()}
    return {address: fragment for address, file in files.items() if (fragment := fragment_of(file))}
