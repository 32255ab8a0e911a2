# Everything from a fresh clone: each target makes the environment that it needs, once for each pyproject.toml.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
EXAMPLES := $(addprefix fixtures/programs/ratings/ratings_,regression.py classification.py)

.PHONY: demo test lint matrix soak bench evidence false-confirmations mutants strangers precision clean

# Old versions of pip know no dependency groups, so pip comes first.
$(STAMP)-%: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet -e '.[confirm]' $(if $(filter dev,$*),--group dev)
	touch $@

# A lint run that finds something exits with a code that is not 0; here that is the point. 32 is wrong usage.
demo: $(STAMP)-demo
	$(BIN)/pylint --load-plugins=keraslint --disable=C,R $(EXAMPLES) || test $$? -lt 32
	$(BIN)/keraslint confirm $(firstword $(EXAMPLES)) || test $$? -eq 1

test: $(STAMP)-dev
	$(BIN)/python -m pytest -n 2

lint: $(STAMP)-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/keraslint check keraslint tools benchmarks  # the tests hold faults on purpose

# The lint half of the suite on every Python found here, with the lowest and the highest pylint that we allow.
LOWEST := $(shell sed -n 's/.*"pylint>=\([0-9.]*\),.*/\1/p' pyproject.toml)
PYTHONS := 3.10 3.11 3.12 3.13
found = $(or $(shell python$1 -c "import sys; print(sys.executable)" 2>/dev/null),$\
	$(lastword $(sort $(wildcard $(HOME)/.pyenv/versions/$1.*/bin/python))))
version = $(firstword $(subst -, ,$*))

matrix: $(foreach python,$(PYTHONS),$(if $(call found,$(python)),matrix-$(python)-lowest matrix-$(python)-highest))
	@echo "matrix: passed: $(^:matrix-%=%)"

matrix-%: pyproject.toml
	@echo "== Python $(subst -, with the ,$*) pylint"
	@$(call found,$(version)) -m venv .venv-matrix/$*
	@.venv-matrix/$*/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	@.venv-matrix/$*/bin/python -m pip install --quiet --upgrade -e . --group lint \
		"pylint$(if $(filter %-lowest,$*),==$(LOWEST),>=$(LOWEST))"
	@.venv-matrix/$*/bin/python -m pylint --version
	.venv-matrix/$*/bin/python -m pytest -n 2 -m "not keras"

soak: $(STAMP)-dev
	KERASLINT_EXAMPLES=5000 $(BIN)/python -m pytest -n 0 -W ignore --hypothesis-show-statistics tests/shapes/test_random_graphs.py

# Each benchmark in a small size; its own docstring says what is good. An idle machine makes the times worth reading.
bench: $(STAMP)-dev
	$(BIN)/python benchmarks

# Trains what every rule finds in its fixtures, and writes docs/EVIDENCE.md: half an hour.
evidence: $(STAMP)-dev
	$(BIN)/python tools/evidence.py

# Trains hundreds of sound models: half an hour on two idle cores.
false-confirmations: $(STAMP)-dev
	$(BIN)/python benchmarks/false_confirmations.py

# Changes confirm's judging, data and plans in hundreds of small ways; its fast tests have to notice. The rules are
# changed by `benchmarks/mutations.py --of rules`.
mutants: $(STAMP)-dev
	$(BIN)/python benchmarks/mutations.py

# Downloads packages with Keras code once, then says how much of their models is recovered, and why not the rest.
strangers: $(STAMP)-dev
	test -d .corpora || $(BIN)/python benchmarks/strangers.py --fetch .corpora
	$(BIN)/python benchmarks/strangers.py .corpora/*

# Downloads packages by experts once, lints them, and fails on a finding without a verdict and on false alarms.
precision: $(STAMP)-dev
	test -d .precision || $(BIN)/python benchmarks/precision.py --fetch .precision
	$(BIN)/python benchmarks/precision.py .precision/*

clean:
	rm -rf $(VENV) .venv-matrix
