# Every command of the project. `make help` lists them.
PORT ?= 8000
DEMO ?= 1
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORTAL_HOME ?= $(CURDIR)/var
# Trust what the machine trusts: company networks often have a certificate of their own.
export UV_SYSTEM_CERTS := true
# Byte code is kept whatever the machine says: a start without it takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run setup test check prove bench reset wheel translations lock format pictures versions

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.run: requirements/run.txt
	@command -v $(PYTHON) >/dev/null || { echo "python3 (3.11 or newer) is needed"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/run.txt
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

translations/zh_Hans_CN/LC_MESSAGES/messages.mo: $(wildcard translations/zh_parts/*.po) $(VENV)/.run
	@$(BIN)/python translations/compile.py

translations: translations/zh_Hans_CN/LC_MESSAGES/messages.mo ## Compile the Chinese texts

setup: $(VENV)/.run translations ## Make the environment with the `portal` command

run: setup ## Serve the portal on http://127.0.0.1:8000 (PORT=..., DEMO=0 for an empty one)
	@$(BIN)/portal serve --port $(PORT) $(if $(filter 0,$(DEMO)),--no-demo,--demo)

test: $(VENV)/.dev translations ## Run all tests: SQLite, PostgreSQL, a real browser
	@$(BIN)/python tests/run.py

check: $(VENV)/.dev translations ## The whole gate: format, lint, types, imports, templates, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/portal definitions check form_definitions
	@$(BIN)/python tests/run.py

prove: $(VENV)/.dev translations ## The same tests with full bounds and fresh seeds
	@PORTAL_PROVE=1 $(BIN)/python tests/run.py

bench: $(VENV)/.dev translations ## Measure speed against the fixed reference; writes bench/RESULTS.md
	@$(BIN)/python -m bench.run

versions: $(VENV)/.dev ## Keep what new versions of the shipped forms mean
	@$(BIN)/python -m tests.guards.test_versions

format: $(VENV)/.dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

wheel: $(VENV)/.dev ## Build the wheel and try it in an empty environment
	@$(BIN)/python tests/wheel.py

pictures: $(VENV)/.dev translations ## Take the README's pictures of the demo (needs chromium)
	@$(BIN)/python docs/pictures/make.py

lock: ## Renew the pinned requirements (for developers)
	@sh requirements/lock.sh

reset: ## Throw the local database and files away (asks first)
	@printf "This deletes everything in $(PORTAL_HOME). Type yes to go on: "; read answer; \
	  test "$$answer" = yes && rm -rf "$(PORTAL_HOME)" && echo "gone" || echo "kept"
