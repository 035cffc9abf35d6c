#!/usr/bin/env bash
# Builds the program in jetcd/ when it changed, and runs it. usage: jetcd.sh URL STORE
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/java.sh"
run_java jetcd io.kubekv.e2e.jetcd.Program "$1" "$2"
