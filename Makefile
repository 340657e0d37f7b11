# Two commands: `make run` starts everything, `make test` proves it. Both set themselves up.
PYTHON ?= python3
BIN = .venv/bin
hash = $(shell $(PYTHON) -c "import hashlib,pathlib,sys; print(hashlib.sha256(b''.join(pathlib.Path(f).read_bytes() for f in sys.argv[1:])).hexdigest())" $(1))
RUN_STAMP = .venv/.run-$(call hash,requirements.txt requirements.lock)
DEV_STAMP = .venv/.dev-$(call hash,requirements.txt requirements.lock requirements-dev.txt requirements-oracles.txt)

SERVICES_STAMP = .venv/.services-$(call hash,requirements-s3.txt requirements-services.txt)

# One process a core, four at most: each loads torch and makes a database. `make test PARALLEL=` is serial.
PARALLEL ?= -n logical --maxprocesses 4 --dist worksteal

.PHONY: run test test-fast test-services test-exchange test-chaos test-attack audit lint format bench bench-painter bench-pipeline bench-load bench-effort bench-voting lock browser node

run: $(RUN_STAMP)
	@$(BIN)/python manage.py up

test: lint browser
	$(BIN)/python -m pytest $(PARALLEL) -m "not alone and not long"
	$(BIN)/python -m pytest -m "alone and not long"
	@if command -v node >/dev/null; then node --test tests/painter/*.test.js tests/pipeline/*.test.js; \
	else echo "Node is not installed: the unit tests of the scripts were left out."; fi

test-fast: $(DEV_STAMP)
	$(BIN)/python -m pytest $(PARALLEL) -m "not browser and not slow and not long"

# Starts PostgreSQL, Redis, RabbitMQ and an S3 server itself; says what is not installed.
# Tests of one file stay together: they empty the queues that they share.
test-services: $(SERVICES_STAMP)
	$(BIN)/python -m tests.services $(if $(PARALLEL),$(PARALLEL) --dist loadfile)

# Our exports in labelme's and datumaro's own readers, in an environment of theirs: labelme is GPL and
# datumaro wants an older Pillow, so neither is a dependency. And a lab of 60 photographs moves in and
# out, of which `make test` takes 20. Not part of `make test`.
test-exchange: $(DEV_STAMP)
	$(PYTHON) -m venv .venv/exchange
	.venv/exchange/bin/pip install -q numpy pillow loguru tifffile
	.venv/exchange/bin/pip install -q --no-deps "labelme>=6,<7"
	@.venv/exchange/bin/pip install -q "datumaro>=1.10,<2" || echo "datumaro could not be installed."
	EXCHANGE_PYTHON=.venv/exchange/bin/python MOVING_EACH=12 $(BIN)/python -m pytest \
	tests/annotate/exchange/test_oracles.py tests/annotate/exchange/test_moving.py

# kill -9 of every process at random while people work; of loops that train, to the bit; a clock that
# jumps; workers without memory; kill -9 of a batch over 2,000 mixed files; and the tests marked long.
# Some fifteen minutes on a quiet machine. Not part of CI.
test-chaos: $(DEV_STAMP)
	$(BIN)/python -m pytest -m long
	$(BIN)/python -m tests.crowd.chaos
	$(BIN)/python -m tests.crowd.killed_training
	$(BIN)/python -m tests.crowd.clock_jumps
	$(BIN)/python -m tests.crowd.little_memory
	$(BIN)/python -m tests.pipeline.batch.mixed

# Strangers who mean it, for some minutes: half requests, guesses, floods, each boundary of each field of
# the interface; on loopback only.
test-attack: $(DEV_STAMP)
	$(BIN)/python -m tests.attack
	FUZZ_EXAMPLES=20 $(BIN)/python -m pytest $(PARALLEL) tests/test_schema_fuzz.py

# Known holes of the installed packages, asked of the public database; offline it says so and passes.
audit: $(RUN_STAMP)
	@$(BIN)/python -m tests.benchmarks.audit

lint: $(DEV_STAMP) node
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	@if [ -x node_modules/.bin/tsc ]; then node_modules/.bin/tsc -p jsconfig.json; fi

format: $(DEV_STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(RUN_STAMP)
	$(BIN)/python -m tests.benchmarks

bench-painter: $(DEV_STAMP)
	$(BIN)/python -m tests.benchmarks painter queue strokes_shown

bench-pipeline: $(RUN_STAMP)
	$(BIN)/python -m tests.benchmarks pipeline large

# 100 painters, 20 voters and 20 uploaders for three minutes on PostgreSQL and Redis; then uploads alone.
bench-load: $(DEV_STAMP)
	$(BIN)/python -m tests.crowd.load
	$(BIN)/python -m tests.benchmarks crowd hostile

bench-effort: $(RUN_STAMP)
	$(BIN)/python -m tests.benchmarks effort

bench-voting: $(RUN_STAMP)
	$(BIN)/python -m tests.benchmarks voting
	$(BIN)/python manage.py simulate

# Fits requirements.lock to requirements.txt; UPGRADE=--upgrade takes the newest that it allows.
lock:
	@test -x var/lock/bin/uv || { $(PYTHON) -m venv var/lock && var/lock/bin/python -m pip install -q 'uv>=0.9,<1'; }
	PATH="$(CURDIR)/var/lock/bin:$$PATH" $(PYTHON) -m tests.benchmarks.lock $(UPGRADE)

# --- set-up: each step runs only when what it depends on has changed -----------------------

.venv/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Heirloom needs Python 3.11 or newer: make run PYTHON=/path/to/python3.11')"
	$(PYTHON) -m venv .venv

PIP = $(BIN)/python -m pip install --disable-pip-version-check -q --no-compile
# pip has one core do it
COMPILE = @$(BIN)/python -m compileall -q -j 0 .venv/lib/python*/site-packages >/dev/null 2>&1 || true

# Every file is checked by its hash but torch's, which differs by index (processor or card).
.venv/.run-%: | .venv/bin/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) "$$(grep '^torch==' requirements.txt)"
	$(COMPILE)
	@rm -f .venv/.run-* && touch $@

.venv/.dev-%: | $(RUN_STAMP)
	$(PIP) -r requirements-dev.txt
	$(PIP) --no-deps -r requirements-oracles.txt
	$(COMPILE)
	@rm -f .venv/.dev-* && touch $@

.venv/.services-%: $(DEV_STAMP)
	@$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-services.txt \
	&& rm -f .venv/.services-* && touch $@ || echo "The S3 server in Python could not be installed."

# The painter's types are checked where Node exists; the site itself needs none.
node: ; @if command -v npm >/dev/null && [ ! -x node_modules/.bin/tsc ]; then npm install --no-audit --no-fund --silent; fi

browser: $(DEV_STAMP)
	@sh tests/browser/find_chromium.sh
