#!/usr/bin/env bash
# Builds the Go program in a folder here when its module changed, and runs it. usage: go.sh FOLDER ARGUMENTS
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/$1" && pwd)
shift
module=$here
until [ -f "$module/go.mod" ]; do module=$(dirname "$module"); done
program=$here/target/program
mkdir -p "$here/target"
exec 9>"$here/target/lock"
flock 9
if [ ! -x "$program" ] || [ -n "$(find "$module" -name target -prune -o -type f -newer "$program" -print -quit)" ]; then
  command -v go >/dev/null || { echo "$here is built with Go: install Go (Debian: apt-get install golang-go)"; exit 1; }
  if ! (cd "$here" && CGO_ENABLED=0 go build -o "$program" .) >"$here/target/build.log" 2>&1; then
    cat "$here/target/build.log"
    exit 1
  fi
fi
exec 9>&-
exec "$program" "$@"
