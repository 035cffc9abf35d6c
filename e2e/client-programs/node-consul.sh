#!/usr/bin/env bash
# Runs the program on npm's consul. usage: node-consul.sh URL
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/npm.sh"
run_node node-consul "$1"
