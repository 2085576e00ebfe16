.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
BIN := .venv/bin
PIP := -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
# A tool's own environment, .make/NAME, holds what requirements/NAME.lock lists.
TOOLS := check chart image api lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-18s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

serve: .venv/.runtime ## run the service; HOST and PORT from the environment (default port 8000)
	@exec $(BIN)/python -m service.cli serve

test: .venv/.test ## run the tests, with branch coverage
	@$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

check: lint types imports ## everything that is checked without running the service

lint: .make/check/.ready ## style, with ruff
	@.make/check/bin/ruff check .
	@.make/check/bin/ruff format --check .

types: .make/check/.ready .venv/.test ## types, with mypy
	@.make/check/bin/mypy --python-executable $(BIN)/python

imports: .make/check/.ready ## who may import whom, with import-linter
	@.make/check/bin/lint-imports

openapi: .venv/.runtime ## write openapi/openapi.json from the code
	@mkdir -p openapi
	@$(BIN)/python -m service.cli openapi > openapi/openapi.json.new && mv openapi/openapi.json.new openapi/openapi.json

venv: .venv/.test ## make .venv with what the service and its tests need
	@:

lock: .make/lock/.ready ## pin every dependency, with hashes; OPTIONS=--upgrade takes the newest
	@scripts/lock .make/lock/bin/uv $(OPTIONS)

test-chart: .make/chart/.ready ## lint, render and validate the Helm chart
	@.make/chart/bin/python -m pytest charts

lint-image: .make/image/.ready ## lint the Dockerfile
	@.make/image/bin/hadolint Dockerfile

test-image: lint-image ## build the image with buildah and ask it something
	@scripts/test-image

test-camel: .make/camel/.ready ## test CAMeL's NER as the entities' backend (installs torch)
	@.make/camel/bin/python -m pytest tests/camel

test-schemathesis: .venv/.runtime .make/api/.ready ## hold the running service to its OpenAPI document
	@scripts/test-schemathesis $(OPTIONS)

load: .venv/.runtime ## put the service under load; OPTIONS='--clients 200 --seconds 60'
	@$(BIN)/python -m benchmarks.load $(OPTIONS)

bench: .venv/.runtime ## time extraction over news; OPTIONS='--data FOLDER --articles 500'
	@$(BIN)/python benchmarks/speed.py $(OPTIONS)

clean: ## remove what these targets made
	rm -rf .venv .make .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .schemathesis

.venv/.runtime: requirements.lock
	@scripts/venv .venv $(PYTHON)
	@$(BIN)/python $(PIP) -r $<
	@touch $@

.venv/.test: requirements/test.lock .venv/.runtime
	@$(BIN)/python $(PIP) -r $<
	@touch $@

$(TOOLS:%=.make/%/.ready): .make/%/.ready: requirements/%.lock
	@scripts/venv .make/$* $(PYTHON)
	@.make/$*/bin/python $(PIP) -r $<
	@touch $@

.make/camel/.ready: requirements/camel.txt requirements.lock requirements/test.lock
	@scripts/venv .make/camel $(PYTHON)
	@.make/camel/bin/python $(PIP) -r requirements.lock -r requirements/test.lock
	@.make/camel/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/camel.txt
	@touch $@

.PHONY: help serve test check lint types imports openapi venv lock test-chart test-camel lint-image test-image test-schemathesis load bench clean
