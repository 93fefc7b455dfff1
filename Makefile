.DEFAULT_GOAL := help
.PHONY: help run demo test check lint types imports proto deployment web bench lock service migration clean
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
bin := .venv/bin
# Where install.sh puts Node if the machine has none, or an old one.
export PATH := $(CURDIR)/.venv/node/bin:$(PATH)
# Everything here starts many Python processes; none of them should compile what another one has.
unexport PYTHONDONTWRITEBYTECODE

help: ## Shows what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: ## Installs what is missing and runs everything on this machine (CRM_PORT, CRM_DATA: see docs/running.md)
	@deploy/local/install.sh run
	@exec $(bin)/crm up

demo: ## Fills what `make run` started with customers, invoices and people to try it with
	@$(bin)/crm demo

test: install-for-tests ## Checks and tests everything, as it is done before a change is taken
	@$(MAKE) --no-print-directory check web
	@$(bin)/pytest -n 2 -m "not system and not browser"
	@$(bin)/pytest -n 2 --dist loadfile -m "system or browser"

check: lint types imports proto deployment ## Checks style, types, imports, contract and deployment files, without tests

.PHONY: install-for-tests
install-for-tests:
	@deploy/local/install.sh test

lint: ## Checks how the code is written
	@$(bin)/ruff check -q
	@$(bin)/ruff format -q --check

types: ## Checks types
	@$(bin)/mypy --no-error-summary

imports: ## Checks who imports whom
	@$(bin)/lint-imports --no-logo

proto: ## Compiles the contract; checks its style, and that clients of the last release can go on
	@$(bin)/python proto/compile.py
	@$(bin)/buf lint gen/crm.binpb --config buf.yaml
	@.ci/breaking

deployment: ## Checks the files that deploy
	@$(bin)/shellcheck deploy/local/install.sh .ci/run .ci/breaking
	@$(bin)/hadolint deploy/Dockerfile
	@$(bin)/compose-lint deploy/compose.yaml
	@$(bin)/kubectl kustomize deploy/kubernetes | $(bin)/kubernetes-validate --strict --quiet -

web: ## Checks, tests and builds the web application
	@npm run --silent --prefix web lint
	@npm run --silent --prefix web typecheck
	@npm run --silent --prefix web test

bench: ## Measures latencies and throughput of what `make run` started
	@$(bin)/python -m tests.load
	@$(bin)/python -m tests.load.lists
	@$(bin)/python -m tests.load.timeline

lock: ## Pins what requirements*.in and deploy/local/*.in ask for, with hashes
	@set -e; for list in requirements requirements-dev; do $(MAKE) --no-print-directory pin in=$$list.in out=$$list.lock; done
	@set -e; for list in uv node; do $(MAKE) --no-print-directory pin in=deploy/local/$$list.in out=deploy/local/$$list.txt; done

.PHONY: pin
pin:
	@$(bin)/uv pip compile --universal --generate-hashes --python-version 3.11 -q --no-header $(in) -o $(out)

service: ## Starts a new service: make service name=cases
	@$(bin)/python -m chassis.scaffold $(name) $(resource)

migration: ## Writes a service's next migration, against what `make run` started: make migration service=contacts m="…"
	@$(bin)/crm revise $(service) "$(m)"

clean: ## Removes what can be made again; the data in var/ stays
	@rm -rf .venv gen web/node_modules web/dist web/openapi.json web/src/api/schema.d.ts build *.egg-info .*_cache
