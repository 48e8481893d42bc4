# `make help` lists the targets.

SHELL := /bin/bash
VENV := .venv/bin
MUTANTS := 40
SEED := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-fast setup lint lint-code test-lua test-python test-matrix test-install mutants bench bench-large lab-vm soak fuzz reference dist format clean

help:  ## List the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo:  ## Set up what is needed, and write the report of the article's incident to article.pdf
	@.ci/setup demo
	$(VENV)/pyreport demo -o article.pdf

test: setup lint-code test-lua test-python test-matrix  ## Set up what is needed, and run every check and every test

test-fast:  ## Run the tests that start no process, in about a minute (needs `make setup` once)
	PROPERTY_SHARE=25 $(VENV)/python -m pytest -q -m "not processes and not slow"

setup:  ## Install everything that development and the tests need (system packages, .venv)
	@.ci/setup test

lint: setup lint-code  ## Check the Python and Lua code: ruff, mypy, luacheck

lint-code:
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	luacheck --quiet lua pyreport/capture tests/lua

test-lua:
	lua5.2 /usr/bin/busted
	lua5.4 /usr/bin/busted

test-python:
	$(VENV)/python -m pytest

test-matrix: setup  ## Test the plugin on Wireshark 4.0, 4.4 and 4.6 (as root, on Debian; unpacks them into .matrix)
	tests/matrix/run

test-install: setup  ## Install and try it on bare Debian 12 and 13, Ubuntu 24.04 and 26.04 (as root, on Debian; unpacks them into .matrix)
	tests/install/run

mutants: setup  ## Change the plugin and the diagnosis in MUTANTS places each, drawn by SEED, and see whether a test notices
	$(VENV)/python -m tests.mutation --mutants $(MUTANTS) --seed $(SEED)

bench:  ## Print what the plugin and the report cost in time and memory
	@.ci/setup bench
	$(VENV)/python -m tests.bench

bench-large:  ## The same of one capture of 16.7 million frames, 7.5 GB, where the disk has room for it
	@.ci/setup bench
	$(VENV)/python -m tests.bench --large 16700000

SOAK_SECONDS ?= 3600

soak:  ## Let pyreport watch and a live window run for an hour (SOAK_SECONDS) beside a thousand connections (as root: network namespaces)
	LIVE_SOAK_S=$(SOAK_SECONDS) LIVE_SOAK_CONNECTIONS=1000 $(VENV)/python -m pytest -q -s tests/gui/test_live_soak.py
	WATCH_SOAK_S=$(SOAK_SECONDS) WATCH_SOAK_CONNECTIONS=1000 $(VENV)/python -m pytest -q -s tests/lab/test_watch_soak.py

lab-vm:  ## Pause and stop a virtual machine and judge what was captured (as root, on Debian with apt; five minutes)
	@.ci/setup lab-vm
	$(VENV)/python -m tests.lab.vm.record build/vm
	KEEPALIVE_VM_CAPTURES=build/vm $(VENV)/python -m pytest -q tests/lab/vm

FUZZ_SECONDS ?= 600
FUZZ_SEED ?= $(shell date +%s)
FUZZ_TARGETS ?=
fuzz:  ## Look for inputs that break something: FUZZ_SECONDS=600 FUZZ_SEED=1 FUZZ_TARGETS=scan,log (findings: fuzz-found)
	$(VENV)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) --seed $(FUZZ_SEED) $(if $(FUZZ_TARGETS),--targets $(FUZZ_TARGETS))

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
