# Each command makes its own .venv when it is missing or older than the lock it is made from.
.PHONY: demo test test-long test-examples test-all lint format bench chaos screenshot lock clean
PYTHON ?= python3
BIN := .venv/bin
# One process more than cores: a test often waits, for a server or a disk.
ON_ALL_CORES := $(BIN)/pytest --numprocesses 3 --dist worksteal

demo: .venv/installed
	$(BIN)/pledge demo

# Where a machine forbids Python to keep what it has compiled, each process that a test starts would do it again.
test test-long test-examples: export PYTHONDONTWRITEBYTECODE =
test: .venv/installed-dev
	$(ON_ALL_CORES)

# What is left out above for its time: every variant of a test or page, and the short forms of chaos.
test-long: .venv/installed-dev
	$(ON_ALL_CORES) -m "long and not hypothesis and not chaos"

# Each property on many more examples.
test-examples: .venv/installed-dev
	$(ON_ALL_CORES) -m "hypothesis and not chaos" --hypothesis-profile long

test-all: test test-long test-examples

lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/installed-dev
	$(BIN)/python tests/benchmarks/bench_night.py
	$(BIN)/python tests/benchmarks/bench_import.py
	$(BIN)/python tests/benchmarks/bench_rights.py
	$(BIN)/python tests/benchmarks/bench_pack.py

chaos: .venv/installed-dev
	$(BIN)/pytest -m chaos -s --timeout 3600

screenshot: .venv/installed-dev
	$(BIN)/pledge demo --responses 3300
	$(BIN)/python tests/browser/screenshot.py pledge-data/demo/reports/*.html docs/pack.png

lock: .venv/installed-dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --group install -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --group install --group dev -o requirements-dev.lock

clean:
	rm -rf .venv

# uv, itself pinned, installs in seconds what takes pip minutes; where it can't, pip does it.
.venv/bin/uv: requirements-uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements-uv.lock

.venv/installed: requirements.lock pyproject.toml .venv/bin/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock \
	  || $(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/installed-dev: requirements-dev.lock pyproject.toml .venv/bin/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock \
	  || $(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@ .venv/installed
