# Why is dZ = A − Y?   make lab: open the series    make test: check all of it
# Each target does its own set-up, once; again when what it needs changes.

PYTHON ?= python3
ARGS ?=
NOTEBOOKS ?= notebooks/*.ipynb
JOBS ?= 2
PORT ?= 8000
URL ?=
PY := .venv/bin/python
OLDEST := .venv-oldest/bin/python
WHEEL := .venv-wheel/bin/python
NBGRADER := .venv-nbgrader/bin/python
INSTALL := -m pip install --quiet --disable-pip-version-check
DRIVER := tests/browser/node_modules

.PHONY: help lab book book-serve exercises slides test test-more test-oldest test-wheel test-exercises test-browser test-book test-cluster test-frameworks fuzz bench cluster notebooks certify certificates clean

help:
	@echo "make lab        open the series in JupyterLab (ARGS=--no-browser on a server)"
	@echo "make book       build the series as a site of plain files (URL=https://… its address)"
	@echo "make book-serve  show it at 127.0.0.1 (PORT=8000)"
	@echo "make exercises  write assignments for a class, graded by nbgrader (NOTEBOOKS=…)"
	@echo "make slides     the hour as slides, into build/slides/: no network is needed"
	@echo "make test       check everything: style, theorems, arrays, every notebook"
	@echo "make test-more  the losses, theorems and truths that 'make test' takes a sample of"
	@echo "make test-oldest  the same with the oldest versions that pyproject.toml admits"
	@echo "make test-wheel  run each notebook alone, where only the wheel is installed"
	@echo "make test-exercises  a course of nbgrader: assign, solve, grade"
	@echo "make test-browser  the explorers in Chromium and Firefox (and Node.js 18 or newer)"
	@echo "make test-book  build the book and drive its pages in both browsers"
	@echo "make test-cluster  several processes that share a gradient, and their faults"
	@echo "make test-frameworks  a loss as source for PyTorch and JAX, against exact numbers"
	@echo "make fuzz       hostile statements for the checker (ARGS='--seconds 3600')"
	@echo "make bench      time and memory beside the best other ways, in one table (8 minutes)"
	@echo "make cluster    one gradient by several processes (ARGS='--processes 4 --mesh 2x2')"
	@echo "make notebooks  run every notebook and save its outputs (after an edit)"
	@echo "make certify    have Rocq check every step again (and refuse what is false)"
	@echo "make certificates  write the files for Rocq (after an edit of a theorem)"
	@echo "make clean      remove what the others set up"

.venv/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "setting up, once: about 500 MB, a few minutes"
	$(PYTHON) -m venv .venv
	$(PY) $(INSTALL) -r requirements.txt
	@touch $@

.venv/ready-for-scale: .venv/ready requirements-scale.txt
	@echo "setting up JAX, once: about 350 MB more, a minute"
	$(PY) $(INSTALL) -r requirements-scale.txt
	@touch $@

.venv/ready-for-book: .venv/ready requirements-book.txt
	@echo "setting up the book, once: about 100 MB more, a minute"
	$(PY) $(INSTALL) -r requirements-book.txt
	@touch $@

.venv/ready-to-test: .venv/ready requirements-test.txt requirements-scale.txt
	@echo "setting up the tests, once: about 550 MB more, a few minutes"
	$(PY) $(INSTALL) -r requirements-test.txt
	@touch $@

.venv/ready-for-frameworks: .venv/ready requirements-frameworks.txt requirements-test.txt requirements-scale.txt
	@echo "setting up PyTorch and the tests, once: about 1250 MB more, a few minutes"
	$(PY) $(INSTALL) -r requirements-frameworks.txt
	@touch $@

# numpy>=2.1,<3 becomes numpy==2.1: the oldest version of each line
.venv-oldest/ready-to-test: requirements.txt requirements-test.txt requirements-scale.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || \
	  { echo "The oldest versions need Python 3.11 or 3.12; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "setting up the oldest versions, once: about 1100 MB, a few minutes"
	$(PYTHON) -m venv .venv-oldest
	sed -n 's/^[ "]*\([a-z]*\)>=\([^,]*\),.*/\1==\2/p' pyproject.toml requirements.txt \
	  requirements-scale.txt > .venv-oldest/oldest.txt
	$(OLDEST) $(INSTALL) -c .venv-oldest/oldest.txt -r requirements-test.txt
	@touch $@

# pip builds the wheel and installs it, with all that pyproject.toml declares. What an
# earlier build left in build/ would go into the wheel too.
.venv-wheel/ready: requirements-wheel.txt pyproject.toml
	@echo "setting up an environment for the wheel, once: about 400 MB, a few minutes"
	$(PYTHON) -m venv --clear .venv-wheel
	rm -rf build/lib build/bdist.*
	$(WHEEL) $(INSTALL) -r requirements-wheel.txt .
	@touch $@

.venv-nbgrader/ready: requirements-nbgrader.txt
	@echo "setting up nbgrader, once: about 600 MB with what the wheel needs, a few minutes"
	$(PYTHON) -m venv --clear .venv-nbgrader
	$(NBGRADER) $(INSTALL) -r requirements-nbgrader.txt
	@touch $@

# npm would write the registry it asked into a lock file; the one version is in package.json.
$(DRIVER)/ready: tests/browser/package.json
	@{ command -v node && command -v npm; } > /dev/null || \
	  { echo "Node.js 18 or newer and npm are needed (on Debian: apt-get install nodejs npm)" >&2; exit 1; }
	@echo "setting up what drives the browsers, once: about 60 MB, a minute"
	npm install --prefix tests/browser --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

# Trusted: what a saved notebook of the series shows may run its script.
lab: .venv/ready
	$(PY) -m jupyter trust notebooks/*.ipynb
	$(PY) -m jupyterlab $(ARGS) \
	  --LabApp.default_url=/lab/tree/notebooks/00_the_question.ipynb

book: .venv/ready-for-book
	$(PY) -m book --url '$(URL)'

build/book/index.html:
	@$(MAKE) --no-print-directory book

book-serve: build/book/index.html
	@$(PY) -m book.serve $(PORT)

exercises: .venv/ready-for-book
	$(PY) -m book.assignments $(NOTEBOOKS)

# Of the notebooks that have any.
slides: .venv/ready-for-book
	$(PY) -m book.slides $(NOTEBOOKS)

test: .venv/ready-to-test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	PYTHONPATH=. .venv/bin/lint-imports
	$(PY) -m deptry .
	MPLBACKEND=agg $(PY) -m pytest --doctest-modules --nbval --nbval-current-env \
	  --nbval-cell-timeout=120 -n $(JOBS) --dist loadfile $(ARGS)

# A class is one worker's: it derives each loss once.
test-more: .venv/ready-to-test
	$(PY) -m pytest tests/more.py -n $(JOBS) --dist loadscope $(ARGS)

# Saved outputs are those of newer versions: lax. And an old Matplotlib calls what newer
# libraries have deprecated; what we call ourselves, `make test` watches.
test-oldest: .venv-oldest/ready-to-test
	MPLBACKEND=agg $(OLDEST) -m pytest --doctest-modules --nbval-lax \
	  --nbval-current-env --nbval-cell-timeout=120 -n $(JOBS) --dist loadfile \
	  -W ignore::DeprecationWarning $(ARGS)

# The wheel of the tree as it is now.
test-wheel: .venv-wheel/ready
	rm -rf build/lib build/bdist.*
	$(WHEEL) $(INSTALL) --force-reinstall --no-deps .
	$(WHEEL) tests/alone.py --jobs $(JOBS) $(NOTEBOOKS)

# As a student does, with the wheel beside the assignments; again where it is newer.
test-exercises: exercises .venv-nbgrader/ready
	$(NBGRADER) $(INSTALL) build/exercises/source/softmax/*.whl
	$(NBGRADER) $(INSTALL) --force-reinstall --no-deps build/exercises/source/softmax/*.whl
	$(NBGRADER) tests/grading.py build/exercises/source/softmax

test-browser: .venv/ready $(DRIVER)/ready
	MPLBACKEND=agg node tests/browser/explorers.mjs $(PY)

test-book: book slides $(DRIVER)/ready
	node --test tests/js/*.mjs
	$(PY) -m tests.browser.expected_answers build/expected.json
	node tests/browser/book.mjs build/book build/expected.json
	node tests/browser/slides.mjs build/slides

test-cluster: .venv/ready-to-test
	$(PY) -m pytest tests/cluster.py $(ARGS)

test-frameworks: .venv/ready-for-frameworks
	$(PY) -m pytest tests/frameworks.py $(ARGS)

cluster: .venv/ready-for-scale
	$(PY) -m arrays.sharded --processes 4 $(ARGS)

fuzz: .venv/ready-to-test
	$(PY) -m tests.fuzzing $(ARGS)

bench: .venv/ready-for-frameworks
	MPLBACKEND=agg $(PY) -m bench $(ARGS)

notebooks: .venv/ready
	$(PY) -m nbconvert --to notebook --execute --inplace \
	  --Exporter.preprocessors=tests.alt_text.AltText \
	  --ClearMetadataPreprocessor.enabled=True \
	  --ClearMetadataPreprocessor.preserve_cell_metadata_mask="{'slideshow', 'tags'}" \
	  --ClearMetadataPreprocessor.preserve_nb_metadata_mask="{'kernelspec', ('language_info', 'name')}" \
	  $(NOTEBOOKS)

certify: .venv/ready
	$(PY) -m certificates.certify --jobs $(JOBS)

certificates: .venv/ready
	$(PY) -m certificates.export

clean:
	rm -rf .venv .venv-oldest .venv-wheel .venv-nbgrader .book build $(DRIVER)
