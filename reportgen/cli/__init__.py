"""The command line: one file per command, parsing only."""

import gc
import os

# Starting up makes some hundred thousand objects that all stay; to look through them again and again is waste.
gc.set_threshold(200_000, 50, 100)
# To find plugins, pydantic reads what every installed package says of itself; none may change what a case means.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
