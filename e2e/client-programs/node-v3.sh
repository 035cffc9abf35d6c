#!/usr/bin/env bash
# Runs the program on npm's etcd3. usage: node-v3.sh URL STORE
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/npm.sh"
run_node node-v3 "$1" "$2"
