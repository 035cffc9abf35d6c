#!/usr/bin/env bash
# Builds the program in etcd4j/ when it changed, and runs it. usage: etcd4j.sh URL
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/java.sh"
run_java etcd4j io.kubekv.e2e.etcd4j.Program "$1"
