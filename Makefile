# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# The commands for working on the collection. Everything they make lies in .venv and .cache.
# PYTHON=<path> chooses the interpreter of .venv; otherwise tests/gate/pythons.sh finds one.

.DEFAULT_GOAL := help
STEPS := unit contributing conformance integration leaks faults-short hostile awx lint format locks types workflows sanity docs docs-lint docs-current changelog-lint licences artifact
GATE := .venv/bin/python tests/gate
WITH_TESTS := PYTHONPATH=$(CURDIR)/.cache/tree:$(CURDIR)/tests

.PHONY: help demo test $(STEPS) formatted coverage importer docs-generated guides test-matrix bench faults kills browser demo-picture venv demo-venv tree lock clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24
	@echo "  make <step>           one step of make test: $(STEPS)"

demo: demo-venv ## onboard an embedded Qlik Cloud tenant, twice, and show what happens
	@$(GATE)/demo.py

demo-picture: demo-venv ## run the demo and draw docs/images/demo.svg, the README's picture, from what it prints
	@$(GATE)/demo.py | .venv/bin/python tests/demo/picture.py docs/images/demo.svg

test: venv ## run all steps, two at a time, and say which failed
	@$(GATE)/gate.py

$(STEPS): venv
	@$(GATE)/gate.py $@

test-matrix: venv ## units, modules and a whole onboarding on each ansible-core; leaks and sanity on the oldest and newest
	@$(GATE)/matrix.py

bench: tree ## measure beside what one would write instead, for docs/benchmarks.md; ONLY=create,task,... for parts
	@ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/.cache/tree .venv/bin/python tests/benchmarks $(if $(ONLY),--only $(ONLY))

faults: tree ## the long fault campaign, with figures; ARGS="--seed 1 --only 7" plays one schedule again
	@$(WITH_TESTS) .venv/bin/python -m ansible_collections.tenantops.qlik_cloud.tests.faults.campaign $(ARGS)

kills: tree ## what kill -9 before each step leaves, and what the next run does, as Markdown tables
	@$(WITH_TESTS) .venv/bin/python -m ansible_collections.tenantops.qlik_cloud.tests.faults.kills $(ARGS)

browser: demo-venv ## the report's page in the machine's Chromium, or that of CHROMIUM=<path>
	@$(GATE)/browser.py $(ARGS)

venv: ## make or update .venv for the tests
	@python=$$(sh tests/gate/pythons.sh first) && "$${python#* }" tests/gate/venv.py test

demo-venv:
	@python=$$(sh tests/gate/pythons.sh first) && "$${python#* }" tests/gate/venv.py run

tree: demo-venv ## refresh .cache/tree, the copy of the collection that Ansible and the tests load
	@$(GATE)/tree.py

importer: venv ## build the collection, and have galaxy-importer look at it as Galaxy does
	@$(GATE)/importer.py

coverage: venv ## the lines of plugins that unit tests run, and a floor for those that changed since SINCE=origin/main
	@$(GATE)/changed_lines.py $(if $(SINCE),--since $(SINCE)) $(TESTS)

formatted: venv ## format the Python and mend what ruff can mend
	@$(GATE)/formatting.py --write

docs-generated: demo-venv ## write the documentation that repeats, from docs/returns.yml and module api_key
	@$(GATE)/generated_docs.py

docs: guides

guides: venv ## write docs/docsite, which docs.ansible.com takes, from the Markdown; make docs builds the site in .cache/docs
	@$(GATE)/docsite.py write

lock: demo-venv ## pin what the files in tests/requirements bring along
	@$(GATE)/locks.py --write
	@! command -v npm > /dev/null || npm install --prefix tests/conformance/typescript --package-lock-only --ignore-scripts \
		--no-audit --no-fund --loglevel=error --omit-lockfile-registry-resolved

clean: ## remove .venv and .cache
	rm -rf .venv .cache
