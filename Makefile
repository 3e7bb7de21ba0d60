# Every verb works from a fresh clone by itself, with Python 3.11 or later and nothing else.
# ARGS goes to the program behind the verb: make demo ARGS=--json · make test ARGS="tests/unit -k verdict" · make reset ARGS=--yes

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.PHONY: help up demo test lint bench faults reset lock format
MAKEFLAGS += --no-print-directory

ARGS ?=
# One worker per core, a file of tests stays together; SIDE_BY_SIDE= runs one after the other.
SIDE_BY_SIDE ?= -n auto --dist loadfile
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.installed-to-run
DEVELOPS := $(VENV)/.installed-to-develop
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
SELF = $(INSTALL) --no-deps --no-build-isolation --editable .
SQL = $(wildcard shared/database/migrations/*.sql services/*/migrations/*.sql)
say = @printf '\033[1m▸ %s\033[0m\n' $(1)

help: ## Show the verbs
	@printf 'make VERB [ARGS="…"]\n\n'
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  \1|\2/' | column -t -s '|'

up: $(RUNS) ## Start PostgreSQL, Kafka and the services; Ctrl-C ends all of it, data are kept
	@exec $(BIN)/convergence up $(ARGS)

demo: $(RUNS) ## Play the example requests on the running system, or on one of its own (ARGS=--json)
	@exec $(BIN)/convergence demo $(ARGS)

test: $(DEVELOPS) ## Every test, on a real PostgreSQL and a real Kafka that it starts and ends
	$(call say,'tests: the suite says at its end which servers it had')
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

lint: $(DEVELOPS) ## Style, types, layers, migrations and contracts
	$(call say,'pip check: the locked requirements are those that pyproject.toml asks for')
	@$(BIN)/python -m pip check
	$(call say,'ruff: style and likely mistakes')
	@$(BIN)/ruff check .
	$(call say,'ruff: format')
	@$(BIN)/ruff format --check .
	$(call say,'mypy --strict: types')
	@$(BIN)/mypy
	$(call say,'import-linter: layers')
	@$(BIN)/lint-imports --no-logo
	$(call say,'squawk: migrations that an older version can live beside')
	@$(BIN)/squawk $(SQL)
	$(call say,'contracts: schemas$(comma) examples$(comma) compatibility')
	@$(BIN)/python -m pytest -q tests/contract

bench: $(DEVELOPS) ## Journeys per second and latency, beside the yardstick, in one run
	@exec $(BIN)/python -m benchmarks $(ARGS)

faults: $(DEVELOPS) ## Seeded faults on the real system under load, then a checker (ARGS="--seeds 1-200 --jobs 2 --keep-results DIR", "--seed 17", --list)
	@exec $(BIN)/python -m faults $(ARGS)

reset: $(RUNS) ## Forget the data of the local system, after asking (ARGS=--yes: without)
	@exec $(BIN)/convergence reset $(ARGS)

format: $(DEVELOPS) ## Put the code in the common format
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

lock: $(DEVELOPS) ## Write requirements/*.txt again from pyproject.toml, with hashes and no download address
	$(call say,'locking: newest versions that pyproject.toml allows')
	@compile() { $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command 'make lock' --upgrade pyproject.toml requirements/build.in --extra local "$$@"; }
	compile --extra dev --output-file requirements/dev.txt
	compile --constraint requirements/dev.txt --output-file requirements/base.txt

comma := ,

$(VENV)/bin/python:
	@deploy/local/venv $(VENV)

$(RUNS): requirements/base.txt pyproject.toml | $(VENV)/bin/python
	$(call say,'installing what the program needs into $(VENV) (a minute or two$(comma) once)')
	@$(INSTALL) --require-hashes --requirement requirements/base.txt
	$(SELF)
	touch $@

$(DEVELOPS): requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	$(call say,'installing what the program and its tests need into $(VENV) (a minute or two$(comma) once)')
	@$(INSTALL) --require-hashes --requirement requirements/dev.txt
	$(SELF)
	touch $@ $(RUNS)
