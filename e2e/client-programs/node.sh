#!/usr/bin/env bash
# Runs node/program.js; node-etcd and what it needs go into a cache folder, once for each package-lock.json. usage: node.sh URL
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/node" && pwd)
modules=${XDG_CACHE_HOME:-$HOME/.cache}/kubekv/node-$(sha256sum <"$here/package-lock.json" | cut -c1-12)
mkdir -p "$modules"
exec 9>"$modules/lock"
flock 9
if [ ! -f "$modules/installed" ]; then
  cp "$here/package.json" "$here/package-lock.json" "$modules"
  # no install scripts: deasync, of which only the unused synchronous calls need compiled code, brings it for the usual machines
  npm --prefix "$modules" ci --ignore-scripts --no-audit --no-fund --silent >&2
  touch "$modules/installed"
fi
exec 9>&-
NODE_PATH=$modules/node_modules exec node --no-deprecation "$here/program.js" "$1"
