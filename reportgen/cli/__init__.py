"""The command line: one file per command, parsing only."""

import gc

# Starting up makes some hundred thousand objects that all stay; to look through them again and again is waste.
gc.set_threshold(200_000, 50, 100)
