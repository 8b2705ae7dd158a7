# Everything a person or CI runs here; `make help` lists it.

export PORT ?= 8000
VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The newest Python that is new enough; a shim for a version that is not there answers nothing.
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

.DEFAULT_GOAL := help
.PHONY: help demo test check lint bench peers lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/demo.installed ## find the loops of the built-in demo account, and show them in the browser
	@$(BIN)/loopscope demo

test: $(VENV)/dev.installed ## run the tests (SQLite; PostgreSQL and Redis too where LOOPSCOPE_TEST_*_URL say where)
	@$(BIN)/pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder $(TESTS)

check: lint test ## everything a commit must pass: format, lint, types, arrows, tests

lint: $(VENV)/dev.installed ## the part of check that runs nothing
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/dev.installed ## print how fast it crawls, publishes and draws (after make peers: next to others)
	@$(BIN)/python -m tests.bench

peers: $(VENV)/dev.installed ## install what the benchmarks compare with, which wants other versions than we do
	@$(PYTHON) -m venv $(VENV)/peers
	@$(VENV)/peers/bin/pip --disable-pip-version-check --quiet install --requirement requirements/peers.in

lock: ## renew requirements/*.lock after a change to pyproject.toml (UPGRADE=--upgrade: everything)
	@command -v uv >/dev/null || { echo "make lock needs uv: see https://docs.astral.sh/uv/, or pip install uv." >&2; exit 2; }
	@$(COMPILE) --extra demo --extra dev --output-file requirements/dev.lock
	@$(COMPILE) --extra demo --constraint requirements/dev.lock --output-file requirements/demo.lock

COMPILE = uv pip compile pyproject.toml requirements/build.in $(UPGRADE) --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

clean: ## remove what was installed and what the demo stored (your own data in .loopscope stays)
	@rm -rf $(VENV) .loopscope/demo build *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(VENV)/%.installed: requirements/%.lock pyproject.toml | $(VENV)/made
	@echo "Installing what $< lists into $(VENV) (about a minute, once)."
	@$(PIP) install --no-compile --require-hashes --no-deps --requirement $<
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/made:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Loopscope needs Python 3.11 or newer, which $(or $(PYTHON),python3) is not: install one, or say make PYTHON=/path/to/python3." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) lacks its venv module: install it (on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@
