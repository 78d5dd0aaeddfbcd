# Everything a developer says to this project. Needs Python 3.11 or newer and make; the rest installs itself.

PY := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PISTE_DATA_DIR ?= $(CURDIR)/var
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NPM_CONFIG_UPDATE_NOTIFIER := false

BUILT := piste/ui/static/built/manifest.json
WORDS := $(patsubst %.po,%.mo,$(wildcard piste/locale/*/LC_MESSAGES/*.po))
# Where Python is told to write no bytecode pip makes none either, and each start would take seconds longer.
COMPILE := $(PY) -m compileall -qq -j 0 .venv/lib || true
SOURCES := $(shell find frontend -name node_modules -prune -o -type f -print)

.PHONY: help run demo test check fix bench build clean words lock
.DELETE_ON_ERROR:

help:
	@echo "make run     start Piste with a sample company on http://127.0.0.1:8000"
	@echo "make demo    load the sample company into the data folder (PISTE_DATA_DIR, else ./var)"
	@echo "make test    check everything, then run all tests, browser tests included"
	@echo "make check   style, types, architecture, templates, browser code, migrations, translations"
	@echo "make fix     put the style right, and bring the catalogues of words up to date"
	@echo "make bench   measure with 100,000 opportunities; ROWS=1000000 for more"
	@echo "make build   make a wheel that needs no Node to run"
	@echo "make clean   remove what was built or installed here; the data in ./var stays"

# What people say

run: .venv/.runtime $(BUILT) $(WORDS)
	@set -a; [ ! -f .env ] || . ./.env; exec $(PY) -m piste serve --demo

demo: .venv/.runtime $(BUILT) $(WORDS)
	@set -a; [ ! -f .env ] || . ./.env; exec $(PY) -m piste demo

test: check
	@sh scripts/chromium.sh
	npm --prefix frontend test
	$(PY) -m pytest -n 2 -m "not browser and not slow"
	$(PY) -m pytest -n 2 -m "browser or slow"

check: .venv/.dev $(BUILT) $(WORDS)
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	djlint piste --lint --quiet
	npm --prefix frontend run check
	$(PY) scripts/words.py --check
	$(PY) scripts/checks.py

fix: .venv/.dev frontend/node_modules/.installed
	ruff check --fix-only .
	ruff format .
	npm --prefix frontend run fix
	$(PY) scripts/words.py --update

bench: .venv/.dev $(BUILT) $(WORDS)
	$(PY) -m tests.bench $(if $(ROWS),--rows $(ROWS))

build: .venv/.dev $(BUILT) $(WORDS)
	rm -rf build
	$(PY) -m build --wheel --no-isolation

clean:
	rm -rf .venv frontend/node_modules piste/ui/static/built build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find piste tests -name __pycache__ -prune -exec rm -rf {} +
	find piste -name '*.mo' -delete

words: .venv/.dev
	$(PY) scripts/words.py --update

lock: .venv/.dev
	sh scripts/lock.sh

# How it gets there

.venv/.made: scripts/venv.sh
	@sh scripts/venv.sh
	@touch $@

.venv/.runtime: .venv/.made requirements.lock pyproject.toml
	$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(COMPILE)
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.lock
	@$(COMPILE)
	@touch $@

.venv/.node: .venv/.made scripts/node.sh requirements-node.lock
	@sh scripts/node.sh
	@touch $@

frontend/node_modules/.installed: .venv/.node frontend/package-lock.json
	npm --prefix frontend ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT): frontend/node_modules/.installed $(SOURCES)
	npm --prefix frontend run --silent build
	@touch $@

%.mo: %.po scripts/words.py .venv/.runtime
	@$(PY) scripts/words.py --compile $<
