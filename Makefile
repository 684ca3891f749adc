# Everything the compendium makes, from what. `make` alone lists the targets.

CORPUS ?= regioprofielen-2018
CODER ?=
LANG_OUT ?= en
SOURCES ?=
PYTHON ?= .venv/bin/python
BOOTSTRAP ?= python3

export PYTHONHASHSEED := 0
export PYTHONPATH := $(CURDIR)
export TZ := UTC
export LC_ALL := C.UTF-8
export SOURCE_DATE_EPOCH := 1609459200
# More threads would make sums differ in the last digit, and gain nothing at this size.
export OMP_NUM_THREADS := 1

RAW := data/raw/$(CORPUS)
OWN_SOURCES := $(wildcard $(RAW)/sources/*.pdf $(RAW)/sources/*.txt)
HAS_SOURCE := $(or $(SOURCES),$(OWN_SOURCES))
# A corpus that ships its features keeps them clean: a run from its source writes elsewhere.
RUN := $(CORPUS)$(if $(HAS_SOURCE),$(if $(wildcard $(RAW)/fragments.csv),-source))
OUT := results/$(RUN)
DONE := $(OUT)/notebooks
PARAMETERS := corpus=$(CORPUS) coder=$(CODER) lang=$(LANG_OUT) sources=$(SOURCES)
FROM := $(if $(SOURCES),--sources "$(SOURCES)")
VENV := $(if $(filter .venv/%,$(PYTHON)),.venv/.done)
# Code, styles and templates alike.
CODE := $(sort $(shell find analysis -type f -not -path '*/__pycache__/*'))
INPUTS := $(VENV) $(CODE) $(OUT)/.parameters $(wildcard data/raw/codebook/*) \
          $(wildcard $(RAW)/*.*) $(wildcard $(RAW)/codings/*) $(OWN_SOURCES)
NOTEBOOKS := 01_extract 02_code 03_glocalisation 04_brabantstad 05_figures

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help all test check lab notebooks features book exchange import sheet code-in code-model adjudicate codebook package \
        corpus compare bench clean lock FORCE

## Show this help
help:
	@awk '/^### /{print "\n" substr($$0, 5)} /^## /{text = substr($$0, 4)} \
	  /^[a-z-]+:/ && text {sub(/:.*/, "", $$1); printf "  make %-12s %s\n", $$1, text; text = ""}' $(MAKEFILE_LIST)
	@echo
	@echo "  Options: CORPUS=$(CORPUS) CODER=name LANG_OUT=nl|en SOURCES=dir PYTHON=python"

### The study

## Run the five notebooks and write data/processed and results for CORPUS
all: $(NOTEBOOKS:%=$(DONE)/%.ipynb)

$(DONE)/02_code.ipynb: $(DONE)/01_extract.ipynb
$(DONE)/03_glocalisation.ipynb $(DONE)/04_brabantstad.ipynb: $(DONE)/02_code.ipynb
$(DONE)/05_figures.ipynb: $(DONE)/03_glocalisation.ipynb $(DONE)/04_brabantstad.ipynb

$(DONE)/%.ipynb: notebooks/%.ipynb $(INPUTS)
	@$(PYTHON) -m analysis run $* $@ $(PARAMETERS)

CENTRAL := book/_static/central-figure.svg
# The README shows the central figure of the default run; touched so that make rests.
ifeq ($(RUN)-$(CODER)-$(LANG_OUT),regioprofielen-2018--en)
all: $(CENTRAL)
endif
$(CENTRAL): $(DONE)/05_figures.ipynb
	@mkdir -p $(@D)
	@cmp -s $(OUT)/figures/03-regimes.svg $@ || cp $(OUT)/figures/03-regimes.svg $@
	@touch $@

# Rewritten only when a parameter changes, so that other parameters make the notebooks run again.
$(OUT)/.parameters: FORCE
	@mkdir -p $(@D)
	@echo '$(PARAMETERS)' | cmp -s - $@ || echo '$(PARAMETERS)' > $@

## Open JupyterLab on the whole folder, with the first notebook open
lab: $(VENV)
	$(PYTHON) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/notebooks/01_extract.ipynb

## Build the site: the notebooks, tables, claims and codebook, with search (after all)
book: all
	@$(PYTHON) -m analysis book $(CORPUS) $(if $(CODER),--coder $(CODER)) --lang $(LANG_OUT) $(FROM)

## The codebook as a page to read, in HTML and PDF
codebook: $(VENV)
	@$(PYTHON) -m analysis codebook $(CORPUS)

## Start a corpus NAME from the PDFs in a folder PDFS
corpus: $(VENV)
	@$(PYTHON) -m analysis corpus "$(NAME)" "$(PDFS)"

## Compare two corpora that have been run: CORPORA="a b"
compare: $(VENV)
	@$(PYTHON) -m analysis compare $(CORPORA)

### Code by hand

## Write a coding sheet for CODER=name [SAMPLE=60 SEED=1 ORDER=uncertain|representative]
sheet: $(VENV)
	@$(PYTHON) -m analysis sheet "$(CODER)" --corpus $(CORPUS) --lang $(LANG_OUT) $(FROM) \
	  $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) $(if $(ORDER),--order $(ORDER))

## Let a language model code: MODEL=name [URL=http://localhost:11434/v1 SAMPLE=60 CONFIRM=host]
code-model: $(VENV)
	@$(PYTHON) -m analysis code-model --model "$(MODEL)" --corpus $(CORPUS) $(FROM) $(if $(URL),--url "$(URL)") \
	  $(if $(CODER),--coder "$(CODER)") $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(CONFIRM),--confirm "$(CONFIRM)")

## Make a coder of a filled-in coding sheet: SHEET=file
code-in: $(VENV)
	@$(PYTHON) -m analysis code-in "$(SHEET)" $(FROM) $(if $(MODE),--$(MODE))

## Write a sheet to settle the differences of two coders: CODERS="a b"
adjudicate: $(VENV)
	@$(PYTHON) -m analysis adjudicate $(CODERS) --corpus $(CORPUS) $(FROM)

### Exchange

## Write the codings for QDA programs (REFI-QDA .qdpx and .qdc, Taguette, CSV)
exchange: $(VENV)
	@$(PYTHON) -m analysis exchange $(CORPUS) $(FROM)

## Make a coder of a .qdpx that came back: FILE=… CODER=name
import: $(VENV)
	@$(PYTHON) -m analysis import "$(FILE)" --coder "$(CODER)" --corpus $(CORPUS) $(FROM)

## Describe the tables (datapackage.json), and the run with its hashes (RO-Crate)
package: all
	@$(PYTHON) -m analysis package
	@$(PYTHON) -m analysis crate $(CORPUS) $(FROM)

### Maintain

## Check everything: style, unit tests, and the committed notebooks cell by cell (nbval)
test: $(VENV)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m pytest -q tests
	ANALYSIS_TIER=features $(PYTHON) -m pytest -q --nbval --nbval-current-env -p no:cacheprovider notebooks/0*.ipynb

## The fast half of test: style and unit tests
check: $(VENV)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m pytest -q tests

## Run the notebooks in place, so that their committed outputs are fresh
notebooks: $(VENV)
	@for name in $(NOTEBOOKS); do ANALYSIS_TIER=features $(PYTHON) -m analysis refresh $$name || exit 1; done

## Read the thesis in SOURCES and write the shipped features of CORPUS anew
features: $(VENV)
	@$(PYTHON) -m analysis features $(CORPUS) --sources "$(SOURCES)"

## Measure the search against its peers, and how often a corrected share's interval holds the truth
bench: $(VENV)
	@$(PYTHON) tests/bench/search.py
	@$(PYTHON) tests/bench/shares.py

## Resolve requirements.lock anew from pyproject.toml: what it pins stays, unless UPGRADE=1
lock: $(VENV)
	$(PYTHON) -m pip install -q uv
	$(PYTHON) -m uv pip compile -q --universal --python-version 3.11 --all-extras --generate-hashes --no-annotate \
	  --no-emit-index-url --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements.lock

## Remove what make can remake: results, caches, and the tables of other corpora
clean:
	rm -rf results .cache $(filter-out data/processed/regioprofielen-2018,$(wildcard data/processed/*))

.venv/.done: requirements.lock pyproject.toml
	@$(BOOTSTRAP) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is wanted; name one with: make BOOTSTRAP=python3.12"; exit 1; }
	$(BOOTSTRAP) -m venv .venv
	.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@# So that notebooks find the package wherever they are started, and .venv/bin/thesisrun is there.
	.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
