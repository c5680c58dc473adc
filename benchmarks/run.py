"""Measure what a user waits for, side by side in one run: `make bench`.

Everything is measured in turns (A B C A B C …), so that a busy moment of the machine hits all alike; medians are given,
of times and of the ratios within each round.
The table is printed and written to docs/performance/commands.md. Ends with 1 where a goal was missed.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import peers
from measuring import Row, bars, in_turns, ratio, table

from reportgen import formats
from reportgen.formats import html
from reportgen.formats.layout import load_layout
from reportgen.pipeline import compose, load

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLES = sorted(path for path in (CHECKOUT / "samples").glob("*.yaml") if path.stem != "q2-metastatic")
CASE = CHECKOUT / "samples" / "shave-biopsy.yaml"
PROGRAM = "from reportgen.cli.app import main; main()"
ENGINES = ("weasyprint", "typst", "docx", "lxml", "fontTools")
BARE = """
import sys
from pathlib import Path
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
folder = Path(sys.argv[1])
fonts = FontConfiguration()
sheet = CSS(string=(folder / "page.css").read_text(encoding="utf-8"), font_config=fonts)
page = HTML(string=(folder / "page.html").read_text(encoding="utf-8"))
page.write_pdf(folder / "bare.pdf", stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
"""


def process(*words: str | Path) -> Callable[[], object]:
    """Python in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, *map(str, words)]
    return lambda: subprocess.run(command, env=environment, check=True, capture_output=True)


def lay_bare(folder: Path) -> None:
    """Write the very page, style sheet and script that a bare use of WeasyPrint would start from."""
    report, design = compose(CASE), load_layout()
    (folder / "page.html").write_text(html.page(report, (), "pdf", design), encoding="utf-8")
    (folder / "page.css").write_text("\n".join(html.styles(report, design, "pdf", peers.typefaces())), encoding="utf-8")
    (folder / "bare.py").write_text(BARE, encoding="utf-8")


def whole_runs(folder: Path, rounds: int) -> list[Row]:
    """What a command takes from start to end."""
    lay_bare(folder)
    # Installers compile what they install, WeasyPrint too; a process that may write no bytecode would not catch up.
    compileall.compile_dir(CHECKOUT / "reportgen", quiet=1)
    output = ("--output", folder, "--overwrite")
    tasks = {
        "python": process("-c", "pass"),
        "help": process("-c", PROGRAM, "--help"),
        "check": process("-c", PROGRAM, "check", CASE),
        "pdf": process("-c", PROGRAM, "render", CASE, "--format", "pdf", *output),
        "bare": process(folder / "bare.py", folder),
        "docx": process("-c", PROGRAM, "render", CASE, "--format", "docx", *output),
        "all": process("-c", PROGRAM, "render", CASE, "--format", "docx,pdf,html,txt", *output),
    }
    times = in_turns(tasks, rounds)
    took = {name: statistics.median(each) for name, each in times.items()}
    rows = [Row("`python -c pass`", took["python"])]
    for name, command in (("help", "--help"), ("check", "check")):
        clean = engines_of(command, *([CASE] if command == "check" else []))
        times_python, goal = ratio(times[name], times["python"]), "loads no engine"
        quick = name != "help" or took[name] <= 250
        goal += " and takes at most 250 ms" if name == "help" else ""
        rows.append(Row(f"`reportgen {command}`", took[name], times_python, "bare Python", goal, not clean and quick))
    times_bare, name = ratio(times["pdf"], times["bare"]), "`reportgen render --format pdf`"
    rows.append(Row("bare script: WeasyPrint, same page, style and fonts", took["bare"]))
    rows.append(Row(name, took["pdf"], times_bare, "bare script", "at most 0.4 ×", times_bare <= 0.4))
    for name, other, against in (("docx", "python", "bare Python"), ("all", "pdf", "PDF alone")):
        title = "`reportgen render --format docx`" if name == "docx" else "`reportgen render` in all four formats"
        rows.append(Row(title, took[name], ratio(times[name], times[other]), against))
    return rows


def engines_of(*words: str | Path) -> list[str]:
    """The engines that a command loads, as Python itself knows them at the end."""
    ask = f"import atexit, sys; atexit.register(lambda: print(set({ENGINES}) & set(sys.modules), file=sys.stderr)); "
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-c", ask + PROGRAM, *map(str, words)]
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stderr
    return [name for name in ENGINES if name in told]


def warm_steps(rounds: int) -> list[Row]:
    """Validate, assess and compose (with resolving, from the cache) a case that was read."""
    sources = {case.stem: load(case) for case in SAMPLES}
    tasks = {name: partial(compose, source) for name, source in sources.items()}
    took = {name: statistics.median(each) for name, each in in_turns(tasks, rounds).items()}
    typical, slowest = statistics.median(took.values()), max(took, key=lambda name: took[name])
    goal = "at most 5 ms"
    return [
        Row("validate, assess, compose: median of the samples", typical, goal=goal, met=typical <= 5),
        Row(f"the slowest of them (`{slowest}`)", took[slowest], goal=goal, met=took[slowest] <= 5),
    ]


def warm_formats(rounds: int) -> list[Row]:
    """Lay out one report, everything loaded."""
    report, design = compose(CASE), load_layout()
    # Typst remembers what it laid out: the same report again would be a false figure, so PDF is measured apart.
    names = [name for name in formats.names() if name != "pdf"]
    tasks = {name: partial(formats.render, report, name, design) for name in names}
    times = in_turns(tasks, rounds)
    return [Row(f"lay out {name}", statistics.median(each)) for name, each in times.items()]


def page(parts: dict[str, list[Row]], rounds: int) -> str:
    """The page for docs/."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    head = (
        "# Speed\n<!-- Made by benchmarks/run.py; do not edit. -->\n\n"
        f"Measured on {machine}, alternating within one run of {rounds} rounds. `make bench` measures again and\n"
        "rewrites this page. All times are elapsed times. Times depend on the machine; ratios hardly do.\n"
    )
    head += "\n![PDF](../images/performance-pdf.svg)\n\n![Word](../images/performance-word.svg)\n"
    return head + "".join(f"\n## {title}\n\n{table(rows)}\n" for title, rows in parts.items())


def main() -> None:
    """Measure, print, write, and end with 1 where a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=15, help="rounds of whole runs (warm steps take ten times as many)"
    )
    parser.add_argument(
        "--output", type=Path, default=CHECKOUT / "docs" / "performance" / "commands.md", help="the page to write"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parts = {
            "Whole commands, from start to end": whole_runs(Path(folder), chosen.rounds),
            "One case, everything loaded": warm_steps(chosen.rounds * 10),
            "One layout, everything loaded": warm_formats(chosen.rounds * 2),
        }
    import documents  # it imports from here

    made = documents.pdf(chosen.rounds * 2)
    parts["One PDF, another report each time"] = [*made, *documents.libreoffice()]
    words = documents.word(chosen.rounds * 8)
    parts["One Word file, another report each time"] = words
    parts["WeasyPrint optimized, step by step"] = documents.weasyprint_steps(chosen.rounds)
    text = page(parts, chosen.rounds)
    chosen.output.write_text(text, encoding="utf-8")
    pictures = CHECKOUT / "docs" / "images"
    pictures.mkdir(exist_ok=True)
    (pictures / "performance-pdf.svg").write_text(bars("One PDF report", made), encoding="utf-8")
    (pictures / "performance-word.svg").write_text(bars("One Word report", words), encoding="utf-8")
    print(text)
    sys.exit(any(row.met is False for rows in parts.values() for row in rows))


if __name__ == "__main__":
    main()
