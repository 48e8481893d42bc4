# `make help` lists the targets.

SHELL := /bin/bash
VENV := .venv/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-fast setup lint lint-code test-lua test-python test-matrix bench soak reference dist format clean

help:  ## List the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo:  ## Set up what is needed, and write the report of the article's incident to article.pdf
	@.ci/setup demo
	$(VENV)/pyreport demo -o article.pdf

test: setup lint-code test-lua test-python test-matrix  ## Set up what is needed, and run every check and every test

test-fast:  ## Run the tests that start no process, in under half a minute (needs `make setup` once)
	PROPERTY_SHARE=25 $(VENV)/python -m pytest -q -m "not processes and not slow"

setup:  ## Install everything that development and the tests need (system packages, .venv)
	@.ci/setup test

lint: setup lint-code  ## Check the Python and Lua code: ruff, mypy, luacheck

lint-code:
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	luacheck --quiet lua pyreport/capture/reader tests/lua

test-lua:
	lua5.2 /usr/bin/busted
	lua5.4 /usr/bin/busted

test-python:
	$(VENV)/python -m pytest

test-matrix: setup  ## Test the plugin on Wireshark 4.0, 4.4 and 4.6 (as root, on Debian; unpacks them into .matrix)
	tests/matrix/run

bench:  ## Print what the plugin and the report cost in time and memory
	@.ci/setup bench
	$(VENV)/python -m tests.bench

soak:  ## Let pyreport watch and a live window run for ten minutes beside a thousand connections (as root: network namespaces)
	LIVE_SOAK_S=600 LIVE_SOAK_CONNECTIONS=1000 $(VENV)/python -m pytest -q -s tests/gui/test_live_soak.py
	WATCH_SOAK_S=600 WATCH_SOAK_CONNECTIONS=1000 $(VENV)/python -m pytest -q -s tests/lab/test_watch_soak.py

reference:  ## Write what is made from other files: lua/README.md, the findings' classes, the JSON Schema, the manual page
	lua5.4 -e 'package.path = "lua/?.lua;./?.lua" require("tests.lua.reference").write() require("tests.lua.python_findings").write()'
	$(VENV)/python -m pyreport.export.schema
	$(VENV)/python -m pyreport.cli.man_page

dist: setup  ## Build what is handed out, in dist/: a zip for people without Python, the wheel and the source archive
	rm -rf dist
	PYTHONPATH=. $(VENV)/python .ci/make_zip.py dist
	$(VENV)/python -m hatchling build -d dist

format: setup  ## Format the Python code
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

clean:  ## Remove what the other targets made
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .matrix build dist article.pdf
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
