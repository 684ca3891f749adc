# Everything the compendium makes, from what. `make` alone lists the targets.

CORPUS ?= regioprofielen-2018
# A document or a package is in the language of the run before it, unless one is asked for; a site is in both.
LANG_ASKED := $(filter-out undefined,$(origin LANG_OUT))
LANG_OUT ?= en
# What a user names goes into the environment as it was typed: neither make nor a shell works anything out in it.
VALUES := CORPUS CODER LANG_OUT SOURCES NAME PDFS CORPORA SAMPLE SEED ORDER SHEET MODE CODERS FILE TERMS CODEBOOK BY \
          SCHEDULER
$(foreach name,$(VALUES),$(eval override $(name) := $$(value $(name))))
export $(VALUES)
# Every shell has a USER, its own: only one that was typed after make names a user of a QDA program.
ifneq (,$(filter command,$(origin USER)))
override USER := $(value USER)
export USER
QDA_USER := --user "$$USER"
endif
# A shell may have a LANGUAGE too, that of its own messages.
ifneq (,$(filter command,$(origin LANGUAGE)))
override LANGUAGE := $(value LANGUAGE)
export LANGUAGE
OF_DOCUMENTS := --language "$$LANGUAGE"
endif
PYTHON ?= .venv/bin/python
BOOTSTRAP ?= python3

export PYTHONHASHSEED := 0
export PYTHONPATH := $(CURDIR)
export TZ := UTC
export LC_ALL := C.UTF-8
export SOURCE_DATE_EPOCH := 1609459200
# More threads would make sums differ in the last digit, and gain nothing at this size.
export OMP_NUM_THREADS := 1

# These name folders and files of ours, in targets too: letters, digits and - _ . alone, CORPORA and CODERS several.
LETTERS := a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 - _ .
$(foreach name,CORPUS CORPORA CODERS,$(eval REST := $$(value $(name)))$(foreach letter,$(LETTERS),\
  $(eval REST := $$(subst $(letter),,$$(value REST))))$(if $(strip $(value REST)),\
  $(error $(name)=$(value $(name)): wanted lower-case letters, digits and - _ . only)))
ifneq ($(words $(CORPUS)),1)
$(error CORPUS=$(CORPUS): wanted one folder of data/raw)
endif
FROM := $(if $(SOURCES),--sources "$$SOURCES")
STUDY = --corpus $(CORPUS) $(if $(CODER),--coder "$$CODER") --lang "$$LANG_OUT" $(FROM)
ON_CLUSTER = $(if $(SCHEDULER),--scheduler "$$SCHEDULER")
# That is of the last run, whoever coded, unless something else is asked for.
AS_BEFORE = $(if $(CODER),--coder "$$CODER") $(if $(LANG_ASKED),--lang "$$LANG_OUT") $(FROM)
VENV := $(if $(filter .venv/%,$(PYTHON)),.venv/.done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help all test check lab notebooks features book thesis exchange import sheet code-in code-model adjudicate \
        adjudicate-in codebook \
        package corpus compare bench clean lock

## Show this help
help:
	@awk '/^### /{print "\n" substr($$0, 5)} /^## /{text = substr($$0, 4)} \
	  /^[a-z-]+:/ && text {sub(/:.*/, "", $$1); printf "  make %-14s %s\n", $$1, text; text = ""}' $(MAKEFILE_LIST)
	@echo
	@echo "  Options: CORPUS=name CODER=name LANG_OUT=nl|en SOURCES=dir PYTHON=python"

### The study

## Run the five notebooks and write data/processed and results for CORPUS [SCHEDULER=tcp://host:8786]
# Each target is one command of Python, of the same name. This one runs those of the five notebooks whose inputs have
# changed, by names and bytes whatever their dates; it looks first, and is gone at once where nothing has.
all: $(VENV)
	@$(PYTHON) -m analysis all $(STUDY) $(ON_CLUSTER)

## Open JupyterLab on the whole folder, with the first notebook open
lab: $(VENV)
	@$(PYTHON) -m analysis lab

## Set the five notebooks as one PDF and one Word document (after all)
thesis: $(VENV)
	@$(PYTHON) -m analysis thesis $(CORPUS) $(AS_BEFORE)

## Build the site of the last run, whoever coded, in English and Dutch: notebooks, tables, codebook, with search
book: $(VENV)
	@$(PYTHON) -m analysis book $(CORPUS) $(AS_BEFORE)

## The codebook as a page to read, in HTML and PDF
codebook: $(VENV)
	@$(PYTHON) -m analysis codebook $(CORPUS)

## Start a corpus NAME from the PDFs in PDFS [LANGUAGE=en TERMS=file CODEBOOK=folder SCHEDULER=address]
corpus: $(VENV)
	@$(PYTHON) -m analysis corpus "$$NAME" "$$PDFS" --lang "$$LANG_OUT" $(OF_DOCUMENTS) $(if $(TERMS),--terms "$$TERMS") \
	  $(if $(CODEBOOK),--codebook "$$CODEBOOK") $(ON_CLUSTER)

## Compare corpora that have been run, in the order of their years: CORPORA="a b c"; or one by a column: BY=year
compare: $(VENV)
	@$(PYTHON) -m analysis compare $(CORPORA) $(if $(BY),--by "$$BY") $(if $(CODER),--coder "$$CODER") --lang "$$LANG_OUT"

### Code by hand

## Write a coding sheet for CODER=name [SAMPLE=60 SEED=1 ORDER=uncertain|representative]
sheet: $(VENV)
	@$(PYTHON) -m analysis sheet "$$CODER" --corpus $(CORPUS) --lang "$$LANG_OUT" $(FROM) \
	  $(if $(SAMPLE),--sample "$$SAMPLE") $(if $(SEED),--seed "$$SEED") $(if $(ORDER),--order "$$ORDER")

## Let a language model code: MODEL=name [URL=http://localhost:11434/v1 SAMPLE=60 CONFIRM=host]
code-model: $(VENV)
	@$(PYTHON) -m analysis code-model --model "$(MODEL)" --corpus $(CORPUS) $(FROM) $(if $(URL),--url "$(URL)") \
	  $(if $(CODER),--coder "$(CODER)") $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(CONFIRM),--confirm "$(CONFIRM)")

## Make a coder of a filled-in coding sheet: SHEET=file
code-in: $(VENV)
	@$(PYTHON) -m analysis code-in "$$SHEET" $(FROM) $(if $(MODE),"--$$MODE")

## Write a sheet to settle the differences of two coders: CODERS="a b"
adjudicate: $(VENV)
	@$(PYTHON) -m analysis adjudicate $(CODERS) --corpus $(CORPUS) $(FROM)

## Make a coder of a settled sheet: SHEET=file [CODER=name]
adjudicate-in: $(VENV)
	@$(PYTHON) -m analysis adjudicate-in "$$SHEET" $(if $(CODER),--coder "$$CODER") $(FROM) $(if $(MODE),"--$$MODE")

### Exchange

## Write the codings for QDA programs (REFI-QDA .qdpx and .qdc, Taguette, CSV)
exchange: $(VENV)
	@$(PYTHON) -m analysis exchange $(CORPUS) --lang "$$LANG_OUT" $(FROM)

## Make a coder of a .qdpx that came back: FILE=… CODER=name [USER=name MODE=add|replace]
import: $(VENV)
	@$(PYTHON) -m analysis import "$$FILE" --coder "$$CODER" $(QDA_USER) --corpus $(CORPUS) $(FROM) $(if $(MODE),"--$$MODE")

## Describe the tables (datapackage.json), and the run with its hashes (RO-Crate)
package: $(VENV)
	@$(PYTHON) -m analysis all --as-before --corpus $(CORPUS) $(AS_BEFORE)
	@$(PYTHON) -m analysis package
	@$(PYTHON) -m analysis crate $(CORPUS) $(if $(LANG_ASKED),--lang "$$LANG_OUT") $(FROM)

### Maintain

## Check everything: style, unit tests, and the committed notebooks cell by cell (nbval)
test: $(VENV)
	@$(PYTHON) -m analysis test

## The fast half of test: style and unit tests
check: $(VENV)
	@$(PYTHON) -m analysis check

## Run the notebooks in place, so that their committed outputs are fresh
notebooks: $(VENV)
	@$(PYTHON) -m analysis notebooks

## Read the thesis in SOURCES and write the shipped features of CORPUS anew; FORCE=1 also where they differ
features: $(VENV)
	@$(PYTHON) -m analysis features $(CORPUS) $(FROM) $(if $(FORCE),--force)

## Measure search, growth, the commands and pages one waits for, and size, each with its bound [BESIDE=another checkout]
bench: $(VENV)
	@$(PYTHON) -m analysis bench $(if $(BESIDE),--beside "$(BESIDE)")

## Resolve requirements.lock anew from pyproject.toml: what it pins stays, unless UPGRADE=1
lock: $(VENV)
	@$(PYTHON) -m analysis lock $(if $(UPGRADE),--upgrade)

## Remove what make can remake: results, caches, and the tables of other corpora
clean: $(VENV)
	@$(PYTHON) -m analysis clean

.venv/.done: requirements.lock pyproject.toml
	@$(BOOTSTRAP) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is wanted; name one with: make BOOTSTRAP=python3.12"; exit 1; }
	$(BOOTSTRAP) -m venv .venv
	.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@# So that notebooks find the package wherever they are started, and .venv/bin/thesisrun is there.
	.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
