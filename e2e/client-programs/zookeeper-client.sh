#!/usr/bin/env bash
# Builds the programs in zookeeper-java/ when they changed, and runs the one on Apache's client. usage: zookeeper-client.sh URL STORE
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/java.sh"
run_java zookeeper-java io.kubekv.e2e.zookeeper.ZooKeeperProgram "$1" "$2"
