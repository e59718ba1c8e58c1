# Shoal. `make demo` and `make test` need Python 3.11 and make, and bring everything else.
# On a fresh Debian as root, `make test` also installs Java, Maven, PostgreSQL and Chromium for what the tests need.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := models detector streams console evaluation
# time that one pytest run may take in all, beyond the limit of each test
TEST_MINUTES_MAX ?= 40
PYTEST_ARGS ?=
# processes for the tests: most of them wait; 0 for one after the other
TEST_PROCESSES ?= 3

.PHONY: help setup demo console test unit integration lint format kafka kafka-up postgres chromium lock up clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 14

setup: $(VENV)/.done ## the virtual environment, from pinned and hashed requirements

$(VENV)/.done: requirements/build.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "Shoal needs Python 3.11; found $$($(PYTHON) --version 2>&1). Say PYTHON=/path/to/python3.11" >&2; exit 1; }
	@# one without pip is what a Debian without python3-venv leaves behind
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing $$(grep -cE '^[a-zA-Z]' requirements/dev.txt) packages into $(VENV), once: a few minutes ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## a simulated hour through the detector, in under a minute; its cases into demo-cases.db
	@$(BIN)/shoal demo --store sqlite:///demo-cases.db

console: setup ## the moderators' console on demo-cases.db, made by the demo where it is missing
	@[ -f demo-cases.db ] || $(BIN)/shoal demo --brief --store sqlite:///demo-cases.db
	@SHOAL_CONSOLE_RELAY=false $(BIN)/shoal console --store sqlite:///demo-cases.db

test: setup kafka postgres chromium lint ## everything: lint, types, layers and every test, on a real Kafka and PostgreSQL
	@timeout --foreground $(TEST_MINUTES_MAX)m $(BIN)/python -m pytest -n $(TEST_PROCESSES) $(PYTEST_ARGS)

unit: setup ## the tests that need no broker
	@$(BIN)/python -m pytest -m 'not kafka' $(PYTEST_ARGS)

integration: setup kafka ## the tests that need a broker
	@$(BIN)/python -m pytest -m kafka $(PYTEST_ARGS)

lint: setup ## ruff, mypy and import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## rewrite the files as ruff wants them
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

kafka: setup ## fetch Apache Kafka for the tests into .kafka/ (nothing to do with SHOAL_KAFKA=host:port)
	@$(BIN)/python -m tests.kafka_broker --fetch

postgres: setup ## install PostgreSQL for the tests (nothing to do with SHOAL_POSTGRES=url)
	@$(BIN)/python -m tests.postgres

chromium: setup ## install Chromium for the tests of the console (nothing to do with SHOAL_CHROMIUM=path)
	@$(BIN)/python -m tests.browser

kafka-up: setup ## run that broker on 127.0.0.1:$${PORT:-19092} until Ctrl-C
	@$(BIN)/python -m tests.kafka_broker --port $${PORT:-19092}

lock: ## renew requirements/*.txt from pyproject.toml
	@bash requirements/lock.sh

up: ## bring the compose file up with simulated events, look at it, take it down
	@bash deploy/bring-up.sh

clean: ## remove what the other targets made
	rm -rf demo-cases.db* $(VENV) .kafka build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
