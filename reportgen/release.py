"""Which release of the program this is."""

VERSION = "0.1.0"
RELEASED = "2026-11-29"  # no clock that lies before this day is right
DISTRIBUTION = "synoptic-reportgen"  # the name to install by; "reportgen" on the package index is somebody else's
