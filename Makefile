# make run     everything on this machine, with a demo city
# make test    every check and every test; sets itself up
# The rest: check (linters only), coverage, bench, web, pictures, wheel, lock, clean.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# The tests start some hundreds of programs; each would compile anew all that it imports.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
WEB := agent_desktop/web
STEP := deploy/step
PIP := $(BIN)/python -m pip install -qq --no-input --disable-pip-version-check -c requirements.lock
PYTEST := $(BIN)/python -m pytest -q
REPORTS := .pytest_cache/reports
WEB_SOURCES := $(shell find $(WEB) -type f -not -path '*/node_modules/*' 2>/dev/null)

.PHONY: help run test check bench web wheel lock clean packages-run packages-test test-web test-open test-calls durations coverage pictures

help:
	@sed -n '1,3s/^# //p' Makefile

run: packages-run $(VENV)/run.stamp agent_desktop/static/index.html
	@exec $(BIN)/hotline up --demo

# -- environment ---------------------------------------------------------------------------------------------------

packages-run:
	@deploy/system-packages run

packages-test:
	@deploy/system-packages test

$(VENV)/bin/python:
	@python=$$(deploy/find-python); $(STEP) "Python environment ($$($$python --version))" $$python -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock setup.cfg setup.py pyproject.toml | packages-run $(VENV)/bin/python
	@$(STEP) "Python packages" $(PIP) -e .[phone]
	@touch $@

# Tests import a part of what is installed: compiling all of it beforehand costs a quarter of the time.
$(VENV)/test.stamp: requirements.lock setup.cfg setup.py pyproject.toml | packages-test $(VENV)/bin/python
	@$(STEP) "Python packages, those for the tests included" $(PIP) --no-compile -e .[phone,test]
	@if grep -q '^ID=ubuntu' /etc/os-release && ! command -v chromium >/dev/null; then \
	  $(STEP) "Chromium" $(BIN)/playwright install chromium; fi
	@touch $@ $(VENV)/run.stamp

$(WEB)/node_modules/.stamp: $(WEB)/package-lock.json $(WEB)/package.json
	@$(STEP) "Web packages" npm --prefix $(WEB) ci --no-audit --no-fund --loglevel=error
	@touch $@

agent_desktop/static/index.html: $(WEB)/node_modules/.stamp $(WEB_SOURCES)
	@$(STEP) "Web app" npm --prefix $(WEB) run build
	@touch $@

web: agent_desktop/static/index.html

# -- checks --------------------------------------------------------------------------------------------------------

check: $(VENV)/test.stamp
	@$(STEP) "ruff" $(BIN)/ruff check .
	@$(STEP) "mypy" $(BIN)/mypy
	@$(STEP) "import-linter" $(BIN)/lint-imports

# Everything is run even when something fails, so that one run shows all that is wrong.
test: packages-test
	@$(MAKE) -j2 --output-sync=line $(VENV)/test.stamp agent_desktop/static/index.html
	@$(STEP) "Asterisk" $(BIN)/hotline switch fetch
	@rm -rf $(REPORTS); mkdir -p $(REPORTS)
	@status=0; \
	  $(MAKE) --keep-going -j2 --output-sync=line check test-web || status=1; \
	  $(MAKE) --keep-going -j2 --output-sync=line test-calls test-open || status=1; \
	  $(BIN)/python -m tests.total $(REPORTS)/open.xml $(PARTS:%=$(REPORTS)/calls-%.xml) || status=1; \
	  exit $$status

test-web:
	@$(STEP) "Web app: types" npm --prefix $(WEB) run check
	@$(STEP) "Web app: unit tests" npm --prefix $(WEB) run test

# Unit and wire tests run in the open: the tests' PostgreSQL needs a second user, which a namespace has not.  They
# compute while the calls beside them wait, and give way to them (`nice`): a call that is late is a call that fails.
OPEN := tests/unit tests/wire -m "unit or wire" -n 2 --dist loadfile
test-open:
	@nice -n 19 $(PYTEST) $(OPEN) --junitxml=$(REPORTS)/open.xml

# Live and browser tests run where only the loopback interface exists: no packet of a test call can leave.  They run in
# parts of about the same length, each in a namespace of its own.  `make durations` measures anew how long each test takes.
CALLS := tests/live tests/browser -m "live or browser" --durations-path tests/durations.json
PARTS := 1 2 3
test-calls:
	@$(MAKE) --keep-going -j$(words $(PARTS)) --output-sync=line $(PARTS:%=test-calls-%)

test-calls-%:
	@tests/kit/netns.sh $(PYTEST) $(CALLS) --splits $(words $(PARTS)) --group $* --junitxml=$(REPORTS)/calls-$*.xml

durations:
	@tests/kit/netns.sh $(PYTEST) $(CALLS) --store-durations

# Not part of `make test`: watching every line doubles the time that unit and wire tests take.
coverage: $(VENV)/test.stamp agent_desktop/static/index.html
	@$(PYTEST) $(OPEN) --cov --cov-report=term:skip-covered

# The picture in the README, of a real call.  HOTLINE_SCREENSHOTS=FOLDER makes any browser test leave its pictures there.
pictures: $(VENV)/test.stamp agent_desktop/static/index.html
	@HOTLINE_SCREENSHOTS=$(REPORTS)/pictures tests/kit/netns.sh $(PYTEST) tests/browser/test_first_call.py -m browser
	@cp $(REPORTS)/pictures/desk-in-call-1280.png docs/images/desk-in-call.png

bench: $(VENV)/test.stamp agent_desktop/static/index.html
	@$(BIN)/python -m bench

# -- packages ------------------------------------------------------------------------------------------------------

wheel: $(VENV)/run.stamp agent_desktop/static/index.html
	@rm -rf build
	@$(STEP) "Wheel" $(BIN)/python -m pip wheel -qq --disable-pip-version-check --no-deps -w dist .
	@ls dist/*.whl

# A fresh environment with the newest versions that setup.cfg allows; only names and versions are kept.
lock: | packages-test
	@rm -rf $(VENV)-lock; $$(deploy/find-python) -m venv $(VENV)-lock
	@$(STEP) "Newest versions" $(VENV)-lock/bin/python -m pip install -qq --disable-pip-version-check -e .[test,prompts]
	@$(VENV)-lock/bin/python -m pip freeze -q --exclude-editable | grep -E '^[A-Za-z0-9._-]+==' | sort -f > requirements.lock
	@rm -rf $(VENV)-lock; wc -l < requirements.lock

# Leaves var/: recordings and tickets are not ours to throw away.
clean:
	rm -rf $(VENV) $(VENV)-lock $(WEB)/node_modules agent_desktop/static build dist *.egg-info .coverage
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
