# stnb's one Makefile. `make help` lists the targets; all of them need Go, Node
# 20 or newer with npm, and a C++ compiler (DuckDB is C++ inside).

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS   += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

GO   ?= go
NPM  ?= npm
# What `make run` opens; the port is 8888 unless PORT says another.
ROOT ?= examples
PORT ?=

# The tests that start goroutines and processes of their own run under the race
# detector a second time. DuckDB is kept out of these binaries: its C++ is not
# instrumented, and linking it again costs a minute.
RACE := $(wildcard notebook/session notebook/workspace kernel kernel/worker \
                   widgets/run appmode ui/server)

# Nobody debugs the tests' binaries, and DuckDB's symbols take long to link.
STRIPPED := -ldflags='-s -w'

UI_SOURCES := $(shell find ui/web -name node_modules -prune -o -name e2e -prune -o -type f -print 2>/dev/null)
UI_LOCK    := $(wildcard ui/web/package-lock.json)
UI_MODULES := $(if $(UI_LOCK),ui/web/node_modules/.package-lock.json)
UI_BUILT   := $(if $(UI_LOCK),ui/dist/.built)
E2E        := $(if $(wildcard cmd/stnb/main.go),cd ui/web && STNB_BIN=$(CURDIR)/bin/stnb node_modules/.bin/vitest)
CLI        := $(wildcard cmd/stnb/main.go)
EXPORTS    := kernel/symbols/exports/gen

##@ Every day

.PHONY: help
help: ## say what each target does
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: tools exports $(UI_BUILT) ## build the front end and leave the binary in bin/stnb
	@$(if $(CLI),$(GO) build -o bin/stnb ./cmd/stnb,$(GO) build ./...)

.PHONY: run
run: build ## open the example notebooks: prints one URL to click
	bin/stnb edit $(if $(PORT),--port $(PORT)) $(ROOT)

.PHONY: fmt
fmt: $(UI_MODULES) ## format Go and TypeScript
	gofmt -w $$(git ls-files '*.go')
	$(if $(UI_LOCK),cd ui/web && $(NPM) run --silent fmt)

.PHONY: generate
generate: exports $(UI_MODULES) ## write again what is generated and committed
	$(GO) generate ./...

.PHONY: clean
clean: ## remove what the build leaves
	rm -rf bin ui/dist ui/web/dist ui/web/node_modules

##@ Checks

# One stage after the other, cheap ones first; each prints how long it took. `make test`
# is what CI runs, and must stay under fifteen minutes on two cores from a clean clone,
# with nothing compiled yet. So what waits for nobody goes on beside, where the cores
# would be idle: compiling beside the front end's checks, the race detector beside the
# browser, which mostly waits.
.PHONY: test
test: tools ## everything CI checks: lint, unit, race, browser
	@mkdir -p bin; start=$$SECONDS; trap 'kill $$(jobs -p) 2>/dev/null || true' EXIT; \
	failed() { echo "make test: $$1 FAILED"; exit 1; }; \
	stage() { local began=$$SECONDS; echo "== $$1"; $(MAKE) $$1 || failed $$1; echo "== $$1 took $$((SECONDS - began)) s"; }; \
	nice $(MAKE) compile >bin/compile.txt 2>&1 & beside=$$!; \
	stage style; stage test-ui; \
	wait $$beside || { cat bin/compile.txt; failed compile; }; \
	stage test-go; \
	nice $(MAKE) test-race >bin/race.txt 2>&1 & beside=$$!; \
	stage test-browser; \
	wait $$beside || { cat bin/race.txt; failed test-race; }; \
	echo "== test-race, beside it"; cat bin/race.txt; \
	echo "make test: all green in $$((SECONDS - start)) s"

.PHONY: compile
compile: exports
	$(GO) build ./kernel/... ./notebook/... ./widgets/... ./appmode/... ./dataframe/... ./duckconn/...

.PHONY: lint
lint: style exports $(UI_BUILT) ## gofmt, go vet, biome, tsc
	$(GO) vet ./...

# Lint without go vet: test-go vets each package with all of vet's checks while it
# compiles it, so that no package is vetted twice.
.PHONY: style
style: $(UI_MODULES)
	@bad=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	if [ -n "$$bad" ]; then echo "not gofmt'ed (make fmt mends it):"; echo "$$bad"; exit 1; fi
	$(if $(UI_LOCK),cd ui/web && $(NPM) run --silent lint && $(NPM) run --silent typecheck)

.PHONY: test-ui
test-ui: $(UI_BUILT) ## the front end's own tests and size budget
	$(if $(UI_LOCK),cd ui/web && $(NPM) run --silent test)

.PHONY: test-go
test-go: exports $(UI_BUILT) python ## every Go test that needs no browser, and go vet
	$(GO) test $(STRIPPED) -vet=all -timeout 15m ./...

.PHONY: test-race
test-race: exports $(UI_BUILT) ## the concurrent packages under the race detector
	$(if $(RACE),$(GO) test $(STRIPPED) -race -vet=off -short -timeout 15m $(addprefix ./,$(RACE)))

.PHONY: test-browser
test-browser: build browser ## the editor and the app in a real Chromium
	$(if $(E2E),$(E2E) run --config e2e/vitest.config.ts)

.PHONY: bench
bench: export STNB_BENCH := 1
bench: build browser ## engines against Go and CPython; start-up, key press, kernel, cell, interrupt and click times; memory; grids of STNB_BENCH_ROWS rows (10M)
	$(GO) run ./kernel/internal/enginebench
	$(GO) test -run '^$$' -bench KeyPress ./notebook/build
	$(GO) test -run '^$$' -bench Click ./examples
	$(GO) test -run '^$$' -bench Chart ./widgets
	STNB_BIN=$(CURDIR)/bin/stnb $(GO) test -run '^$$' -bench . ./cmd/stnb
	$(GO) test -count=1 -timeout 30m -run TestFigures ./dataframe -v | grep -v '^ *[=-]'
	$(E2E) run --config e2e/vitest.config.ts bench

# Each prints its own counts at the end.
.PHONY: acceptance
acceptance: export STNB_BIN := $(CURDIR)/bin/stnb
acceptance: build browser ## the promises of the acceptance list, by id, with real database servers
	duckconn/testdata/with-servers.sh $(GO) test -count=1 -timeout 30m -v -run 'TestAcceptance|TestServers' ./examples ./duckconn ./dataframe | grep -E '^(acceptance|---|FAIL|ok|panic)|^ +--- FAIL'

.PHONY: trust
TRUST := ./ui/server ./widgets ./widgets/markdown ./duckconn ./notebook/workspace ./examples ./cmd/stnb
trust: export STNB_WHOLE := 1
trust: build browser ## the attacks and faults that are tried, by id; a minute of fuzzing each parser
	@$(GO) test -count=1 -timeout 15m -json -run '^(TestTrust|TestFault)$$' $(TRUST) >bin/trust.json || \
	  { grep -o '"Action":"fail".*"Test":"[^"]*"' bin/trust.json | grep -o '[^"]*"$$'; exit 1; }
	@($(E2E) run --config e2e/vitest.config.ts trust.e2e.ts) >bin/trust.txt 2>&1 || { cat bin/trust.txt; exit 1; }
	@ids() { { grep '"Action":"pass"' bin/trust.json | grep -o "Test\":\"$$1"; [ -z "$$2" ] || grep -o "✓.*$$2" bin/trust.txt; } | grep -o "$$3" | sort -u | wc -l; }; \
	$(MAKE) fuzz; \
	echo "trust: $$(ids 'TestTrust/T[0-9]*' 'T[0-9][0-9]' 'T[0-9][0-9]')/48 attacks, $$(ids 'TestFault/[A-Z][A-Za-z]*' '' '/[A-Z][A-Za-z]*')/17 faults"

# Parsers that meet foreign bytes: where, and the target.
FUZZ := dataframe:FuzzGrid kernel/wire:FuzzReceive widgets:FuzzWidgetValue cmd/stnb/config:FuzzFile \
        duckconn:FuzzSecrets notebook/file:FuzzMarkdown notebook/file:FuzzIPYNB notebook/jupyter:FuzzDecode \
        widgets/markdown:FuzzRender ui/server:FuzzFrame ui/server:FuzzUploadName
FUZZTIME ?= 1m

# Two at a time, with one worker each: while one compiles, the other has the machine.
.PHONY: fuzz
fuzz: exports ## each parser of foreign bytes for a minute (FUZZTIME=1m)
	@mkdir -p bin; printf '%s\n' $(FUZZ) | xargs -P 2 -I{} bash -c 't={}; out=bin/fuzz-$${t#*:}.txt; \
	  $(GO) test -run "^$$" -fuzz "^$${t#*:}$$" -parallel 1 -fuzztime $(FUZZTIME) "./$${t%:*}" >$$out 2>&1 || { cat $$out; exit 255; }; \
	  echo "fuzz: $$t $$(grep -o "execs: [0-9]*" $$out | tail -1)"'

.PHONY: supply
supply: tools $(UI_MODULES) ## what stnb is made of: licences, and known vulnerabilities (asks the network)
	@$(GO) run ./cmd/stnb/supply licenses
	@$(GO) run ./cmd/stnb/supply vulnerable

# Two builds from two folders, each with a cache of its own, are the same file.
.PHONY: reproducible
reproducible: exports $(UI_BUILT) ## build twice, in different places, and compare
	@tmp=$$(mktemp -d); trap 'chmod -R u+w $$tmp; rm -rf $$tmp' EXIT; \
	for n in one two; do \
	  mkdir -p $$tmp/$$n/src; git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t $$tmp/$$n/src; \
	  cp -r ui/dist $$tmp/$$n/src/ui/; cp -r kernel/symbols/exports/data $$tmp/$$n/src/kernel/symbols/exports/; \
	  (cd $$tmp/$$n/src && GOCACHE=$$tmp/$$n/cache $(GO) build -trimpath -buildvcs=false -o ../stnb ./cmd/stnb); \
	done; \
	sha256sum $$tmp/one/stnb $$tmp/two/stnb | awk '{ print $$1 }' | sort -u >bin/sums; cat bin/sums; \
	[ $$(wc -l <bin/sums) = 1 ] && echo "reproducible: both builds are the same file"

.PHONY: soak
SOAK ?= 1h
soak: exports $(UI_BUILT) ## a thousand visitors for an hour, and 100,000 reruns: nothing may grow (SOAK=1h)
	STNB_SOAK=$(SOAK) $(GO) test -count=1 -v -timeout 8h -p 1 -run '^TestSoak$$' ./cmd/stnb ./examples

.PHONY: mutants
mutants: exports $(UI_BUILT) ## take each defence out and see the test of its attack fail (half an hour)
	$(GO) run ./cmd/stnb/mutants

.PHONY: conformance
ENGINE ?= ssa
conformance: exports ## run Go's and yaegi's suites and our corpus on ENGINE=ssa|yaegi
	$(GO) test ./kernel/engine/conformance -run TestEnginesAgree -timeout 30m -args -all
	$(GO) run ./kernel/internal/conform -engine $(ENGINE) -write docs/conformance$(if $(filter ssa,$(ENGINE)),,-$(ENGINE)).md

.PHONY: lowered
lowered: exports ## compile the whole corpus as it is and lowered, and compare what both print (a sample is in make test)
	$(GO) test -count=1 -timeout 3h -run '^TestCorpus$$' ./notebook/build -args -whole .

.PHONY: screenshots
screenshots: export STNB_SCREENSHOTS := $(CURDIR)/docs
screenshots: build browser ## make the pictures in docs/ again
	@mkdir -p docs
	$(E2E) run --config e2e/vitest.config.ts screenshots

# What the targets stand on

# Says what is missing before anything half-builds.
.PHONY: tools
tools:
	@for tool in $(GO) $(if $(UI_LOCK),node $(NPM)) git; do \
	  command -v $$tool >/dev/null || { echo "stnb needs $$tool in PATH to build"; exit 1; }; \
	done
	@command -v $${CXX:-g++} >/dev/null || command -v c++ >/dev/null || command -v clang++ >/dev/null || \
	  { echo "stnb needs a C++ compiler to link DuckDB (Debian: apt-get install g++)"; exit 1; }

# The types of what notebooks may import, embedded in the binary: made from the
# Go toolchain and this module, not committed. The generator knows what is fresh.
.PHONY: exports
exports: tools
	@$(if $(wildcard $(EXPORTS)),$(GO) run ./$(EXPORTS))

# A browser for the tests: the system's, or Debian's package when we may install it.
.PHONY: browser
browser:
	@for b in "$${STNB_BROWSER:-}" chromium chromium-browser google-chrome google-chrome-stable; do \
	  if [ -n "$$b" ] && command -v "$$b" >/dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing chromium for the browser tests"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq chromium </dev/null >/dev/null; \
	else \
	  echo "the browser tests need Chromium or Chrome in PATH (or STNB_BROWSER=/path/to/it)"; exit 1; \
	fi

# Jupyter's own tests of kernels, and its checker of files: Debian's packages when
# we may install them. Without them those tests are skipped, and say so.
JUPYTER := python3-jupyter-kernel-test python3-nbclient python3-nbformat
.PHONY: python
python:
	@"$${STNB_PYTHON:-/usr/bin/python3}" -c 'import jupyter_kernel_test, nbclient, nbformat' 2>/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing $(JUPYTER)"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends $(JUPYTER) </dev/null >/dev/null; } && exit 0; \
	fi; \
	echo "Jupyter's own tests are skipped: they need $(JUPYTER)"

ui/web/node_modules/.package-lock.json: ui/web/package.json ui/web/package-lock.json
	cd ui/web && $(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

ui/dist/.built: $(UI_MODULES) $(UI_SOURCES)
	cd ui/web && $(NPM) run --silent build
	@mkdir -p ui/dist && touch $@
