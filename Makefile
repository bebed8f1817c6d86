# Every target prints itself with "make help". A fresh machine needs Python 3.11 or newer and make, nothing else.
# Another interpreter: make demo PYTHON=python3.12        Another port: make demo PORT=8080

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
export PENSTOCK_HOME ?= $(CURDIR)/.penstock
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
INSTALL := $(BIN)/python -m pip install --quiet --require-hashes
SOURCES := src tests hatch_build.py manage.py .ci
# Half of the cores are enough on a small machine, all of them hurt nobody on a large one.
WORKERS ?= auto

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo setup dev test test-fast test-real e2e bench lint fmt types arch migrations messages messages-check docs ci clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) bundle ## Set everything up and run it with a lived-in sample company
	@$(BIN)/penstock demo --port $(PORT)

setup: $(DEV) bundle ## Install everything for development

dev: $(DEV) bundle ## Run with reload and worker
	@PENSTOCK_DEBUG=1 $(BIN)/penstock demo --reload --port $(PORT)

test: $(DEV) bundle ## Set everything up and run the tests (not browser, real data, speed)
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

test-fast: $(DEV) ## Only the core: base, analytics, flow, ledger
	@$(BIN)/pytest $(wildcard tests/base tests/analytics tests/flow tests/backlog) $(ARGS)

test-real: $(DEV) bundle ## Tests on the public data sets in PENSTOCK_DATA
	@PENSTOCK_DATA="$${PENSTOCK_DATA:-../shared/data}" $(BIN)/pytest -m real_data -rs $(ARGS)

e2e: $(DEV) bundle ## Tests in a browser
	@$(BIN)/pytest -m e2e -rs $(ARGS)

bench: $(DEV) bundle ## Measure speed
	@$(BIN)/python -m tests.bench.run $(ARGS)

lint: $(DEV) ## Check style, templates and spelling
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/djlint --quiet --lint $(wildcard src/penstock/*/templates)
	@$(BIN)/codespell $(wildcard *.md docs src tests frontend/js frontend/css)

fmt: $(DEV) ## Format code
	@$(BIN)/ruff check --fix-only --quiet $(SOURCES)
	@$(BIN)/ruff format --quiet $(SOURCES)

types: $(DEV) ## Check types
	@$(BIN)/mypy

arch: $(DEV) ## Check who imports whom
	@$(BIN)/lint-imports --no-cache

migrations: $(DEV) ## Check that the models and their migrations agree
	@$(BIN)/python manage.py makemigrations --check --dry-run

messages: $(DEV) ## Collect what has to be translated, and compile what is
	@cd src/penstock && $(CURDIR)/$(BIN)/python -m django makemessages --settings penstock.config.settings \
	  --locale ru --no-wrap --no-location --no-obsolete --extension html,txt,py,svg
	@$(BIN)/python hatch_build.py

messages-check: $(DEV) ## Check that every text is translated
	@$(BIN)/python .ci/messages.py

docs: $(DEV) ## Check the links of the documentation
	@$(BIN)/python .ci/links.py

ci: $(DEV) ## All that the build server runs, in the same order
	@.ci/run

clean: ## Remove what was installed and built, but no data
	@rm -rf $(VENV) frontend/node_modules src/penstock/web/static/penstock/dist

# --- what the targets above stand on ---------------------------------------------------------------------------------

.PHONY: bundle
bundle: $(RUNTIME)
	@$(BIN)/python hatch_build.py --needs-node || $(INSTALL) -r requirements/node.txt
	@$(BIN)/python hatch_build.py

# The check is a file that any Python can read, so that an old one gets a sentence and not a SyntaxError.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON): install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) .ci/python.py "$(PYTHON)"
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment: install its venv package (python3-venv on Debian and Ubuntu)." >&2; exit 1; }

$(RUNTIME): $(BIN)/python requirements/runtime.txt pyproject.toml src/penstock/__init__.py
	@if [ ! -f $(DEV) ] || [ requirements/runtime.txt -nt $(DEV) ]; then echo "Installing …"; $(INSTALL) -r requirements/runtime.txt; fi
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUNTIME) requirements/dev.txt
	@echo "Installing the tools for development …"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@ $(RUNTIME) && touch $@
