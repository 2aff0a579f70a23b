# Why is dZ = A − Y?   make lab: open the series    make test: check all of it
# Each target does its own set-up in .venv, once; again when the requirements change.

PYTHON ?= python3
ARGS ?=
JOBS ?= 2
PY := .venv/bin/python

.PHONY: help lab test notebooks clean

help:
	@echo "make lab        open the series in JupyterLab (ARGS=--no-browser on a server)"
	@echo "make test       check everything: style, theorems, helpers, every notebook"
	@echo "make notebooks  run every notebook and save its outputs (after an edit)"
	@echo "make clean      remove .venv"

.venv/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/ready-to-test: .venv/ready requirements-test.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

lab: .venv/ready
	$(PY) -m jupyterlab $(ARGS) \
	  --LabApp.default_url=/lab/tree/notebooks/00_the_question.ipynb

test: .venv/ready-to-test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	MPLBACKEND=agg $(PY) -m pytest --doctest-modules --nbval --nbval-current-env \
	  --nbval-cell-timeout=120 -n $(JOBS) --dist loadscope $(ARGS)

notebooks: .venv/ready
	$(PY) -m jupyter nbconvert --to notebook --execute --inplace \
	  --ClearMetadataPreprocessor.enabled=True notebooks/*.ipynb

clean:
	rm -rf .venv
