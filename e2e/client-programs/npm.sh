# Sourced by the programs in JavaScript. run_node PROJECT ARGUMENTS: becomes PROJECT/program.js.
# The packages go into a cache folder, once for each package-lock.json.
run_node() {
  local project modules
  project=$(cd "$(dirname "${BASH_SOURCE[0]}")/$1" && pwd)
  modules=${XDG_CACHE_HOME:-$HOME/.cache}/kubekv/node-$(sha256sum <"$project/package-lock.json" | cut -c1-12)
  mkdir -p "$modules"
  exec 9>"$modules/lock"
  flock 9
  if [ ! -f "$modules/installed" ]; then
    cp "$project/package.json" "$project/package-lock.json" "$modules"
    # no install scripts: deasync, of which only the unused synchronous calls of node-etcd need compiled code, brings it for the usual machines
    npm --prefix "$modules" ci --ignore-scripts --no-audit --no-fund --silent >&2
    touch "$modules/installed"
  fi
  exec 9>&-
  NODE_PATH=$modules/node_modules exec node --no-deprecation "$project/program.js" "${@:2}"
}
