# Everything installs into the project's own folder: .venv, web/node_modules, var.
PY := .venv/bin/python
STAMP := .venv/.installed
WEB := web/node_modules/.installed
DIST := web/dist/.built

.PHONY: install up test lint bench api words docs lock clean

install: $(STAMP) $(WEB)

.venv/bin/python:
	python3 -m venv .venv

$(STAMP): requirements/bench.txt pyproject.toml | .venv/bin/python
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	.venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

$(WEB): web/package-lock.json web/package.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(DIST): $(WEB) $(shell find web/apps web/packages -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
	cd web && npm run --silent build
	touch $@

up: install $(DIST)
	.venv/bin/jieli up

test: install $(DIST)
	cd web && npm run --silent test
	$(PY) -m pytest -n auto

lint: install
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	.venv/bin/jieli openapi | diff -q - web/packages/api/openapi.json || (echo "The API changed: run 'make api'." && false)
	cd web && npm run --silent lint

bench: install
	$(PY) -m bench

api: install
	.venv/bin/jieli openapi > web/packages/api/openapi.json
	cd web && npm run --silent api

words: $(STAMP)
	$(PY) -m jieli.bot.screens

docs: $(STAMP)
	$(PY) docs/reference/generate.py

lock: | .venv/bin/python
	.venv/bin/pip install --quiet uv
	cd requirements && ../.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 run.in -o run.txt
	cd requirements && ../.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c run.txt test.in -o test.txt
	cd requirements && ../.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c test.txt bench.in -o bench.txt

clean:
	rm -rf .venv web/node_modules web/dist var
