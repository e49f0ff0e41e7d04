# A fresh checkout needs no more than `make plan` and `make test`; both make the environment in .venv themselves.

DEAL ?= deals/ukraine-us
OUT ?= out/$(notdir $(DEAL))
PYTHON ?=

venv := .venv
python := $(venv)/bin/python
install := $(python) -m pip install --quiet --disable-pip-version-check
sources := $(shell find src -name '*.py')
wide = $(shell grep -rl --include='test_*.py' 'from tests.width import' tests)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help plan test check oracles bench docs pins clean

help:
	@echo "make plan    plan the deal of $(DEAL) and write the report to $(OUT)"
	@echo "make test    run every check and test"
	@echo "make oracles try every made-up deal of the widest oracles"
	@echo "make bench   measure speed and memory, compare with a second formulation"
	@echo "make docs    renew the generated pages of docs/"
	@echo "make pins    renew the pinned requirements"
	@echo "make clean   remove what the other targets made"
	@echo "Choose another deal with: make plan DEAL=path/to/deal OUT=path/to/output"

plan: $(venv)/.compiled
	@$(python) -m dronedeal plan $(DEAL) --out $(OUT) --overwrite

test: $(venv)/.test
	@scripts/check

oracles: $(venv)/.test
	@DRONEDEAL_WIDE=1 $(python) -m pytest --numprocesses 2 tests/oracles $(wide)

bench: $(venv)/.bench
	@$(python) -m benchmarks.run

docs: $(venv)/.run
	@$(python) scripts/make_docs.py

pins:
	@scripts/pin

clean:
	rm -rf $(venv) build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks scripts -name __pycache__ -prune -exec rm -rf {} +

$(venv)/.made: scripts/find-python
	@interpreter=$$(PYTHON="$(PYTHON)" scripts/find-python) && \
	echo "making the environment in $(venv) with $$interpreter" && \
	"$$interpreter" -m venv --clear $(venv)
	@touch $@

$(venv)/.run: $(venv)/.made requirements/run.txt requirements/build.txt pyproject.toml
	@echo "installing the pinned requirements (some minutes the first time)"
	@$(install) --requirement requirements/run.txt --requirement requirements/build.txt
	@$(install) --no-deps --no-build-isolation --editable .
	@touch $@

# Compiled beforehand, so that start-up is fast even where the environment forbids Python to write bytecode.
$(venv)/.compiled: $(venv)/.run $(sources)
	@$(python) -m compileall -q src
	@touch $@

$(venv)/.test: $(venv)/.compiled requirements/test.txt
	@$(install) --requirement requirements/test.txt
	@touch $@

$(venv)/.bench: $(venv)/.compiled requirements/bench.txt
	@$(install) --requirement requirements/bench.txt
	@touch $@
