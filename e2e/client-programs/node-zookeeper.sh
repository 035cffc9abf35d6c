#!/usr/bin/env bash
# Runs the program on npm's node-zookeeper-client. usage: node-zookeeper.sh URL STORE
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/npm.sh"
run_node node-zookeeper "$1" "$2"
