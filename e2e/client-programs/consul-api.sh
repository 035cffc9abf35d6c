#!/usr/bin/env bash
# Builds the programs in consul-java/ when they changed, and runs the one on Ecwid's consul-api. usage: consul-api.sh URL
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/java.sh"
run_java consul-java io.kubekv.e2e.consul.ConsulApiProgram "$1"
