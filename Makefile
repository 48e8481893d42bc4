# `make help` lists the targets.

SHELL := /bin/bash
VENV := .venv/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test setup lint lint-code test-lua test-python bench format clean

help:  ## List the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo:  ## Set up what is needed, and write the report of the article's incident to article.pdf
	@.ci/setup demo
	$(VENV)/pyreport demo -o article.pdf

test: setup lint-code test-lua test-python  ## Set up what is needed, and run every check and every test

setup:  ## Install everything that development and the tests need (system packages, .venv)
	@.ci/setup test

lint: setup lint-code  ## Check the Python and Lua code: ruff, mypy, luacheck

lint-code:
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	luacheck --quiet lua tests/lua

test-lua:
	lua5.2 /usr/bin/busted
	lua5.4 /usr/bin/busted

test-python:
	$(VENV)/python -m pytest

bench: setup  ## Print what the plugin and the report cost in time and memory
	$(VENV)/python -m tests.bench

format: setup  ## Format the Python code
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

clean:  ## Remove what the other targets made
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist article.pdf
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
