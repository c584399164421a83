# The front door. `make` or `make help` lists what there is. Every target is safe to run again, and two at a time.
SHELL := /bin/bash
PYTHON ?= python3
ARGS ?=
PY := .venv/bin/python
PYTEST := $(PY) -m pytest -q
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup packages demo serve test lint test-sqlite test-postgres e2e bench fmt lock clean

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## make .venv and the front-end files; instant when nothing changed
	@$(PYTHON) scripts/setup.py

packages: setup  ## Debian packages for the tests, installed when allowed, else named
	@$(PY) scripts/debian_packages.py

demo: setup  ## play 2019-2020, leave 2021 in mid-flight, serve on 127.0.0.1:8000; ARGS="--no-serve --json"
	@.venv/bin/xianfeng demo $(ARGS)

serve: setup  ## serve the site of the data folder; ARGS="--bind 127.0.0.1:8080"
	@.venv/bin/xianfeng serve $(ARGS)

test: packages lint test-sqlite test-postgres e2e  ## everything: lint, both databases, the browser

lint: setup  ## ruff, mypy, import contracts
	$(PY) -m ruff check --output-format concise .
	$(PY) -m ruff format --check --output-format concise .
	XIANFENG_TEST=1 XIANFENG_SECRET_KEY=lint $(PY) -m mypy
	.venv/bin/lint-imports --no-cache

test-sqlite: setup  ## the tests on SQLite
	XIANFENG_TEST_DB=sqlite $(PYTEST) -m "not e2e" -n $(WORKERS) --dist worksteal $(ARGS)

test-postgres: setup  ## the same tests on a real PostgreSQL, which comes in a wheel
	XIANFENG_TEST_DB=postgres $(PYTEST) -m "not e2e" -n $(WORKERS) --dist worksteal $(ARGS)

e2e: setup  ## each role in a headless browser
	DJANGO_ALLOW_ASYNC_UNSAFE=1 $(PYTEST) -m e2e -n 2 $(ARGS)

bench: setup  ## engine, assignment and calibration beside their anchors; pages against the floor of a bare page
	$(PY) -m bench
	$(PY) scripts/bench.py $(ARGS)

fmt: setup  ## format the code and mend what ruff can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

lock: setup  ## resolve the dependencies again and write the locks
	@bash scripts/lock.sh

clean:  ## remove environments and built files; var/ with its data stays
	rm -rf .venv .venv-node node_modules src/xianfeng/ui/static/vendor src/xianfeng/kernel/vendor .mypy_cache .ruff_cache .pytest_cache
