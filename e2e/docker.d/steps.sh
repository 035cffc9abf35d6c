# The steps of the scenario. Each is a function for `check`: it does something, waits for its effect, and says why when it fails.

SUBNET=10.201.0.0/24
NAMES=(n1 n2 n3 n4 n5 n6 n7 n8)

host_of() { case $1 in n[1357]) echo h1 ;; *) echo h2 ;; esac; } # where each of the eight runs

store_reached_from_both() {
  local host address
  for host in h1 h2; do
    for address in $(store_addresses); do
      try in_host $host curl --noproxy '*' "${TLS_OF_CLIENTS[@]}" -sS --fail --max-time 5 "${STORE_URL%%:*}://$address/v2/keys/" || return
    done
  done
}

store_is_empty() { [ -z "$(store_content)" ] || because "it already holds keys"; }

engines_start() {
  engine_launch h1
  engine_launch h2
  engine_await h1 && engine_await h2
}

nodes_registered() {
  local host
  for host in h1 h2; do
    wait_until 20 store_holds_node $host || because "docker/nodes does not hold ${HOST_IP[$host]}:2376" || return
  done
}

image_imported() {
  local host
  for host in h1 h2; do
    try d $host import --change 'CMD ["sleep","100000"]' "$WORK/image.tar" $IMAGE || return
  done
}

network_created() { # network_created HOST NETWORK [OPTIONS...]
  local host=$1 network=$2
  shift 2
  try network_create_fresh "$host" "$network" "$@"
}

# When the store was away, what it left of the network is taken back.
network_create_fresh() {
  local said
  said=$(network_create_on "$@" 2>&1) && return
  say "$said"
  store_was_away "$said" && d "$1" network rm "$2" > /dev/null 2>&1
  return 1
}

network_listed() { d "$1" network ls --format '{{.Name}}' | grep -qx "$2"; } # network_listed HOST NETWORK

same_network_on_both() { # same_network_on_both NETWORK
  local template='{{.Id}} {{(index .IPAM.Config 0).Subnet}}' one two
  one=$(network_field h1 "$1" "$template" 2>&1) || because "h1: $one" || return
  two=$(network_field h2 "$1" "$template" 2>&1) || because "h2: $two" || return
  [ "$one" = "$two" ] || because "h1 has $one, h2 has $two"
}

same_id_and_subnet() {
  same_network_on_both ov || return
  [ "$(network_field h2 ov '{{(index .IPAM.Config 0).Subnet}}')" = $SUBNET ] || because "the subnet is not $SUBNET"
}

second_network_of_same_name() { refused 'already exists' network_create_on h2 ov --subnet 10.202.0.0/24; }

overlapping_subnet() { refused 'overlaps' network_create_on h2 overlap --subnet 10.201.0.128/25; }

network_create_on() { # network_create_on HOST NETWORK [OPTIONS...]
  local host=$1 network=$2
  shift 2
  d "$host" network create --driver overlay --attachable "$@" "$network"
}

c1_and_c2_run() {
  run_on h1 c1 ov && run_on h2 c2 ov || return
  local one two
  one=$(address_of h1 c1 ov) two=$(address_of h2 c2 ov)
  [[ $one = 10.201.0.* && $two = 10.201.0.* && $one != "$two" ]] || because "their addresses are '$one' and '$two'"
}

c1_and_c2_reach_each_other() { reach h1 c1 c2 && reach h2 c2 c1; }

both_endpoints_on_both_hosts() {
  local host
  for host in h1 h2; do
    wait_until 10 endpoints_are $host ov 2 || because "$host shows $(endpoints $host ov) endpoints" || return
  done
}

endpoints() { network_field "$1" "$2" '{{len .Containers}}' 2>&1; } # endpoints HOST NETWORK

endpoints_are() { [ "$(endpoints "$1" "$2")" = "$3" ]; } # endpoints_are HOST NETWORK COUNT

removal_while_in_use() {
  local host
  for host in h1 h2; do
    refused 'active endpoints' d $host network rm ov || return
  done
}

address_in_use() {
  local taken
  taken=$(address_of h1 c1 ov)
  refused 'address already in use' d h2 run $RUN_OPTIONS --name thief --network ov --ip "$taken" $IMAGE || return
  try d h2 rm --force thief
}

# at_once COMMAND WORD...: runs the command for every word in parallel; true when all succeed.
at_once() {
  local command=$1 word pid pids=() failed=0
  shift
  for word; do
    $command "$word" > "$WORK/at-once-$word" 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=$((failed + 1)); done
  [ $failed = 0 ] || because "$failed of $# failed: $(cat "$WORK"/at-once-* | grep -m 1 -i error)"
}

start_one() { try run_fresh "$(host_of "$1")" "$1" ov || { say "$REASON"; return 1; }; }

remove_one() { d "$(host_of "$1")" rm --force "$1"; }

eight_started_at_once() {
  at_once start_one "${NAMES[@]}" || return
  local name distinct
  distinct=$(for name in "${NAMES[@]}"; do address_of "$(host_of $name)" $name ov; done | grep '^10\.201\.0\.' | sort -u | wc -l)
  [ "$distinct" = 8 ] || because "they have $distinct distinct addresses"
}

eight_reach_their_neighbours() {
  local i name next
  for i in "${!NAMES[@]}"; do
    name=${NAMES[$i]} next=${NAMES[$(((i + 1) % 8))]}
    reach "$(host_of $name)" $name $next || return
  done
}

eight_removed_at_once() {
  at_once remove_one "${NAMES[@]}" || return
  wait_until 10 endpoints_are h1 ov 2 || because "h1 still shows $(endpoints h1 ov) endpoints"
}

stopped_name_goes() {
  try d h2 stop c2 || return
  wait_until 20 no_longer resolves h1 c1 c2 || because "c1 still resolves c2"
}

stopped_container_comes_back() {
  local said
  if ! said=$(d h2 start c2 2>&1); then
    dialled_astray "$said" || because "$said" || return
    note "replaced, for the engine had dialled the store from a container's namespace (an engine fault)"
    cleared h2 c2 ov
    run_on h2 c2 ov || return
  fi
  c1_and_c2_reach_each_other
}

pools_taken_at_once() {
  at_once pool_on h1 h2 || return
  same_network_on_both pool-h1 && same_network_on_both pool-h2 || return
  [ "$(network_field h1 pool-h1 '{{(index .IPAM.Config 0).Subnet}}')" != "$(network_field h1 pool-h2 '{{(index .IPAM.Config 0).Subnet}}')" ] \
    || because "both networks have the same subnet" || return
  try d h1 network rm pool-h2 && try d h2 network rm pool-h1
}

pool_on() { network_create_on "$1" "pool-$1"; }

second_network_joined_and_left() {
  network_created h2 second && try d h1 network connect second c1 && try d h2 network connect second c2 || return
  local there
  there=$(address_of h2 c2 second)
  wait_until 20 pings h1 c1 "$there" || because "c1 does not reach $there" || return
  try d h1 network disconnect second c1 && try d h2 network disconnect second c2 && try d h1 network rm second || return
  wait_until 10 no_longer network_listed h2 second || because "h2 still lists it"
}

comes_back() { wait_until 60 runs "$1" "$2" || because "$2 does not run on $1 again"; } # comes_back HOST CONTAINER

engines_restarted_in_turn() {
  engine_stop h1 && engine_start h1 && comes_back h1 c1 && engine_stop h2 && engine_start h2 && comes_back h2 c2
}

h2_engine_restarted() { engine_stop h2 && engine_start h2 && comes_back h2 c2; }

h2_engine_killed() {
  engine_kill h2
  wait_until $((NODE_TTL + 10)) no_longer store_holds_node h2 || because "its registration outlives its time to live"
}

h2_engine_returns() {
  engine_start h2 && comes_back h2 c2 || return
  wait_until 20 store_holds_node h2 || because "it does not register again"
}

h2_engine_killed_and_returned() {
  engine_kill h2
  h2_engine_returns
}

both_engines_killed_and_returned() {
  mark_logs
  engine_kill h1
  engine_kill h2
  engines_start && comes_back h1 c1 && comes_back h2 c2
}

# After both were killed: an engine's own loss of a neighbour is named and repaired by restarting that engine, once.
reach_each_other_after_both_were_killed() {
  c1_and_c2_reach_each_other && return
  gossip_fault h1 || gossip_fault h2 || return
  note "an engine's gossip had lost its neighbour (vtep:<nil>, no store error); h2's engine was restarted"
  h2_engine_restarted && c1_and_c2_reach_each_other
}

# A start that kill -9 of the engine cuts off leaves an endpoint in the store; the engine must be able to remove it all the same.
start_cut_off() {
  network_created h2 cut || return
  d h2 run $RUN_OPTIONS --name victim --network cut $IMAGE > /dev/null 2>&1 &
  local starter=$!
  sleep 0.3
  engine_kill h2
  wait $starter
  engine_start h2 && comes_back h2 c2
}

leftovers_removed() {
  d h2 rm --force victim > /dev/null 2>&1
  wait_until 20 network_gone_by_force h2 cut || because "$(d h2 network rm cut 2>&1)"
}

# Removes the endpoints that a killed engine left, then the network. In this order: an engine that is killed between its
# record of an endpoint and the count of endpoints removes the network, which counts none, and leaves the endpoint.
network_gone_by_force() {
  local endpoint
  for endpoint in $(network_field "$1" "$2" '{{range .Containers}}{{.Name}} {{end}}' 2> /dev/null); do
    d "$1" network disconnect --force "$2" "$endpoint" > /dev/null 2>&1
  done
  d "$1" network rm "$2" > /dev/null 2>&1
}

# store_interrupted STOP: the store ends by the given function and returns, also when it ended badly; nothing that it held is lost or altered.
store_interrupted() {
  local before after ended=0
  before=$(store_content)
  [ -n "$before" ] || because "the store showed nothing before it was stopped" || return
  $1 || ended=1
  pings h1 c1 "$(address_of h2 c2 ov)" || because "without the store c1 does not reach c2" || ended=1
  store_start || return
  after=$(store_content)
  [ "$before" = "$after" ] || because "the store's content changed: $(diff <(echo "$before") <(echo "$after") | head -n 2 | cut -c 1-200 | tr '\n' ' ')" || return
  return $ended
}

# Where no container asks for anything meanwhile.
store_restarted_alone() {
  local before
  before=$(store_content)
  store_stop_well && store_start || return
  [ -n "$before" ] && [ "$(store_content)" = "$before" ] || because "before it held '$before', afterwards '$(store_content)'"
}

store_restarted() { store_interrupted store_stop_well; }

# etcd dies of the signal itself once it has stopped; kubekv exits with 0.
store_stop_well() {
  store_stop || return
  [ "$STORE_STATUS" = 0 ] || { [ $STORE = etcd ] && [ "$STORE_STATUS" = 143 ]; } || because "it ended with status $STORE_STATUS on SIGTERM"
}

store_stop_in_order() { if [ "$replicas" -gt 1 ]; then set_stop; else store_stop_well; fi; }

# The last write is acknowledged just before the kill.
store_killed() {
  network_created h1 mid && store_interrupted store_kill && same_network_on_both mid && try d h2 network rm mid
}

new_container_reaches_the_others() { # new_container_reaches_the_others NAME: on h2, created now
  run_on h2 "$1" ov && reach h1 c1 "$1" && reach h2 "$1" c1 && reach h2 "$1" c2
}

containers_removed() { # containers_removed NAME...: on whichever host they are
  try d h1 rm --force c1 || return
  try d h2 rm --force c2 "$@"
}

ov_removed() {
  try d h1 network rm ov || return
  wait_until 10 no_longer network_listed h2 ov || because "h2 still lists it"
}

# What libnetwork keeps for ever: the two allocators, empty, below directories.
only_parents_left() {
  local content keys
  content=$(store_content)
  keys=$(cut -f 1 <<< "$content" | tr '\n' ' ')
  [ "$keys" = "/docker/network/v1.0/idm/vxlan-id /docker/network/v1.0/ipam/default/config/GlobalDefault " ] \
    || because "the store holds $keys" || return
  [ "$replicas" -gt 1 ] && [ $LEAKED -gt 0 ] || grep -q '"Subnets\\*":{}' <<< "$content" || because "an address pool is still reserved: $content"
}

engine_restarted() { engine_stop "$1" && engine_start "$1"; } # engine_restarted HOST

engine_killed_and_registered() { engine_kill "$1" && engine_start "$1" && nodes_registered; } # engine_killed_and_registered HOST

engines_stop() { engine_stop h1 && engine_stop h2; }
