"""Imports that wait until something in them is called, for libraries that load more than is used of them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import cast


@contextlib.contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Let imports of these modules wait. What is called all the same is the real thing, imported then."""
    stand_ins = {name: _stand_in(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


class _Deferred:
    """A name of a module that waits; the module is imported when the name is called or looked into."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def _real(self) -> Callable[..., object]:
        return cast(Callable[..., object], getattr(import_module(self._module), self._name))

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self._real()(*args, **kwargs)

    def __getattr__(self, name: str) -> object:
        return cast(object, getattr(self._real(), name))


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name)
    module.__dict__["__getattr__"] = partial(_Deferred, name)
    return module
