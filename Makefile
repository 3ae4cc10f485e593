# `make up` is all a newcomer needs: git, make and Python >= 3.11; everything else is installed into .venv and a cache.

# 3.14 comes last: not every locked library has a ready-made wheel for it.
CANDIDATES := python3.13 python3.12 python3.11 python3 python3.14 python
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Quiet where nobody watches; on a terminal pip shows what it downloads.
PIP = $(BIN)/python -m pip --disable-pip-version-check $$([ -t 1 ] || echo --quiet)
ARGS ?=

.PHONY: help up demo test bench check check-python check-ui ui lock clean

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

up: $(VENV)/.run ## Install what is missing, start everything, print the URL (ARGS="--port 8080")
	@exec $(BIN)/dvmdash up $(ARGS)

demo: $(VENV)/.run ## The same with a relay of its own and a small live stream of made-up traffic
	@exec $(BIN)/dvmdash up --demo $(ARGS)

test: $(VENV)/.test ui ## Run all tests on the embedded servers (ARGS="-k name")
	@exec $(BIN)/python -m pytest $(ARGS)

bench: $(VENV)/.test ## Measure; each benchmark prints what it measured and on what
	@exec $(BIN)/python -m bench $(ARGS)

check: check-python check-ui ## Style, types, imports between rooms, and the user interface's own checks

check-python: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-ui: $(VENV)/.run
	@exec $(BIN)/python -m dvmdash.ops.ui_build --check

ui: $(VENV)/.run
	@exec $(BIN)/python -m dvmdash.ops.ui_build

# Each of these files says that what it names was installed from the lock files as they are now.
$(VENV)/.made:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "DVMDash needs Python 3.11 or newer with its venv module. Found: $$(python3 --version 2>&1 || true)." >&2; \
	  echo "Install one (on Debian and Ubuntu: python3 and python3-venv), or name it: make PYTHON=/path/to/python3" >&2; \
	  exit 1; fi
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml
	@echo "Installing the locked libraries (about a minute the first time)"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt
	@echo "Installing what the tests need"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

# For those who change dependencies: needs uv, and jgo for the database's jars.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

lock: $(VENV)/.run ## Lock every dependency anew: Python, Node, the database's jars
	$(LOCK) pyproject.toml --group build -o requirements/run.txt
	$(LOCK) --group test -c requirements/run.txt -o requirements/test.txt
	$(LOCK) --group node -o requirements/node.txt
	$(BIN)/python -m dvmdash.ops.embedded.lock_jars

clean: ## Remove the virtual environment and the built pages (data and cache stay)
	rm -rf $(VENV) web/dvmdash/web/static web/ui/node_modules
