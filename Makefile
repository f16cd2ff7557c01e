# `make` alone explains what there is. Every target does the set-up it needs.
# The machine needs Node 20 or newer, npm, make and bash: the Node that tallyman runs on is an npm package,
# which the PATH below puts before the machine's own.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# With it tallyman starts from sources in half of the processor time (0.3 s instead of 0.6 s until it serves), and test files
# take a fifth less. Not for what is measured: what is shipped has none.
test e2e cluster: export NODE_COMPILE_CACHE := $(CURDIR)/node_modules/.cache/node

HOST ?= 127.0.0.1
PORT ?= 8443
PROBE_PORT ?= 8080
POLICY ?=
MODE ?= enforce

INSTALLED := node_modules/.installed
CHART := deploy/helm/tallyman

# `make e2e E2E=test/e2e/install.e2e.ts` runs one file. Those first that mostly wait, for the API server's idle connections.
E2E_LONG := $(addprefix test/e2e/,rolling-restart.e2e.ts sigterm.e2e.ts certificate-renewals.e2e.ts)
E2E ?= $(E2E_LONG) $(filter-out $(E2E_LONG),$(wildcard test/e2e/*.e2e.ts))
# Seconds for one file; none takes a quarter of it on two cores.
E2E_TIMEOUT := 600
# Each file has a control plane of its own, of about half a gigabyte. One more than the cores of a small machine, because
# there is always one that waits.
E2E_JOBS := 3
KUBERNETES_VERSIONS := $(sort $(patsubst test/control-plane/modules/kubernetes-%,%,$(wildcard test/control-plane/modules/kubernetes-*)))

.PHONY: help
help: ## this list
	@echo 'tallyman checks image tags before Kubernetes admits them. Start with `make run`.'
	@echo
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16
	@echo
	@echo 'Settings, as in `make run PORT=9443`: HOST=$(HOST) PORT=$(PORT) PROBE_PORT=$(PROBE_PORT) MODE=$(MODE) POLICY=FILE'

.PHONY: setup
setup: $(INSTALLED) ## install what package-lock.json names (the other targets do it when it is due)

# Node 20 may do the installing, so npm's warning that tallyman itself wants a newer one is left out.
$(INSTALLED): package.json package-lock.json
	@echo 'Installing packages (a minute at the first time) ...'
	@npm ci --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@tap build >/dev/null
	@touch $@

.PHONY: certs
certs: $(INSTALLED) ## a development certificate under certs/, made anew when it is missing or about to expire
	@node src/main.ts certs --out certs --keep

.PHONY: run
run: certs ## the webhook on this machine, with the built-in policy in mode enforce (Ctrl-C ends it)
	@echo
	@echo 'tallyman starts on https://$(HOST):$(PORT) and answers until Ctrl-C. In another terminal:'
	@echo '  make try PORT=$(PORT)                                sample objects, answered as kubectl shows it'
	@echo '  curl http://$(HOST):$(PROBE_PORT)/metrics                what it has counted'
	@echo '  npm run --silent tallyman -- explain nginx:1.25   what an image reference is, and why'
	@echo '  make test                                         type check, lint and all tests'
	@echo
	@node src/main.ts serve --no-cluster --host $(HOST) --port $(PORT) --probe-port $(PROBE_PORT) --mode $(MODE) \
	  --tls-cert certs/tls.crt --tls-key certs/tls.key --drain-seconds 0 $(if $(POLICY),--policy $(POLICY)) | pino-pretty --singleLine --ignore uid,group,findings,findingCount,fingerprint,hash

.PHONY: try
try: $(INSTALLED) ## post the sample reviews to a running `make run`, and print what kubectl would
	@node test/tryout/try.ts https://$(HOST):$(PORT)

.PHONY: test
test: check ## type check, lint and all tests
	@if [ -t 1 ]; then tap --reporter=terse; else tap --reporter=min; fi
	@echo 'All tests pass.'

.PHONY: e2e
e2e: $(INSTALLED) ## tests against a real control plane, which the first run builds (needs Go, five minutes)
	@node test/control-plane/prepare.ts >/dev/null
	@node test/prometheus/prepare.ts >/dev/null
	@if [ -t 1 ]; then reporter=terse; else reporter=min; fi; \
	tap --timeout=$(E2E_TIMEOUT) --jobs=$(E2E_JOBS) --reporter=$$reporter $(E2E)
	@echo 'All tests against the control plane pass.'

.PHONY: image-test
image-test: $(INSTALLED) ## build what deploy/Dockerfile says, without Docker, and start it under the limits of the manifests
	@if [ -t 1 ]; then reporter=terse; else reporter=min; fi; \
	tap --timeout=$(E2E_TIMEOUT) --reporter=$$reporter test/container/image.e2e.ts
	@echo 'What the image holds passes its tests.'

.PHONY: e2e-all
e2e-all: $(INSTALLED) ## the same with each Kubernetes version under test/control-plane/modules
	@for version in $(KUBERNETES_VERSIONS); do \
	  echo "Kubernetes $$version"; \
	  KUBEBUILDER_ASSETS= KUBERNETES=$$version $(MAKE) e2e; \
	done

.PHONY: cluster
cluster: $(INSTALLED) ## a control plane with tallyman in it, to try with kubectl (Ctrl-C ends it)
	@node test/tryout/cluster.ts --mode $(MODE) $(if $(POLICY),--policy $(POLICY))

.PHONY: check
check: $(INSTALLED) ## type check and lint
	@tsc
	@biome check --error-on-warnings

.PHONY: lint
lint: $(INSTALLED) ## lint only
	@biome check --error-on-warnings

.PHONY: format
format: $(INSTALLED) ## format the sources, and fix what can be fixed without thinking
	@biome check --write

.PHONY: build
build: $(INSTALLED) ## dist/, as in the package and the container image
	@rm -rf dist
	@tsc -p tsconfig.build.json
	@chmod +x dist/main.js

.PHONY: crd
crd: $(INSTALLED) ## deploy/base/crd and its copy in the Helm chart, anew from the schema of a TagPolicy
	@node src/main.ts crd > deploy/base/crd/custom-resource-definition.yaml
	@cp deploy/base/crd/custom-resource-definition.yaml $(CHART)/files/

.PHONY: chart
chart: crd ## what deploy/helm holds of the definition of TagPolicy, the kinds that are judged, alerts and dashboard, anew
	@node src/main.ts webhook-rules > $(CHART)/files/webhook-rules.yaml
	@cp deploy/components/monitoring/{service-monitor,prometheus-rule}.yaml deploy/components/dashboard/tallyman.json $(CHART)/files/

.PHONY: bench
bench: build ## measure throughput, latency and memory against bare servers (needs wrk)
	@node test/bench/bench.ts

.PHONY: bench-cluster
bench-cluster: build ## measure starts, memory, verdicts and previews in a large cluster, and fail where a bar is missed
	@node test/bench/cluster.ts

.PHONY: bench-e2e
bench-e2e: build ## measure what tallyman adds to a create through kube-apiserver (needs Go once, five minutes)
	@node test/e2e/bench.ts

# Minutes.
SOAK ?= 10
.PHONY: soak
soak: build ## creates Pods for ten minutes, and compares what tallyman holds at the start and at the end
	@node test/e2e/soak.ts $(SOAK)

# Renewals of the certificate, three or four seconds each.
RENEWALS ?= 1000
.PHONY: soak-certificates
soak-certificates: $(INSTALLED) ## renews the certificate a thousand times while Pods are created (half an hour)
	@node test/control-plane/prepare.ts >/dev/null
	@RENEWALS=$(RENEWALS) tap --timeout=20000 --reporter=tap test/e2e/certificate-renewals.e2e.ts

.PHONY: clean
clean: ## remove what was installed, built and generated, the development certificate too
	@rm -rf node_modules dist .tap coverage certs/*.crt certs/*.key
