#!/usr/bin/env bash
# Runs the program on node-etcd. usage: node.sh URL
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/npm.sh"
run_node node "$1"
