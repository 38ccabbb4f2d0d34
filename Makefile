# The two commands of the README. scripts/setup makes the virtual environment and returns at once when it is up to date.

VENV ?= .venv
python = "$(VENV)/bin/python"

.PHONY: help install run test

help:
	@echo 'make run                         install everything, then open the window'
	@echo 'make run ARGS="predict cat.jpg"  the same with arguments for cnngui'
	@echo 'make test                        install everything, then check and test the code'
	@echo 'make install                     install everything that make run needs, start nothing'
	@echo
	@echo 'PYTHON=/path/to/python3.13 chooses the Python, VENV=folder the virtual environment (.venv).'

install:
	@scripts/setup "$(VENV)"

run:
	@scripts/setup "$(VENV)"
	@exec $(python) -m cnngui $(ARGS)

test:
	@scripts/setup "$(VENV)" test
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	"$(VENV)/bin/lint-imports" --no-logo --no-cache
	$(python) -m pytest -n 2 --dist loadfile $(ARGS)
