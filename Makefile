# The one door to the project. `make` alone lists what it can do.
# Each step leaves a file behind and runs again only when what it is made from changes.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

export PYTHON ?= python3
export VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
FLASK := $(BIN)/flask --app lms
# Test processes; the machine's cores are shared with PostgreSQL and Chromium.
WORKERS ?= 2

# pip, npm and Chromium want a folder they may write to; an account may have none.
ifneq ($(shell [ -n "$$HOME" ] && [ -w "$$HOME" ] && echo yes),yes)
export HOME := $(CURDIR)/.home
endif
# Node.js may live in the virtual environment.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Only tests need a browser; asked once, so that one command brings all that is missing.
PURPOSE := $(if $(filter test bench,$(MAKECMDGOALS)),test,run)

ASSETS := $(shell find lms/assets -type f 2>/dev/null)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard lms/translations/*/LC_MESSAGES/*.po))

##@ Every day

.PHONY: help
help: ## list what make can do
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\n  LMS_PORT=8080 make run moves the site; PYTHON=python3.12 names another Python (3.11 or newer).\n'

.PHONY: run
run: setup ## set up what is missing, then serve http://127.0.0.1:8000 with the job worker
	@$(FLASK) seed accounts
	@$(FLASK) serve --with-worker

.PHONY: test
test: setup-tests ## run every test; ARGS="tests/quizzes -k draft" narrows it
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

.PHONY: check
check: setup-tests ## style, types, imports, templates, translations, migrations
	@.ci/check

##@ Now and then

.PHONY: setup
setup: install ## set up what is missing: libraries, front end, translations, database, demo province
	@.ci/setup-data

.PHONY: seed
seed: install ## fill the database with the demo province
	@$(FLASK) db upgrade
	@$(FLASK) seed demo

.PHONY: messages
messages: $(VENV)/.tests-ready ## bring new interface texts into the translation catalogues
	@$(BIN)/python .ci/translations.py update

.PHONY: format
format: $(VENV)/.tests-ready ## let ruff put the code in order
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

.PHONY: bench
bench: setup-tests ## measure speed, weight and scale; also writes bench.json
	@$(BIN)/python -m tests.bench

.PHONY: clean
clean: ## remove all that set-up made, but never the data in instance/
	rm -rf $(VENV) .home node_modules lms/static/build lms/translations/*/LC_MESSAGES/*.mo
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis bench.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- What the targets above stand on -------------------------------------------

.PHONY: install
install: $(VENV)/.ready lms/static/build/manifest.json $(CATALOGUES)

.PHONY: setup-tests
setup-tests: install $(VENV)/.tests-ready

# Cheap, and a system can change under us: looked at each time, rebuilding nothing.
.PHONY: system
system:
	@.ci/setup-system $(PURPOSE)

$(BIN)/pip: | system
	@echo "Making the virtual environment"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.txt | $(BIN)/pip
	@echo "Installing Python packages"
	@$(PIP) install --quiet -r requirements.txt
	@touch $@

$(VENV)/.tests-ready: requirements-dev.txt $(VENV)/.ready | system
	@echo "Installing packages for tests and checks"
	@$(PIP) install --quiet -r requirements-dev.txt
	@touch $@

node_modules/.ready: package.json package-lock.json | $(BIN)/pip
	@.ci/setup-node
	@echo "Installing front-end packages"
	@npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

lms/static/build/manifest.json: node_modules/.ready $(ASSETS)
	@echo "Building the front end"
	@npm run --silent build
	@touch $@

%.mo: %.po | $(VENV)/.ready
	@$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@
