# Hiroba: everything an operator or a developer runs. `make help` lists it. Only Python 3.11+ and make are needed.
# `make run` honours PORT, HOST, DATA_DIR, DATABASE_URL, REDIS_URL and SECRET_KEY (docs/operate.md).
.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test test-fast lint format schema bench bench-recommendations bench-media clean

VENV ?= .venv
BIN := $(VENV)/bin
# Whatever the machine says: what each of hundreds of processes compiles anew takes a fifth of the time of `make test`.
export PYTHONDONTWRITEBYTECODE :=

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
		|| grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

run: setup ## Run the whole site on this machine: http://127.0.0.1:8000 unless PORT or HOST say otherwise
	@$(BIN)/python manage.py up

setup: ## Create .venv and install what running needs
	@sh scripts/setup.sh "$(VENV)" requirements.txt

setup-dev: ## Create .venv and install what developing needs too
	@sh scripts/setup.sh "$(VENV)" requirements-dev.txt

test: setup-dev ## Every test this machine can run: SQLite always, PostgreSQL, Redis and Chromium when found
	@$(BIN)/python scripts/test.py $(ARGS)

test-fast: setup-dev ## The tests on SQLite only, without the browser
	@$(BIN)/python scripts/test.py --fast $(ARGS)

lint: setup-dev ## Style, types, import contract, migrations, deployment check, API schema, templates, sizes
	@$(BIN)/python scripts/lint.py $(ARGS)

format: setup-dev ## Let ruff put imports and layout right
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

schema: setup-dev ## Write docs/openapi.yaml from the code
	@$(BIN)/python scripts/schema.py

bench: setup-dev ## Measure against the peers; needs PostgreSQL and wrk
	@bench/run $(ARGS)

bench-recommendations: setup ## How much better than "most popular" recommendations find what people like (HIROBA_DATA)
	@$(BIN)/python -m bench.recommendations

bench-media: setup-dev ## How fast episodes are fetched, joined, sent and found (HIROBA_DATA, YT_DLP; ARGS=--quick)
	@$(BIN)/python -m bench.media $(ARGS)

clean: ## Remove .venv and caches; never data
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
