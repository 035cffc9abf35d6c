# Sourced: what all parts share.

ctl() { timeout 20 "$E2E_ETCDCTL" --endpoints "$url" "$@"; }

# outcome COMMAND...: sets $actual to standard output and errors, and a failing command's code as "exit N". What differs from store to store or from time to
# time is left out: the client's own log, ids, ports, sizes, and what it took.
outcome() {
  local code=0
  actual=$("$@" 2>&1) || code=$?
  [ $code -eq 0 ] || actual+=$'\n'"exit $code"
  actual=$(sed -E -e '/^\{"level":/d' -e "s|${url#http://}|STORE|g" -e 's/took = [0-9.]+[nµm]?s/took = TIME/' -e 's/took [0-9.]+[nµm]?s/took TIME/' \
    -e 's/"(cluster_id|member_id|raft_term|revision|leader|raftIndex|raftTerm|raftAppliedIndex)":[0-9]+/"\1":N/g' <<<"$actual")
}

# check NAME EXPECTED COMMAND...
check() {
  local name=$1 expected=$2 actual
  shift 2
  outcome "$@"
  verdict "$name" "$expected" "$actual"
}

# differ NAME EXPECTED EXPECTED-OF-KUBEKV REASON COMMAND...
differ() {
  local name=$1 etcd=$2 kubekv=$3 reason=$4 actual
  shift 4
  outcome "$@"
  if [ "$store" = kubekv ] && [ "$actual" = "$kubekv" ]; then
    echo "differs etcdctl-v3 $name: $reason"
  elif [ "$store" = kubekv ]; then
    verdict "$name" "$kubekv" "$actual"
  else
    verdict "$name" "$etcd" "$actual"
  fi
}

verdict() {
  if [ "$3" = "$2" ]; then
    echo "ok etcdctl-v3 $1"
  else
    echo "not ok etcdctl-v3 $1"
    diff <(echo "$2") <(echo "$3") | sed -n '/^[<>]/{s/^</    expected /;s/^>/    found    /;p}'
  fi
}

# refused TEXT: what a command prints that the server refuses
refused() { printf 'Error: %s\nexit 1' "$1"; }

# run a command beside the rest once a watch has had time to begin
soon() { (sleep 1; "$@" >/dev/null 2>&1) & }

# until_said LINES COMMAND...: what a command that does not end by itself has said when it has said so many lines, at most in ten seconds
until_said() {
  local lines=$1 said=$folder/said pid
  shift
  "$E2E_ETCDCTL" --endpoints "$url" "$@" >"$said" 2>&1 </dev/null &
  pid=$!
  for _ in $(seq 100); do
    [ "$(wc -l <"$said")" -lt "$lines" ] || break
    sleep 0.1
  done
  kill $pid
  wait $pid 2>/dev/null
  cat "$said"
}

# the value of a number in a JSON answer, given the field's name
number() { sed -E 's/.*"'"$1"'":(-?[0-9]+).*/\1/'; }

revision() { ctl get ctl/none -w json | number revision; }

# of a key: create_revision, mod_revision, version, lease
field() { ctl get "$1" -w json | number "$2"; }

until_gone() {
  for _ in $(seq 100); do
    [ -n "$(ctl get "$1")" ] || return 0
    sleep 0.1
  done
}
