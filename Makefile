# One file to start from: `make` alone says what there is.
UV_VERSION := 0.13.9
PYTHON_NAMES := python3.13 python3.12 python3.11 python3
BIN := .venv/bin
# Test files run side by side; each process has servers of its own.
TEST_PROCESSES := 3
# What docker-compose.yml reads from .env: 32 random bytes each, in hex, and the master key in base64.
PASSWORDS := RABBITMQ_LASTMILE_PASSWORD RABBITMQ_ADMINISTRATOR_PASSWORD POSTGRES_SUPERUSER_PASSWORD \
	POSTGRES_OWNER_PASSWORD \
	$(foreach service,ACCESS MEMBERSHIP ACTIVITIES RELIEF REPORTING,POSTGRES_$(service)_PASSWORD)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## say what there is
	@awk -F ':.*## ' '/^[.a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The first of PYTHON_NAMES that really runs, is new enough and can make an environment with pip in it.
# uv installs exactly what uv.lock says. It does not read pip's settings: where packages come from a mirror or
# through a proxy that only pip knows, pip installs the same versions, checked against the same hashes.
.venv: .venv/.installed ## make the Python environment with the locked dependencies

.venv/.installed: pyproject.toml uv.lock
	@if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		for name in $(PYTHON_NAMES); do \
			if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
				found=$$name; break; \
			fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo 'Lastmile needs Python 3.11 or later with its venv module; none of' >&2; \
			echo '  $(PYTHON_NAMES)' >&2; \
			echo 'on the PATH is one. On Debian or Ubuntu: apt-get install python3 python3-venv' >&2; \
			exit 1; \
		fi; \
		echo "making .venv with $$($$found --version)"; \
		$$found -m venv --clear .venv; \
	fi
	@$(BIN)/uv --version 2>/dev/null | grep -qF 'uv $(UV_VERSION)' || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'
	@UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --locked --inexact --python $(BIN)/python || { \
		echo 'uv could not; installing the same locked versions with pip' >&2; \
		$(BIN)/uv export --frozen --quiet --no-emit-project --output-file .venv/locked.txt && \
		$(BIN)/python -m pip install --quiet --no-deps --requirement .venv/locked.txt && \
		$(BIN)/python -m pip install --quiet --no-deps --config-settings editable_mode=compat --editable .; \
	}
	@touch $@

.PHONY: demo
demo: .venv ## run the year 2017 and compare the report with the published one (BROKER=rabbitmq: as servers)
	$(if $(BROKER),$(BIN)/python -m deploy.native --ensure)
	$(BIN)/python -m examples.guangnei_2017 $(if $(BROKER),--broker $(BROKER))

.PHONY: test
test: .venv ## run all tests against a real RabbitMQ, PostgreSQL and browser
	$(BIN)/python -m deploy.native --ensure --browser
	$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

.PHONY: check
check: .venv ## what every change must pass: format, lint, types, who imports whom, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

.PHONY: bench
bench: .venv ## measure, side by side with the peers
	$(BIN)/python -m deploy.native --ensure
	$(BIN)/python -m bench

.PHONY: vendor
vendor: .venv ## fetch what pages load from elsewhere, as deploy/vendored.toml pins it
	$(BIN)/python -m deploy.vendored

.PHONY: serve
serve: .venv ## the console in a browser, with an account for each role
	$(BIN)/lastmile serve

.PHONY: screenshots
screenshots: .venv ## take a picture of every page, for docs/images/pages
	$(BIN)/python -m deploy.native --ensure --browser
	$(BIN)/python -m tests.browser.screenshots

.PHONY: docs
docs: .venv ## write docs/reference anew
	$(BIN)/python -m deploy.reference

.PHONY: migration
migration: .venv ## write the next migration: SERVICE=relief MESSAGE="say what changes"
	$(BIN)/python -m deploy.migration "$(SERVICE)" "$(MESSAGE)"

.PHONY: golden
golden: .venv ## write the golden file of every event that has none
	$(BIN)/python -m deploy.golden

.PHONY: secrets
secrets: ## write a random .env for docker-compose.yml, never over an existing one
	@umask 077; set -eC; \
	if [ -e .env ]; then echo '.env exists; remove it yourself if its secrets are no longer in use' >&2; exit 2; fi; \
	{ \
		for name in $(PASSWORDS); do \
			printf '%s=%s\n' "$$name" "$$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')"; \
		done; \
		printf 'LASTMILE_MASTER_KEY=%s\n' "$$(head -c 32 /dev/urandom | base64)"; \
	} > .env
	@echo 'wrote .env: keep a copy elsewhere, for without its master key no name can be read again'

.PHONY: clean
clean: ## remove .venv and caches, nothing that anybody entered
	rm -rf .venv build dist lastmile.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
