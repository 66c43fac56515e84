# The two commands: make demo, make test. Each sets up what is missing; Python 3.11 or newer is enough.
# Another Python than python3: make PYTHON=python3.12 …
PYTHON ?= python3
BIN := .venv/bin
# A Python too old to read the script still says what is needed.
OLD := import sys; sys.version_info < (3, 8) and sys.exit("The portal needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])
SETUP := $(PYTHON) -c '$(OLD)' && $(PYTHON) tools/setup.py

.PHONY: setup demo test check bench messages

setup:
	@$(SETUP)

demo: setup
	@exec $(BIN)/python manage.py demo

# Three processes on two cores: those that wait for a browser or a worker leave theirs to the others.
# What pytest makes of a test's asserts is kept, also where Python is told to keep no bytecode.
test:
	@$(SETUP) --browser
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 3 --dist loadgroup

check: setup
	@$(BIN)/python tools/check.py

# One or more of tests/bench by name: make bench ONLY="lists sync"
bench: setup
	@$(BIN)/python tools/bench.py $(ONLY)

# After new wording: collect it, then translate it, then run this again to compile it.
messages: setup
	@$(BIN)/python tools/messages.py
