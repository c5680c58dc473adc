"""The one Jinja2 environment: strict, immutable, and blind to everything but plain data.

Templates see mappings, tuples and strings. Attribute access reaches mapping keys; Python attributes and methods do not
exist here, so there is nothing to escape through. Filters, tests and globals are allow-lists.

Source: threats 1, 2, 4 and 9 of the project's threat list; CVE-2024-56326, CVE-2024-56201, CVE-2025-27516.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, TemplateRuntimeError, nodes
from jinja2 import Template as Template
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

_KEPT_FILTERS = ("e", "escape", "first", "join", "last", "length", "lower", "upper", "trim")
_KEPT_TESTS = ("eq", "ne", "equalto", "in", "string", "mapping", "sequence")
_LOOP = frozenset({"index", "index0", "first", "last", "length"})


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which `a.b` means "key b of a" and nothing else."""

    intercepted_binops = frozenset({"*", "**", "%", "//", "/", "+", "-"})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Refuse `{% autoescape %}`: whether a target has markup is not for its template to say."""
        tree = super()._parse(source, name, filename)
        if tree.find(nodes.ScopedEvalContextModifier):
            raise SecurityError("'autoescape' is not offered in templates")
        return tree

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Refuse slices, and constants without words: Jinja prints those without asking `_finalize`."""
        if source.find(nodes.Slice):
            raise SecurityError("slices are not offered in templates: a part of a list could pass for the whole")
        for printed in (child for output in source.find_all(nodes.Output) for child in output.nodes):
            constant = isinstance(printed, nodes.Const) and type(printed.value) not in (str, int)
            if constant or isinstance(printed, nodes.Tuple | nodes.List | nodes.Dict):
                raise SecurityError("only text and numbers can be printed")
        return super()._generate(source, name, filename, defer_init)

    def getattr(self, obj: object, attribute: str) -> object:
        """Key or loop counter; anything else is undefined, and so an error when used."""
        return self._look_up(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """As `getattr`, and a position in a tuple."""
        if isinstance(obj, tuple) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined("no such position")
        if not isinstance(argument, str):
            raise SecurityError("only names and positions can be looked up")
        return self._look_up(obj, argument)

    def _look_up(self, obj: object, name: str) -> object:
        if isinstance(obj, Mapping) and name in obj:
            return obj[name]
        if isinstance(obj, LoopContext) and name in _LOOP:
            return getattr(obj, name)
        if isinstance(obj, Undefined):
            return obj
        if name.startswith("_"):
            raise SecurityError(f"access to '{name}' is not allowed")
        return self.undefined(f"there is no '{name}' here")

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Arithmetic is refused: templates arrange words, they do not calculate."""
        raise SecurityError(f"'{operator}' is not offered in templates")

    def is_safe_callable(self, obj: object) -> bool:
        """Only macros of the template itself may be called."""
        return type(obj).__name__ == "Macro"


def _finalize(value: object) -> object:
    """Refuse to print what has no wording of its own: a missing value must never come out as a word."""
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()  # names what there is not
    if value is None or isinstance(value, bool | float) or callable(value):
        raise TemplateRuntimeError(f"a {type(value).__name__} has no words; name what should be printed")
    if not isinstance(value, str | int | Decimal) and not hasattr(value, "__html__"):
        raise TemplateRuntimeError("only text and numbers can be printed")
    return value


class Made(str):
    """Markup of our own making, which goes into a template as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


class FolderLoader(BaseLoader):
    """Templates of one folder, by plain name; never a path out of it, never through a symlink."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Read a template of the folder, or raise `TemplateNotFound`."""
        path = self.folder / template
        inside = path.resolve() == path and path.is_relative_to(self.folder)
        if not inside or not path.is_file():
            raise TemplateNotFound(template)
        return path.read_text(encoding="utf-8"), str(path), lambda: True


def environment(*, escape: bool, loader: BaseLoader | None = None) -> Sandbox:
    """The environment for one target; `escape` is on for every target that has markup.

    Without a loader only strings can be compiled.
    """
    made = Sandbox(
        autoescape=escape,
        undefined=StrictUndefined,
        finalize=_finalize,
        loader=loader,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters = {name: made.filters[name] for name in _KEPT_FILTERS}
    made.tests = {name: made.tests[name] for name in _KEPT_TESTS}
    made.globals.clear()
    return made
