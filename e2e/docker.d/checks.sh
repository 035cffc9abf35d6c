# Checks with names, times and a verdict. A check is a command or function; on failure it tells why with `because`; what
# is worth knowing about a success it tells with `note`.

declare -A STEP_TIME=() # "store/step" -> milliseconds
STEP_NAMES=()           # in the order in which they were first run
CHECKS_RUN=0
CHECKS_OK=0
REASON=""
NOTE=""

say() { printf '%s\n' "$*"; }

# Remembers why the running check fails and fails.
because() {
  REASON=$*
  return 1
}

note() { NOTE="${NOTE:+$NOTE; }$*"; }

now_ms() { date +%s%3N; }

# check NAME COMMAND...: runs the command in this shell, times it, prints one line; its status is the command's.
check() {
  local name=$1 began ms status=0
  shift
  REASON="" NOTE=""
  began=$(now_ms)
  CHECKS_RUN=$((CHECKS_RUN + 1))
  "$@" || status=1
  ms=$(($(now_ms) - began))
  if [ $status = 0 ]; then
    CHECKS_OK=$((CHECKS_OK + 1))
    printf 'ok   %6s s  %s%s\n' "$(seconds $ms)" "$name" "${NOTE:+ ($NOTE)}"
  else
    printf 'FAIL %6s s  %s: %s\n' "$(seconds $ms)" "$name" "${REASON:-no reason given}"
  fi
  remember_time "$name" $ms
  return $status
}

remember_time() { # remember_time NAME MILLISECONDS
  local known
  for known in "${STEP_NAMES[@]}"; do [ "$known" = "$1" ] && break; done
  [ "${known-}" = "$1" ] || STEP_NAMES+=("$1")
  STEP_TIME["$STORE/$1"]=$2
}

seconds() { printf '%d.%02d' $(($1 / 1000)) $(($1 % 1000 / 10)); }

# wait_until SECONDS COMMAND...: tries the command until it succeeds; false when the time is over.
wait_until() {
  local deadline=$(($(now_ms) + $1 * 1000))
  shift
  until "$@"; do
    [ "$(now_ms)" -lt $deadline ] || return 1
    sleep 0.1
  done
}

# print_times STORE...: seconds per step, one column for each store, and the sum.
print_times() {
  [ $# -gt 0 ] || return 0
  local store name ms
  local -A sum=()
  say ""
  printf 'seconds per step'
  for store; do printf '  %8s' "$store"; sum[$store]=0; done
  printf '\n'
  for name in "${STEP_NAMES[@]}"; do
    printf '%16s' ''
    for store; do
      ms=${STEP_TIME["$store/$name"]-}
      if [ -z "$ms" ]; then printf '  %8s' -; else printf '  %8s' "$(seconds "$ms")"; sum[$store]=$((${sum[$store]} + ms)); fi
    done
    printf '  %s\n' "$name"
  done
  printf '%16s' 'sum'
  for store; do printf '  %8s' "$(seconds "${sum[$store]}")"; done
  printf '\n'
}

# verdict NAME: the last line and the exit status.
verdict() {
  if [ $CHECKS_RUN -gt 0 ] && [ $CHECKS_OK -eq $CHECKS_RUN ]; then
    say "$1: $CHECKS_OK of $CHECKS_RUN checks (bar all) ok"
    exit 0
  fi
  say "$1: $CHECKS_OK of $CHECKS_RUN checks (bar all) ... falls short"
  exit 1
}
