# Every target first prepares the private .venv (tools/setup.sh), so a fresh clone needs only git, make and python3.
PYTHON ?= python3
UV ?= uv
export PYTHON
# A caller's Python paths could bring unlocked packages into .venv. And the suite starts Python a thousand times; without
# bytecode, each start would compile the package again.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:
.PHONY: demo quick test check long bare bench screenshots lock clean

render_demo = .venv/bin/reportgen render samples/shave-biopsy.yaml -o build/demo --overwrite
# If the PDF engine is missing (exit 3), the DOCX is still made, and the exit status is still 3.
demo:
	@sh tools/setup.sh runtime
	@rm -rf build/demo
	@status=0; $(render_demo) --format docx,pdf || status=$$?; \
	if [ $$status -eq 3 ]; then $(render_demo) --format docx; fi; \
	if [ -d build/demo ]; then printf '\nThe demo report (an invented patient) is here:\n'; ls build/demo/*; fi; \
	exit $$status

# At most a minute on two cores; the last lines say what was left out.
quick:
	@sh tools/setup.sh dev
	@.venv/bin/python tools/quick.py

# pytest stays the last command: its closing line is the last thing printed.
# The tests of a fresh clone are compiled once before; else each of its processes would compile them all.
test: check
	@[ -d tests/__pycache__ ] || .venv/bin/python -m pytest --collect-only -qq >/dev/null || true
	@.venv/bin/python -m pytest -n auto --dist loadscope --no-loadscope-reorder

check:
	@sh tools/setup.sh dev
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

long:
	@sh tools/setup.sh dev
	@HYPOTHESIS_PROFILE=long .venv/bin/python -m pytest -n auto --dist loadscope --no-loadscope-reorder

# Run `make demo` and `make test` on a bare Debian in a chroot: make bare SUITE=bookworm, make bare SUITE=trixie (needs root)
SUITE ?= bookworm trixie
bare:
	@for suite in $(SUITE); do echo "== $$suite"; sh tools/bare_debian.sh $$suite || exit 1; done

# All figures of docs/performance; LONG=1 adds 200,000 checked rows, 100,000 and 10,000 rendered cases: half an hour more
bench:
	@sh tools/setup.sh dev
	@.venv/bin/python benchmarks/run.py; status=$$?; \
	.venv/bin/python benchmarks/batches.py $(if $(LONG),--long) || status=$$?; \
	.venv/bin/python benchmarks/profiles.py || status=$$?; .venv/bin/python benchmarks/desk.py || status=$$?; \
	.venv/bin/python benchmarks/cluster.py $(if $(LONG),--sizes 1000 20000 --long 10000) && exit $$status

screenshots:
	@sh tools/setup.sh dev
	@.venv/bin/python tools/screenshots.py

# The only target that needs another tool (uv). dev uses the versions of runtime, so users and tests run the same code.
# To upgrade: make lock LOCK_FLAGS=--upgrade
lock_command = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --only-binary :all: --custom-compile-command 'make lock' $(LOCK_FLAGS)
lock:
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: python3 -m pip install uv'; exit 1; }
	@$(lock_command) pyproject.toml --output-file requirements/runtime.txt
	@$(lock_command) --group build --constraints requirements/runtime.txt --output-file requirements/build.txt
	@$(lock_command) pyproject.toml --group dev --constraints requirements/runtime.txt --constraints requirements/build.txt \
		--output-file requirements/dev.txt

clean:
	@rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
