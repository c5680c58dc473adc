"""Which fragment each part of a protocol came from."""

from __future__ import annotations

from reportgen.protocols.addresses import addresses
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.files import fragment_of
from reportgen.reading.source import place_at


def fragments_in(made: Compiled, space: str, key: str = "id") -> dict[str, str]:
    """Address → fragment, for what fragments bring to a protocol.

    Args:
        made: the protocol.
        space: the namespace of the addresses: elements, wording, advisories.
        key: what of each thing must be the fragment's: its `id`, or the words that a protocol may have changed.
    """
    source = made.source
    things = addresses(source)[space].items()
    files = {address: place_at(source, (*thing.path, key)).file for address, thing in things}
    return {address: fragment for address, file in files.items() if (fragment := fragment_of(file))}
