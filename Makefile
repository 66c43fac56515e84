# The two commands: make demo, make test. Each sets up what is missing; python3.11 or newer is enough.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test check bench messages

setup:
	@$(PYTHON) tools/setup.py

demo: setup
	@$(BIN)/python manage.py demo

test:
	@$(PYTHON) tools/setup.py --browser
	@$(BIN)/pytest -n 2 --dist loadgroup

check: setup
	@$(BIN)/python tools/check.py

bench: setup
	@$(BIN)/python tools/bench.py

# After new wording: collect it, translate it, compile it (needs gettext).
messages:
	@cd portal && ../$(BIN)/python -m portal.embedded ../$(BIN)/python ../manage.py makemessages -l fr
