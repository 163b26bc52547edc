# make report and make test do all their set-up by themselves; see .ci/setup for what that is.
.DEFAULT_GOAL := help
.PHONY: help report serve test test-slow test-all setup lint validate check dist windows bundle image trials benchmark gallery site coverage fuzz mutate pins clean

WORKBOOK ?= inputs/105-12-25.xlsx
bin := .venv/bin
# Every process of a test would compile the program again where this is set.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

report: ## the sample edition as PDF and Word, in output/ (another one: make report WORKBOOK=…)
	@.ci/setup report
	@$(bin)/reportgen build $(WORKBOOK)

serve: ## the page in the browser (followed from save to save: make serve WORKBOOK=…)
	@.ci/setup report
	@$(bin)/reportgen serve $(if $(filter command line,$(origin WORKBOOK)),$(WORKBOOK))

# Tests that need what only other targets set up: make validate, windows, bundle.
elsewhere := validators or wine or bundle
pytest := $(bin)/python -m pytest --dist worksteal

test: ## the quick tests: what to run while working
	@.ci/setup test
	@$(pytest) --numprocesses 2 -m "not ($(elsewhere) or slow)"

# A third process works while two wait for browsers and LibreOffice.
test-slow: ## the other tests: many documents, browsers, LibreOffice, killed processes
	@.ci/setup test
	@$(pytest) --numprocesses 3 -m "slow and not ($(elsewhere))"

test-all: ## both
	@.ci/setup test
	@$(pytest) --numprocesses 3 -m "not ($(elsewhere))"

setup: ## all that reports, tests and validators need
	@.ci/setup check

lint: ## style, types (of the page's JavaScript, too), layers
	@.ci/setup test
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/mypy
	@$(bin)/lint-imports
	@.ci/page-types/check

validate: setup ## what veraPDF and the Open XML SDK say of the built sample
	@VALIDATORS=required $(bin)/python -m pytest -m validators

check: lint validate ## lint and validate

dist: ## the wheel and the source distribution, in dist/ (docs/installation.md)
	@.ci/setup report
	@$(bin)/python -m hatchling build

windows: ## the folder for Windows, as a zip in dist/ (on Debian)
	@.ci/setup windows
	@packaging/windows/build

bundle: ## the folder for Linux that needs no installation, as a tar.gz in dist/ (on Debian)
	@.ci/setup bundle
	@packaging/bundle/build

image: ## the image for containers, in dist/ (on Debian)
	@.ci/setup trials
	@packaging/container/build

trials: image ## each way to get the program, on a bare Debian (as root)
	@packaging/trials/run

benchmark: ## the time of a build, beside WeasyPrint's alone
	@.ci/setup report
	@$(bin)/python benchmarks/build_vs_weasyprint.py

gallery: ## the pictures of every document in docs/gallery
	@.ci/setup test
	@$(bin)/python -m tests.gallery

site: ## the documentation as a site for any web server or folder, in dist/site
	@.ci/setup test
	@$(bin)/python -m tests.docs_site

PARTS ?=

coverage: ## lines and branches that the tests run: make coverage PARTS="formula compute compare archive"
	@.ci/setup test
	@$(bin)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: --requirement .ci/requirements-coverage.txt
	@$(bin)/python -m tests.coverage_report $(PARTS)

TARGET ?= formula
MINUTES ?= 60

fuzz: ## coverage-guided fuzzing: make fuzz TARGET=formula|workbook|archive MINUTES=60
	@.ci/setup test
	@$(bin)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: --requirement .ci/requirements-fuzz.txt
	@$(bin)/python -m tests.coverage_fuzz $(TARGET) --minutes $(MINUTES)

PART ?= formula
SAMPLE ?= 150
SEED ?= 1

mutate: ## mutation testing: make mutate PART=formula|compute|compare|archive SAMPLE=150|all SEED=1
	@.ci/setup test
	@$(bin)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: --requirement .ci/requirements-mutation.txt
	@$(bin)/python -m tests.mutation $(PART) $(if $(filter all,$(SAMPLE)),,--sample $(SAMPLE) --seed $(SEED))

pins: ## renew the pinned requirements after a change of pyproject.toml
	@.ci/pins

clean: ## remove what the commands above made, but not output/
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
