"""The house: imports run downwards only, files and functions stay small, no medicine and no printing in it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "reportgen"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_templates" not in path.parts)
FLOORS = {
    "__init__": -1, "release": -2, "findings": 0, "units": 0, "machine": 0, "child": 0, "clock": 1, "files": 1,
    "reading": 1, "template_files": 1, "system": 1, "finding_groups": 1, "sandbox": 2, "contained": 2, "laboratory": 3,
    "prose": 4, "language": 5, "protocols": 6, "cases": 7, "tables": 8, "assessment": 9, "reports": 10,
    "formats": 11, "pipeline": 12, "batch": 13, "invented": 13, "lint": 13, "proofs": 13, "scenarios": 13, "sdc": 13,
    "sheets": 14, "synth": 14, "profiles": 14, "web": 15, "cli": 16, "__main__": 17,
}  # fmt: skip
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
# Modules whose tests have another name than theirs.
TESTED_IN = {
    "profiles/documents": "profiles/test_printout.py",
    "prose/model": "prose/test_load.py",
    "lint/docx_rows": "lint/test_read.py",
    "lint/entries": "lint/test_judge.py",
    "lint/pdf_rows": "lint/test_read.py",
    "lint/required": "lint/test_judge.py",
    "lint/rows": "lint/test_read.py",
    "lint/text_rows": "lint/test_read.py",
    "sdc/model": "sdc/test_form.py",
    "proofs/boundaries": "proofs/test_prove.py",
    "proofs/judgements": "proofs/test_prove.py",
    "proofs/logic": "proofs/test_prove.py",
    "proofs/questions": "proofs/test_prove.py",
    "proofs/tried": "proofs/test_witness.py",
    "protocols/proof/admitted": "protocols/proof/test_scope.py",
    "protocols/proof/answers": "protocols/proof/test_scope.py",
    "protocols/proof/conditions": "protocols/proof/test_scope.py",
    "protocols/proof/header": "protocols/proof/test_scope.py",
    "protocols/proof/readings": "protocols/proof/test_scope.py",
    "protocols/proof/statements": "protocols/proof/test_scope.py",
    "sheets/codecs": "sheets/test_read.py",
    "sheets/kinds": "sheets/test_protocol_files.py",
    "sheets/lines": "sheets/test_protocol_files.py",
    "sheets/tree": "sheets/test_read.py",
    "tables/xlsx_writing": "sheets/test_write.py",
    "web/__init__": "web/test_app.py",
    "web/cases": "web/test_app.py",
    "web/views": "web/test_app.py",
    "__init__": "test_architecture.py",
    "__main__": "cli",
    "language/compiler": "language/test_conditions.py",
    "reading/source": "reading/test_source.py",
    "release": "test_clock.py",
    "reading/model_schema": "protocols/test_file_schema.py",
    "scenarios/model": "scenarios/test_read.py",
    "scenarios/schema": "protocols/test_file_schema.py",
    "scenarios/said": "scenarios/test_run.py",
    "reports/load_labels": "reports/test_labels.py",
    "formats/__init__": "formats/test_registry.py",
    "formats/layout": "formats/test_registry.py",
    "formats/pdf_weasyprint": "formats/test_pdf.py",
    "formats/pdf_weasyprint_page": "formats/test_pdf.py",
    "formats/scratch": "formats/test_fonts.py",
    "formats/docx_archive": "formats/test_docx_door.py",
    "formats/docx_pieces": "formats/test_docx.py",
    "formats/word": "formats/test_docx_template.py",
    "formats/design": "formats/test_registry.py",
    "cli/__init__": "cli",
    "laboratory/shape": "laboratory/test_read.py",
    "protocols/files": "protocols/test_load.py",
    "protocols/checks/changes": "protocols/checks/test_safeguards.py",
    "batch/model": "batch/test_run.py",
    "batch/cluster_worker": "batch/test_cluster.py",
    "batch/final_files": "batch/test_nights.py",
    "batch/compare_folder": "batch/test_nights.py",
    "cli/batch": "batch/test_run.py",
    "cli/options": "cli/test_render.py",
}
HEAVY = ("docx", "weasyprint", "lxml", "PIL", "pydyf", "fontTools", "pydantic", "jinja2", "yaml", "rich.progress")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def top(dotted: str) -> str:
    """`reportgen.cases.model` → `cases`; the package itself, or a name that it defines, → `__init__`."""
    _, *parts = dotted.split(".")
    return parts[0] if len(parts) > 1 or set(parts) & FLOORS.keys() else "__init__"


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE).with_suffix(""))


@cache
def imported(path: Path) -> tuple[tuple[int, str], ...]:
    """All imports of the package's own modules: at the top of the file, in functions and for types only.

    Each is a line number and a dotted name. A name imported from a module follows that module, as in
    `reportgen.cases.model.Case`.
    """
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return tuple((line, name) for line, name in found if name.split(".")[0] == "reportgen")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """The folders and the top-level modules of the package that a file imports, each with its line number."""
    yield from ((line, top(name)) for line, name in imported(path))


def test_enough_is_seen() -> None:
    assert len(MODULES) >= 40
    assert sum(len(list(imports(path))) for path in MODULES) >= 150
    assert {name_of(path).split("/")[0] for path in MODULES} <= FLOORS.keys()


@pytest.mark.parametrize("path", [path for path in MODULES if path != PACKAGE / "__init__.py"], ids=name_of)
def test_imports_run_downwards(path: Path) -> None:
    own = name_of(path).split("/")[0]
    for line, other in imports(path):
        allowed = FLOORS[other] < FLOORS[own] or other == own
        assert allowed, f"{path.relative_to(CHECKOUT)}:{line}: {own} may not import {other}"


def module_of(name: str, known: frozenset[str]) -> str:
    """The module that an imported name is, or is defined in."""
    return name if name in known else name.rpartition(".")[0]


def graph(package: Path) -> dict[str, set[str]]:
    """Each module with the modules that it imports, in whatever place and for whatever purpose."""
    dotted = {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in package.rglob("*.py")
        if "_templates" not in path.parts
    }
    known = frozenset(dotted)
    return {name: {module_of(each, known) for _, each in imported(path)} for name, path in dotted.items()}


def circle(found: dict[str, set[str]]) -> tuple[str, ...]:
    """The modules of one import circle; none where there is no circle."""
    sorter = TopologicalSorter(found)
    try:
        sorter.prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()


def test_no_modules_import_each_other_in_a_circle() -> None:
    found = graph(PACKAGE)
    assert sum(map(len, found.values())) > 800
    assert circle(found) == ()


def test_a_circle_inside_a_folder_would_be_seen(tmp_path: Path) -> None:
    package = tmp_path / "reportgen"
    (package / "inner").mkdir(parents=True)
    for name in ("__init__", "inner/__init__"):
        (package / f"{name}.py").write_text("", encoding="utf-8")
    (package / "inner/one.py").write_text("def f():\n    from reportgen.inner import two\n", encoding="utf-8")
    (package / "inner/two.py").write_text("from reportgen.inner.one import f\n", encoding="utf-8")
    assert set(circle(graph(package))) == {"reportgen.inner.one", "reportgen.inner.two"}


def test_the_package_itself_imports_its_public_names_for_types_only() -> None:
    """`reportgen/__init__.py` is the ground that all stand on (the version) and the door to what stands on top."""
    statements = tree(PACKAGE / "__init__.py").body
    at_run_time = [node for node in statements if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {node.module for node in at_run_time if isinstance(node, ast.ImportFrom)} == {
        "__future__",
        "importlib",
        "typing",
        "reportgen.release",
    }
    assert {name for _, name in imports(PACKAGE / "__init__.py")} <= {"findings", "pipeline", "release"}


def test_nothing_but_the_command_line_imports_the_files_of_invented_cases() -> None:
    users = {name_of(path).split("/")[0] for path in MODULES for _, other in imports(path) if other == "synth"}
    assert users - {"synth"} == {"cli"}


def test_an_upward_import_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from reportgen.cases.model import Case\n"
        "def f():\n    import reportgen.pipeline\n    from reportgen import files, __version__\n",
        encoding="utf-8",
    )
    assert [name for _, name in imports(path)] == ["cases", "pipeline", "files", "__init__"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_an_error_of_a_type_is_passed_over_for_a_reason_that_is_written_beside_it() -> None:
    ignored = [
        line for path in MODULES for line in path.read_text(encoding="utf-8").splitlines() if "# type: ignore" in line
    ]
    assert ignored
    assert [line for line in ignored if not re.search(r"# type: ignore\[[\w, -]+\]  # \w", line)] == []


def lengths(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_too_long() -> None:
    found = [(name_of(path), name, length) for path in MODULES for name, length in lengths(path)]
    assert len(found) >= 300
    assert [each for each in found if each[2] > LONGEST_FUNCTION] == []


def test_tests_keep_the_same_sizes() -> None:
    files = [path for path in (CHECKOUT / "tests").rglob("*.py") if "_templates" not in path.parts]
    assert len(files) >= 40
    assert [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE] == []
    assert [(path.name, name) for path in files for name, length in lengths(path) if length > LONGEST_FUNCTION] == []


def test_the_pages_of_the_desk_keep_the_same_sizes() -> None:
    files = [path for kind in ("js", "css", "html") for path in (CHECKOUT / "reportgen/web").rglob(f"*.{kind}")]
    assert len(files) >= 25
    own = [path for path in files if path.name != "htmx.min.js"]
    assert [path.name for path in own if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE] == []


def test_each_module_has_a_test_file_that_mirrors_it() -> None:
    missing = []
    for path in MODULES:
        name = name_of(path)
        wanted = TESTED_IN.get(name)
        if wanted is None and path.name == "__init__.py" and len(path.read_text(encoding="utf-8").splitlines()) < 10:
            continue  # a folder's purpose and nothing else
        folder, _, module = name.rpartition("/")
        file = wanted or str(Path(folder) / f"test_{module}.py")
        if not (CHECKOUT / "tests" / file).exists():
            missing.append(f"{name}: tests/{file}")
    assert missing == []


DIAGNOSES = re.compile(
    r"smooth muscle|leiomyosarcoma|melanoma|desmin|atypical|neoplasm|carcinoma|biopsy|aismn", re.IGNORECASE
)
IN_PASSING = {"biopsy", "aismn"}  # examples in documentation texts


def test_python_knows_no_diagnosis() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        found = {word.lower() for word in DIAGNOSES.findall(text)}
        assert found <= IN_PASSING, f"{name_of(path)} names {found}"
        strings = {
            word.lower()
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            for word in DIAGNOSES.findall(node.value)
            if not is_documentation(node, text)
        }
        assert not strings, f"{name_of(path)} says {strings}"


def is_documentation(node: ast.Constant, text: str) -> bool:
    """Whether a text is a docstring or an attribute's description: it stands alone on its lines."""
    line = text.splitlines()[node.lineno - 1].lstrip()
    return line.startswith(('"""', "'''"))


def test_there_is_something_to_find() -> None:
    assert DIAGNOSES.search("Smooth Muscle")
    wording = (CHECKOUT / "templates" / "protocols" / "aismn" / "wording.yaml").read_text(encoding="utf-8")
    assert len(DIAGNOSES.findall(wording)) > 10


def test_nothing_prints_past_the_one_printer() -> None:
    calls = [
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "input", "breakpoint")
    ]
    assert calls == []


def test_no_clock_and_no_environment_between_validate_and_lay_out() -> None:
    """Steps 3 to 6 take time and surroundings as values, so that the same input gives the same bytes."""
    forbidden = re.compile(r"\b(datetime\.now|date\.today|time\.time|utcnow|os\.environ|getenv|getpass|gethostname)\b")
    folders = ("protocols", "cases", "assessment", "reports", "formats", "pipeline")
    seen = 0
    for path in MODULES:
        if name_of(path).split("/")[0] in folders:
            seen += 1
            assert not forbidden.search(path.read_text(encoding="utf-8")), name_of(path)
    assert seen >= 30


def loaded_after(code: str) -> set[str]:
    """The top modules that are loaded after running `code` in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sorted(sys.modules))"],
        capture_output=True, text=True, check=True, cwd=CHECKOUT, timeout=60,
    )  # fmt: skip
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_after("import reportgen, reportgen.cli.app")
    assert "reportgen.cli.app" in loaded
    assert loaded & set(HEAVY) == set()
    assert {name for name in loaded if name.startswith("reportgen.")} <= {
        "reportgen.cli", "reportgen.cli.app", "reportgen.findings", "reportgen.release",
    } | {name for name in loaded if name.startswith("reportgen.cli.")}  # fmt: skip


def test_a_command_loads_little_that_it_does_not_need() -> None:
    """What takes long to load and says nothing of a case without a profile."""
    code = (
        "import sys\nfrom reportgen.cli.app import main\n"
        "sys.argv = ['reportgen', 'check', 'samples/shave-biopsy.yaml']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
    )
    loaded = loaded_after(code)
    assert {"reportgen.cli.check", "reportgen.cases.validate", "pydantic.main", "typer.main"} <= loaded
    others = {"rich", "jinja2", "openpyxl"}
    own = {"laboratory/read", "laboratory/shape", "tables/table", "protocols/checks/protocol", "formats/html"}
    assert own < {name_of(path) for path in MODULES}
    assert loaded & (others | {f"reportgen.{name.replace('/', '.')}" for name in own}) == set()
