"""The command line: one file per command, parsing only."""

import gc
import os
import sys
from types import ModuleType

# Starting up makes some hundred thousand objects that all stay; to look through them again and again is waste.
gc.set_threshold(200_000, 50, 100)
# To find plugins, pydantic reads what every installed package says of itself; none may change what a case means.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# It would still load all that it finds them with (e-mail, sockets, archives): half of what typer's options take.
_no_plugins = ModuleType("pydantic.plugin._loader")
vars(_no_plugins)["get_plugins"] = tuple
sys.modules.setdefault(_no_plugins.__name__, _no_plugins)
