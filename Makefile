# Luntan. `make run` to try it, `make test` to check it; the rest is for those who work on it.
PYTHON ?= python3
BIN := .venv/bin
export FLASK_APP := wsgi.py

.PHONY: run serve worker install test lint format sample bench shots lock translations

run: install
	@$(BIN)/python scripts/run.py

serve: install
	@LUNTAN_ENV=production $(BIN)/python scripts/serve.py

worker: install
	@LUNTAN_ENV=production $(BIN)/flask mail work

install: .venv/installed app/translations/compiled

.venv/installed: requirements.txt scripts/install.sh
	@PYTHON=$(PYTHON) sh scripts/install.sh requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@PYTHON=$(PYTHON) sh scripts/install.sh requirements-dev.txt
	@touch $@

app/translations/compiled: $(wildcard app/translations/*/LC_MESSAGES/*.po) .venv/installed
	@$(BIN)/pybabel -q compile -d app/translations
	@touch $@

test: install .venv/installed-dev
	@sh scripts/test.sh

lint: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/djlint --check --lint --quiet templates

format: .venv/installed-dev
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format -q .

sample: install
	@$(BIN)/flask db upgrade
	@$(BIN)/flask sample

bench: install .venv/installed-dev
	@$(BIN)/python -m bench

shots: install .venv/installed-dev
	@$(BIN)/python scripts/shots.py

# Compile the locks; needs uv. No address of an index goes into them.
lock:
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header requirements-dev.in -o requirements-dev.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements-dev.txt requirements.in -o requirements.txt

# Collect what is to be translated and bring the catalogues up to it.
translations: .venv/installed-dev
	@$(BIN)/pybabel -q extract -F babel.cfg -k _ -k lazy_gettext -k _n:1,2 --no-location --no-wrap --sort-output --omit-header -o app/translations/messages.pot .
	@$(BIN)/pybabel -q update -i app/translations/messages.pot -d app/translations --no-fuzzy-matching --no-wrap --ignore-obsolete
