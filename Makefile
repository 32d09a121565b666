# make run    open the application on ./data (or HOME_DIR=…), set up on first use
# make demo   open it on thirteen months of made-up observations
# make test   all tests          make test-fast   without the slow ones
# make lint   style, types, layers
# make bench  the figures of README, one table, about ten minutes; make bench-large with 200 million
#             postings too (half an hour, 15 GB of disk for a while); some: make bench TOPICS="rank save"
# make lock   pin the dependencies anew (after editing requirements/*.in)

PYTHON ?= python3
HOME_DIR ?= data
DEMO_DIR ?= demo
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install
SOURCES := $(wildcard plugins/*/*.py plugins/*/*.toml) pyproject.toml
TEST_WORKERS ?= 2

.PHONY: run demo test test-fast test-duckdb-1.5 lint bench bench-large lock clean

run: $(VENV)/.run
	@$(BIN)/gsjx --home $(HOME_DIR)

demo: $(VENV)/.run
	@$(BIN)/python -m gsjx_tui.demo --home $(DEMO_DIR)
	@$(BIN)/gsjx --home $(DEMO_DIR)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal

test-fast: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal -m "not slow"

# The same on DuckDB 1.5, which other tools of an office may still use, in an environment of its own.
test-duckdb-1.5:
	$(MAKE) VENV=.venv-duckdb-1.5 .venv-duckdb-1.5/.dev
	.venv-duckdb-1.5/bin/python -m pip --disable-pip-version-check -q install 'duckdb==1.5.*'
	.venv-duckdb-1.5/bin/python -m pytest -n $(TEST_WORKERS) --dist worksteal -m "not slow"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(TOPICS)

bench-large: $(VENV)/.dev
	@$(BIN)/python -m benchmarks --large

lock: $(VENV)/.dev
	cd requirements && for name in run dev; do \
	    ../$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	        --no-annotate --no-emit-index-url --no-emit-find-links -q $$name.in -o $$name.lock; done

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo '需要 Python 3.11 或更新的版本；可用 make PYTHON=/路径/python3 指定。'; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	    || { rm -rf $(VENV); echo '不能建立虚拟环境；Debian、Ubuntu 请先安装 python3-venv。'; exit 1; }

# The program is installed in place, the stage plugins as copies, all byte-compiled for a fast start.
INSTALL = $(PIP) --no-build-isolation --no-deps -e . && \
	for plugin in plugins/*/; do $(PIP) --no-build-isolation --no-deps --force-reinstall ./$$plugin || exit 1; done && \
	$(BIN)/python -m compileall -q src

$(VENV)/.run: requirements/run.lock $(SOURCES) | $(BIN)/python
	@echo '正在安装（第一次需要几分钟）……'
	@$(PIP) --require-hashes -r requirements/run.lock
	@$(INSTALL)
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(SOURCES) | $(BIN)/python
	@$(PIP) --require-hashes -r requirements/dev.lock
	@$(INSTALL)
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
