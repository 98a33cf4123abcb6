# Everything a checkout needs; see README.md. Nothing outside this folder is written, but for `fonts`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := .tools/bin/uv
BIN := .venv/bin
READY := .venv/.ready
SHARED := $(or $(KUAIZHENG_SHARED),../shared)
COMPILE := $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
  --no-annotate --no-emit-index-url --no-emit-find-links

# A proxy of the house may sign with a certificate that only the system knows.
export UV_SYSTEM_CERTS ?= true

# What `make chaos` must hold and `make test` runs at full size already.
FULL_EVERY_DAY := tests/unit/guard/test_forbidden_urls.py tests/integration/test_service_leaks.py

.PHONY: help setup demo test test-notebook test-paddle test-train check bench bench-service chaos check-real format fonts \
  postgres node-tools lock clean \
  train-env paddle-env scene-env

help:  ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(READY)  ## The environment .venv with the project in it (extra cpu)

demo: setup  ## Check the four example cases and print what differs
	$(BIN)/kuaizheng check examples --html out/demo || test $$? -eq 1  # 1: a case lacks something, as three of them do
	@echo "Proof sheets: $$(ls out/demo/*.html | tr '\n' ' ')"

test: setup fonts postgres node-tools test-notebook  ## All tests
	$(BIN)/pytest -q

test-notebook: setup  ## The notebooks, executed
	$(BIN)/pytest -q --nbmake --nbmake-timeout=240 -p no:cacheprovider notebooks

test-train: train-env  ## Every training once through on eight photos a folder, minutes
	@test -d "$(SHARED)/data" || { echo "no photos at $(SHARED)/data; set KUAIZHENG_SHARED" >&2; exit 1; }
	YOLO_OFFLINE=true YOLO_AUTOINSTALL=false .venv-train/bin/python -m tests.train.run --shared "$(SHARED)"

test-paddle: paddle-env fonts  ## Our text reading against PaddleOCR's, minutes
	.venv-paddle/bin/python -m pytest -q -rP -p no:cacheprovider tests/paddle  # -rP: prints how many lines are equal

check: setup  ## Lint, format, types, README against the model cards
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m datasets.readme_table --check
	$(BIN)/python -m datasets.missed --check

bench: setup  ## Time and memory, printed
	$(BIN)/python -m tests.benchmarks.run

bench-service: setup postgres  ## Accepted uploads a second of 4 MB, on SQLite and PostgreSQL, printed
	$(BIN)/python -m tests.benchmarks.service

chaos: setup postgres  ## The service under kills, full disks, lost databases and poisoned files, at full size: an hour
	$(BIN)/pytest -q -s tests/chaos $(FULL_EVERY_DAY)

check-real: setup  ## A contact sheet of facts on real photos, to be looked at: out/contact_sheet
	@test -d "$(SHARED)/data" || { echo "no photos at $(SHARED)/data; set KUAIZHENG_SHARED" >&2; exit 1; }
	$(BIN)/python -m datasets.contact_sheet --data "$(SHARED)/data" --out out/contact_sheet

format: setup  ## Sort imports and lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

postgres:  ## The PostgreSQL server that the service's tests start for themselves
	@scripts/postgres.sh

node-tools: setup  ## The JavaScript clients that the service's tests use
	@scripts/node_tools.sh $(CURDIR)/$(BIN)/python

fonts:  ## The Noto CJK fonts that drawn documents and plates use
	@scripts/fonts.sh

lock: $(UV)  ## Compile requirements/*.txt anew
	$(COMPILE) pyproject.toml --extra cpu -o requirements/cpu.txt >/dev/null
	$(COMPILE) pyproject.toml --extra gpu -o requirements/gpu.txt >/dev/null
	$(COMPILE) pyproject.toml --extra cpu --extra evaluate --extra otel requirements/dev.in -o requirements/dev.txt >/dev/null
	$(COMPILE) requirements/paddle.in --override requirements/paddle-overrides.txt -o requirements/paddle.txt >/dev/null
	$(COMPILE) requirements/scene.in -o requirements/scene.txt >/dev/null
	$(COMPILE) requirements/train.in -o requirements/train.txt >/dev/null
	$(COMPILE) --no-deps requirements/train-nodeps.in -o requirements/train-nodeps.txt >/dev/null
	$(COMPILE) requirements/uv.in -o requirements/uv.txt >/dev/null

clean:  ## Remove environments, caches and outputs
	rm -rf .venv .venv-* .tools build dist out runs .pytest_cache .mypy_cache .ruff_cache .hypothesis

train-env: .venv-train/.ready  ## Training: ultralytics on a CPU torch
paddle-env: .venv-paddle/.ready  ## PaddleOCR on its onnxruntime engine
scene-env: fonts .venv-scene/.ready  ## Blender as a module, and the fonts it draws plates with; Python 3.11

$(UV): requirements/uv.txt
	@scripts/uv.sh "$(PYTHON)"
	@touch -h $@

$(READY): $(UV) requirements/dev.txt pyproject.toml
	$(UV) venv --quiet --allow-existing --python "$(PYTHON)" .venv
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv-paddle/.ready: $(UV) requirements/paddle.txt
	$(UV) venv --quiet --allow-existing --python "$(PYTHON)" .venv-paddle
	$(UV) pip sync --quiet --python .venv-paddle/bin/python --require-hashes requirements/paddle.txt
	@touch $@

.venv-scene/.ready: $(UV) requirements/scene.txt
	$(UV) venv --quiet --allow-existing --python 3.11 .venv-scene
	$(UV) pip sync --quiet --python .venv-scene/bin/python --require-hashes requirements/scene.txt
	.venv-scene/bin/python -c 'import bpy; print("Blender", bpy.app.version_string)'
	@touch $@

.venv-train/.ready: requirements/train.txt requirements/train-nodeps.txt
	scripts/train_env.sh "$(PYTHON)" .venv-train
	@touch $@
