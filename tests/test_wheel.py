"""The wheel alone, away from the checkout: it carries its templates and runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.cli.program import CHECKOUT, SAMPLES, environment

pytest.importorskip("hatchling", reason="the wheel is built with the locked hatchling")


def call(*command: str | Path, cwd: Path) -> str:
    """Run a command that must succeed, with no way to the checkout by the Python path."""
    clean = {name: value for name, value in environment().items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env={**clean, "PYTHONIOENCODING": "utf-8"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what it is built from, so that nothing is left in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in ("reportgen", "templates"):
        shutil.copytree(CHECKOUT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist", cwd=source)
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and this environment's libraries, but not the checkout."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    quiet = ("--disable-pip-version-check", "--no-input", "-q")
    pip = (sys.executable, "-m", "pip", "--python", python, *quiet)
    call(*pip, "install", "--no-deps", "--no-index", wheel, cwd=home)  # first: pip must not see what is installed there
    (packages,) = (home / "lib").glob("python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home


def test_the_wheel_holds_the_package_and_its_templates_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packaged = {name.removeprefix("reportgen/_templates/") for name in names if "/_templates/" in name}
    ours = {str(path.relative_to(CHECKOUT / "templates")) for path in (CHECKOUT / "templates").rglob("*")}
    assert packaged == {name for name in ours if (CHECKOUT / "templates" / name).is_file()}
    assert len(packaged) >= 10
    assert {name.split("/")[0] for name in names} == {"reportgen", wheel.name.split("-py3")[0] + ".dist-info"}
    assert not [name for name in names if re.search(r"\.(pyc|txt\.swp)$|NOTE|/tests/|samples", name)]
    assert "reportgen/py.typed" in names


def test_the_installed_program_renders_a_case_from_anywhere(installed: Path, tmp_path: Path) -> None:
    program = installed / "bin" / "reportgen"
    shutil.copy(SAMPLES / "shave-biopsy.yaml", tmp_path)
    printed = call(program, "render", "shave-biopsy.yaml", "--format", "docx,pdf,html,txt", cwd=tmp_path)
    assert printed.split() == [f"shave-biopsy.{format}" for format in ("docx", "pdf", "html", "txt")]
    assert "Surface of smooth muscle neoplasm" in (tmp_path / "shave-biopsy.txt").read_text(encoding="utf-8")
    code = "import reportgen, reportgen.template_files as l; print(reportgen.__file__); print(l.folder())"
    places = call(installed / "bin" / "python", "-c", code, cwd=tmp_path).split()
    assert all(Path(place).is_relative_to(installed) for place in places), places


def test_the_installed_doctor_finds_everything(installed: Path, tmp_path: Path) -> None:
    lines = call(installed / "bin" / "reportgen", "doctor", cwd=tmp_path).splitlines()
    assert [line.split(":")[0] for line in lines[1:]] == [
        f"ok       {name}"
        for name in ("libraries", "PDF by Typst", "PDF by WeasyPrint", "fonts", "protocols", "layout")
    ]
