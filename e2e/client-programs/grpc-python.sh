#!/usr/bin/env bash
# Runs grpc-python/program.py; gRPC and the code generated from the .proto go into a cache folder, once for each version of both. usage: grpc-python.sh HOST:PORT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/grpc-python" && pwd)
api=$here/../../../kv-client/src/main/protobuf
version=$(cat "$here/requirements.txt" "$api/kubekv/v1/kubekv.proto" | sha256sum | cut -c1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubekv/grpc-python-$version
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if [ ! -f "$cache/installed" ]; then
  python3 -m venv "$cache/venv" >&2
  "$cache/venv/bin/pip" install -q --disable-pip-version-check --no-deps -r "$here/requirements.txt" >&2
  mkdir -p "$cache/generated"
  "$cache/venv/bin/python" -m grpc_tools.protoc -I "$api" --python_out="$cache/generated" --grpc_python_out="$cache/generated" kubekv/v1/kubekv.proto >&2
  touch "$cache/installed"
fi
exec 9>&-
PYTHONPATH=$cache/generated exec "$cache/venv/bin/python" "$here/program.py" "$1"
