# Everything a person or a pipeline does with this checkout. Needs make and CPython 3.11 or newer, nothing else.

PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JUDGE := $(VENV)/judge
JOBS ?= auto
CHECKOUT ?=
CHECKOV ?=

.PHONY: help demo test check format lint types layers docs mutate mutations judge conformance tried bench pages lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 10

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "ringfence needs CPython 3.11 or newer: none was found; set PYTHON=" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	@touch $(READY)

demo: $(READY) ## prove both platforms as declared, stand one up, try it, take it down
	@$(BIN)/python tools/demo.py

test: $(READY) ## run all tests
	$(BIN)/python -m pytest -n $(JOBS)

check: format lint types layers docs test ## formatting, lint, strict types, layers, documentation, tests

format: $(READY)
	$(BIN)/ruff format --check

lint: $(READY)
	$(BIN)/ruff check

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

docs: $(READY)
	$(BIN)/python -m pytest tests/docs

mutations: $(READY) ## break both platforms while they run: what turns red must be what the table says
	$(BIN)/python -m tools.mutations

mutate: $(READY) ## break every field a pass rests on; CHECKOUT=PATH for a checkout of your own
	$(BIN)/python -m tools.mutate $(CHECKOUT)

$(JUDGE)/.ready: $(READY) tools/judge-requirements.txt
	$(BIN)/python -m venv $(JUDGE)
	$(JUDGE)/bin/python -m pip install --quiet --no-deps -r tools/judge-requirements.txt
	@touch $@

judge: $(JUDGE)/.ready ## let Checkov, an outside judge, see the Terraform of every platform in every world
	@$(BIN)/python -m tools.judge --checkov $(JUDGE)/bin/checkov

conformance: $(READY) ## run Microsoft's own suites of the Key Vault clients against a twin; needs a package index
	@$(BIN)/python -m tools.conformance

tried: $(READY) ## try both platforms and keep the evidence beside their documents
	$(BIN)/python -m tools.tried

bench: $(READY) ## time and memory; CHECKOUT=PATH and CHECKOV=PATH/TO/checkov to compare
	$(BIN)/python -m tools.bench $(if $(CHECKOV),--checkov $(CHECKOV)) $(CHECKOUT)

pages: $(READY) ## write the pages of docs that are made from data
	$(BIN)/python -m tools.pages

lock: $(READY) ## resolve the dependencies anew
	$(BIN)/python tools/lock.py

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
