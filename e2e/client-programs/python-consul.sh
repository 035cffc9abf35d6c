#!/usr/bin/env bash
# Runs the program on python-consul, from Debian's python3-consul and so with Debian's Python. usage: python-consul.sh URL
set -euo pipefail
# -B: no compiled files among the sources; -O: see program.py
no_proxy='*' exec /usr/bin/python3 -B -O "$(dirname "${BASH_SOURCE[0]}")/python-consul/program.py" "$1"
