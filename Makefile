# Everything a person types. All targets are idempotent. Only Python >= 3.11 is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export QIAO_HOME ?= $(CURDIR)/var

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check bench lock format clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make demo PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || { echo "Creating $(VENV)"; $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "This Python cannot make virtual environments. On Debian: apt-get install python3-venv"; exit 2; }; }
	@echo "Installing what requirements.lock names (once; a minute or two)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/qiao messages compile
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what tests and checks need"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.installed ## install only

setup-dev: $(VENV)/.installed-dev ## install with what tests and checks need

demo: setup ## the fictional federation, ready to look at
	@exec $(BIN)/qiao demo

test: setup-dev ## all tests
	@$(BIN)/qiao messages compile
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --create-db $(TESTS)

check: setup-dev ## format, types, contracts, templates, migrations, messages
	@$(BIN)/python scripts/check.py

bench: setup-dev ## measurements, each against a peer or the floor in the same run
	@for file in bench/estimation.py bench/intake.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

format: setup-dev ## put the code in order
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lock: ## renew the locks (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 --override requirements/overrides.txt --custom-compile-command "make lock" requirements/base.in -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 --override requirements/overrides.txt -c requirements.lock --custom-compile-command "make lock" requirements/dev.in -o requirements-dev.lock

clean: ## remove the demonstration's data (./var)
	@rm -rf $(CURDIR)/var
