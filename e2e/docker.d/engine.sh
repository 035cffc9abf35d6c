# The Docker engines, one on each host, and what the steps ask of them.

HEARTBEAT=2 # seconds between registrations; the engine's default is 20
NODE_TTL=6
IMAGE=kubekv-e2e
RUN_OPTIONS="--detach --pull never --stop-signal KILL"
declare -A ENGINE_PID=() # the job that waits for the engine, for its exit status

engine_launch() { # engine_launch HOST
  local home=$WORK/$1
  in_host "$1" dockerd --config-file "$WORK/daemon.json" --debug -H "unix://$home/docker.sock" \
    --data-root "$home/data" --exec-root "$home/exec" --pidfile "$home/docker.pid" \
    --storage-driver overlay2 --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$CGROUP" \
    --bridge none --userland-proxy=false --dns $HUB_IP \
    --cluster-store "$(store_url)" --cluster-advertise "${HOST_IP[$1]}:2376" \
    --cluster-store-opt "discovery.heartbeat=$HEARTBEAT" --cluster-store-opt "discovery.ttl=$NODE_TTL" "${TLS_OF_ENGINES[@]}" \
    >> "$LOGS/$1-engine.log" 2>&1 &
  ENGINE_PID[$1]=$!
}

engine_answers() { d "$1" version > /dev/null 2>&1; }

engine_await() { wait_until 60 engine_answers "$1" || because "the engine on $1 does not answer: $(tail -n 1 "$LOGS/$1-engine.log")"; }

engine_start() { engine_launch "$1" && engine_await "$1"; }

# Sends the signal to the engine and waits for its end; the exit status is the engine's.
engine_signal() { # engine_signal HOST SIGNAL
  in_host "$1" sh -c "kill -$2 \$(cat '$WORK/$1/docker.pid')" || because "no engine runs on $1" || return
  wait "${ENGINE_PID[$1]}" 2> /dev/null
}

engine_stop() { engine_signal "$1" TERM || because "the engine on $1 ended with status $?"; }

engine_kill() {
  engine_signal "$1" KILL
  rm -f "$WORK/$1/docker.pid"
}

# d HOST ARGUMENTS...: the docker client, talking to that host's engine.
d() {
  local socket=unix://$WORK/$1/docker.sock
  shift
  timeout 60 docker -H "$socket" "$@"
}

# try COMMAND...: runs it quietly; on failure the reason is the first error that it printed, or its last line.
try() {
  local said attempt away=no
  for attempt in {1..10}; do
    said=$("$@" 2>&1) && return
    if store_was_away "$said"; then
      refused_as_unavailable "$said" "$@"
      away=yes
    elif dialled_astray "$said"; then
      note "repeated, for the engine had dialled the store from a container's namespace (an engine fault)"
      [ $attempt -lt 3 ] || break
    elif [ $away = no ] || [ $attempt -gt 5 ]; then
      break # otherwise it may be what the attempt before has left
    fi
  done
  because "$(grep -i -m 1 error <<< "$said" || tail -n 1 <<< "$said")"
}

# With --replicas: the engine gave up because its store did not answer, or not in time.
store_was_away() { [ "$replicas" -gt 1 ] && grep -q -e "$STORE_AWAY" <<< "$1"; }

# refused_as_unavailable SAID COMMAND...: it is counted, and repeated after a moment.
refused_as_unavailable() {
  local said=$1
  shift
  echo "$(grep -o -m 1 -e "$STORE_AWAY" <<< "$said" | head -n 1)	$*	$(tr '\n' ' ' <<< "$said")" >> "$LOGS/refused.log"
  sleep 1
}

# A fault of the engine, seen on real etcd too: while it sets up a container, a new connection to the store is now and then opened
# on a thread that still stands in that container's network namespace, which has no route. Nothing was sent to the store.
dialled_astray() { grep -q 'connect: network is unreachable' <<< "$1"; }

# refused PATTERN COMMAND...: the command fails and says something that matches the pattern.
refused() {
  local pattern=$1 said
  shift
  while :; do
    if said=$("$@" 2>&1); then because "it was accepted: $said"; return; fi
    store_was_away "$said" || break
    refused_as_unavailable "$said" "$@"
  done
  grep -qi -e "$pattern" <<< "$said" || because "refused in other words: $(tail -n 1 <<< "$said")"
}

# run_fresh HOST NAME NETWORK OPTIONS...: starts a container, and leaves none of that name when it cannot.
run_fresh() {
  local host=$1 name=$2 network=$3
  shift 3
  d "$host" run $RUN_OPTIONS --name "$name" --network "$network" "$@" $IMAGE && return
  cleared "$host" "$name" "$network"
  return 1
}

# cleared HOST NAME NETWORK: no container of that name is left, nor an endpoint that the engine failed to remove.
cleared() {
  d "$1" rm --force "$2" > /dev/null 2>&1
  d "$1" network disconnect --force "$3" "$2" > /dev/null 2>&1
  return 0
}

# run_on HOST NAME NETWORK [OPTIONS...]: starts a container that comes back when its engine does.
run_on() {
  local host=$1 name=$2 network=$3
  shift 3
  try run_fresh "$host" "$name" "$network" --restart always "$@"
}

address_of() { # address_of HOST CONTAINER NETWORK
  d "$1" inspect --format "{{(index .NetworkSettings.Networks \"$3\").IPAddress}}" "$2"
}

network_field() { d "$1" network inspect --format "$3" "$2"; } # network_field HOST NETWORK TEMPLATE

runs() { [ "$(d "$1" inspect --format '{{.State.Running}}' "$2" 2> /dev/null)" = true ]; }

pings() { d "$1" exec "$2" ping -c 1 -W 1 "$3" > /dev/null 2>&1; } # pings HOST CONTAINER NAME

resolves() { d "$1" exec "$2" nslookup "$3" 127.0.0.11 > /dev/null 2>&1; }

no_longer() { ! "$@"; }

# reach HOST CONTAINER NAME: within 40 s, for a name that is late may need the store's next discovery event.
reach() {
  wait_until 40 pings "$1" "$2" "$3" && return
  if resolves "$1" "$2" "$3"; then because "$2 on $1 resolves $3, but the packets are lost"; else because "$2 on $1 does not resolve $3"; fi
}

declare -A LOG_MARK=() # host -> lines of the engine's log that are older than the step

mark_logs() {
  local host
  for host in h1 h2; do LOG_MARK[$host]=$(wc -l < "$LOGS/$host-engine.log"); done
}

engine_log_since_mark() { tail -n +$((${LOG_MARK[$1]} + 1)) "$LOGS/$1-engine.log"; }

# Engines that were both killed now and then lose a neighbour of their own gossip. It shows as vtep:<nil> in their log, with no
# error from the store, on any store.
gossip_fault() { # gossip_fault HOST
  engine_log_since_mark "$1" | grep -q 'vtep:<nil>' && ! engine_log_since_mark "$1" | grep -q -e "$STORE_ERRORS"
}

STORE_ERRORS='etcd cluster is unavailable\|client: response is invalid json\|client: etcd member'

# What an engine says of a change that may have been made, for the answer is lost: also what it makes of every answer of status 500.
ANSWER_LOST='has no leader\|\bEOF\b\|connection reset by peer\|exceeded header timeout\|context deadline exceeded\|request canceled'
STORE_AWAY="connection refused\\|etcd cluster is unavailable\\|$ANSWER_LOST"

# How often an answer was lost; how often a change may have been refused or lost, which leaves as much behind when it was to take something back. A
# registration is repeated every other second and does no harm; what gossip loses is not the store's.
lost_answers() { engine_complaints | grep -c -e "$ANSWER_LOST"; }
troubled_changes() { engine_complaints | grep -c -e "$STORE_AWAY"; }
engine_complaints() { cat "$LOGS"/h?-engine.log | grep -e 'level=\(warning\|error\)' | grep -v -e 'discovery\|memberlist\|serf'; }
