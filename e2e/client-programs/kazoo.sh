#!/usr/bin/env bash
# Runs kazoo/program.py; kazoo goes into a cache folder, once for each version of requirements.txt. usage: kazoo.sh URL STORE
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/kazoo" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubekv/kazoo-$(sha256sum <"$here/requirements.txt" | cut -c1-12)
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if [ ! -f "$cache/installed" ]; then
  python3 -m venv "$cache/venv" >&2
  "$cache/venv/bin/pip" install -q --disable-pip-version-check --no-deps -r "$here/requirements.txt" >&2
  touch "$cache/installed"
fi
exec 9>&-
# -B: no compiled files among the sources
exec "$cache/venv/bin/python" -B "$here/program.py" "$1" "$2"
