# The two commands of the README are `make run` and `make test`; everything else is listed by `make help`.
# A machine needs Go, Node 20 with npm, and apt; the tests install the rest (scripts/setup).

SHELL      := /bin/sh
VERSION    := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
DIST       := internal/webui/dist
GO_SOURCES := go.mod go.sum $(shell find cmd internal -type f -not -name '*_test.go' -not -path '*/testdata/*' -not -path '$(DIST)*/*')
WEB_SOURCES := $(shell find package.json ui web widget api -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -name '*.test.*' 2>/dev/null)
MANIFESTS  := $(wildcard package.json package-lock.json ui/package.json web/package.json widget/package.json e2e/package.json)

# A tree without the web application builds too.
WEB_BUILT  := $(if $(wildcard web/package.json),.cache/web-built)

# For example `make bench SIZE=1m`, `make fuzz FUZZTIME=1m`.
SIZE     ?= 100k
FUZZTIME ?= 10s

# npm says what matters and nothing else.
export npm_config_update_notifier := false
export npm_config_audit := false
export npm_config_fund := false

.DEFAULT_GOAL := help
.PHONY: help run build test dev e2e fuzz score shots simulate bench prove fresh budgets lint generate clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build, start the demo shop and print its address and sign-in
	bin/rapport serve --demo

build: bin/rapport ## Build the web application and bin/rapport

test: ## Install what the tests need, then run everything CI runs
	scripts/setup
	scripts/check

dev: node_modules/.installed ## Server and web application with reload, on the demo shop
	scripts/dev

e2e: build node_modules/.installed ## Browser scenarios against bin/rapport (ONLY=name for one)
	scripts/e2e $(ONLY)

fuzz: ## Run every fuzz target for FUZZTIME (10s) each
	scripts/fuzz $(FUZZTIME)

score: ## Score parsers, search and answers on the public test data
	scripts/score

shots: build node_modules/.installed ## Screenshots of every screen, light and dark, wide to narrow
	scripts/shots

simulate: ## Drive seeded random days through the whole server and check its promises
	SIMULATE=1 go test -count=1 -timeout 60m -v -run '^TestSimulate' ./internal/...

bench: build ## The table of figures beside the peer's and the aims (SIZE=100k or 1m); its data stays outside the tree
	BENCH_SIZE=$(SIZE) BENCH_DATA=$${BENCH_DATA:-$${TMPDIR:-/tmp}/rapport-bench} \
		go test -count=1 -timeout 120m -v -run '^TestBench$$' ./internal/bench

prove: ## Run the proofs at their full sizes (hours)
	PROVE=1 go test -count=1 -timeout 12h -v -run '^TestProve' ./internal/...

fresh: ## Prove `make run` and `make test` in a bare Debian (root; SHARED=1 brings the test data)
	scripts/fresh

budgets: ## Report functions, files and packages over their budgets
	scripts/budgets

lint: ## gofmt, vet, the floors of the house, and golangci-lint where it is installed
	scripts/lint

generate: ## Write the API description and everything generated from it anew
	scripts/generate

clean: ## Remove what was built; data folders stay
	rm -rf bin e2e/results .cache
	git clean -fdXq $(DIST) $(DIST)-widget

bin/rapport: $(GO_SOURCES) $(WEB_BUILT)
	CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $@ ./cmd/rapport

.cache/web-built: $(WEB_SOURCES) node_modules/.installed
	npm run build --if-present
	@mkdir -p $(@D) && touch $@

node_modules/.installed: $(MANIFESTS)
	npm ci
	@touch $@
