# The scenario with --replicas: rounds of what users do, while one replica after the other is killed; then nothing may be lost, left over or double.

KEPT=()  # the networks that rounds have made, each with a container on each host
LEAKED=0 # subnets that an engine has reserved and does not know of
DROPPED=0 # networks that the overlay driver alone still knows

scenario_replicas() {
  KEPT=() LEAKED=0
  scenario_begin || { say "the rest of the scenario was not run"; return; }
  say "from now on a replica is killed with -9 every $kill_every s, and kept from starting for 3 s (seed $seed)"
  killer_start
  rounds
  killer_stop
  say_kills
  check "every replica is back, names the same holder and shows the same keys" replicas_agree
  check "c1 and c2 still reach each other" c1_and_c2_reach_each_other
  check "every network of the rounds is on both hosts, and its containers reach each other" kept_networks_work
  check "what engines could not take back while the store was away can be removed" leftovers_disconnected
  check "what libnetwork miscounted when the store was away is set right, and no more than that" counters_set_right
  check "the networks of the rounds are removed" kept_networks_removed
  scenario_end
  [ $CHECKS_OK = $CHECKS_RUN ] || say_refusals
}

# Until the wanted number of kills; a killer that waits for a replica in vain does not hold it up for ever.
rounds() {
  local round=0 until=$((SECONDS + kills_wanted * (kill_every + 30)))
  while [ "$(kills)" -lt "$kills_wanted" ]; do
    [ $SECONDS -lt $until ] || { check "$kills_wanted kills in $((kills_wanted * (kill_every + 30))) s" false; return; }
    round=$((round + 1))
    check "round $round: a network, with a container on each host, which reach each other" network_kept $round
    check "round $round: 8 containers started at once on both hosts have 8 addresses" eight_started_at_once
    check "round $round: each of the 8 reaches its neighbour on the other host by name" eight_reach_their_neighbours
    check "round $round: the 8 are removed at once" eight_removed_at_once
    check "round $round: a network of the same name, an overlapping one, an address in use are refused, removal too" all_refused
    if [ $quick = no ] && [ $((round % 3)) = 0 ]; then
      check "round $round: h2's engine killed with -9 and returned: c2 is back, the node registered" h2_engine_killed_and_returned
      check "round $round: c1 and c2 reach each other after that" c1_and_c2_reach_each_other
    fi
    check "round $round: ov and the networks of all rounds are the same on both hosts" same_networks
  done
}

network_kept() { # network_kept ROUND
  local host=h$((($1 - 1) % 2 + 1))
  network_created $host "kept$1" --subnet "10.202.$1.0/24" \
    || { subnet_leaked && network_created $host "kept$1" --subnet "10.203.$1.0/24"; } || return
  KEPT+=("kept$1")
  run_on h1 "kept$1-h1" "kept$1" && run_on h2 "kept$1-h2" "kept$1" && reach h1 "kept$1-h1" "kept$1-h2" && reach h2 "kept$1-h2" "kept$1-h1"
}

all_refused() { second_network_of_same_name && overlapping_subnet && address_in_use && removal_while_in_use; }

same_networks() {
  local network
  for network in ov "${KEPT[@]}"; do
    try network_known h1 "$network" && try network_known h2 "$network" && same_network_on_both "$network" || because "$network: $REASON" || return
  done
}

network_known() { d "$1" network inspect "$2"; } # network_known HOST NETWORK

kept_networks_work() {
  same_networks || return
  local network
  for network in "${KEPT[@]}"; do
    reach h1 "$network-h1" "$network-h2" && reach h2 "$network-h2" "$network-h1" || return
  done
}

# replicas_agree: asked one by one.
replicas_agree() {
  wait_until 60 set_ready || because "not all replicas came back" || return
  local address said leader="" content
  for address in $(store_addresses); do
    said=$(in_hub curl --noproxy '*' -s --fail --max-time 5 "http://$address/v2/members/leader" | jq -r '.clientURLs[0]')
    [ -n "$said" ] && [ "${leader:=$said}" = "$said" ] || because "$address names '$said' as the holder, not '$leader'" || return
    said=$(store_get_at "$address" / 'recursive=true&sorted=true') || because "$address does not answer" || return
    said=$(keys_and_values <<< "$said")
    [ "${content=$said}" = "$said" ] || because "$address shows other keys: $(diff <(echo "$content") <(echo "$said") | head -n 2 | cut -c 1-200)" || return
  done
}

# An engine that cannot reach the store while it removes a container leaves the endpoint there and only logs that; its users remove it so.
leftovers_disconnected() {
  local network name left=0
  for network in ov "${KEPT[@]}"; do
    for name in $(network_field h1 "$network" '{{range .Containers}}{{.Name}} {{end}}'); do
      case $name in c1 | c2 | "$network"-h?) continue ;; esac
      try d h1 network disconnect --force "$network" "$name" || return
      left=$((left + 1))
    done
  done
  drop_refused_networks
  note "$left endpoints, $DROPPED networks of the overlay driver"
}

# What the overlay driver keeps of a network that an engine refused to make, and could not take back either: no command knows of it any more.
drop_refused_networks() {
  local id folder=/docker/network/v1.0 keys
  DROPPED=0
  [ -f "$LOGS/refused.log" ] || return 0
  keys=$(store_content | cut -f 1)
  for id in $(grep -o 'for network [0-9a-f]\{64\}' "$LOGS/refused.log" | cut -d ' ' -f 3 | sort -u); do
    grep -qx "$folder/overlay/network/$id" <<< "$keys" && ! grep -qx "$folder/network/$id" <<< "$keys" || continue
    in_hub curl --noproxy '*' -sS --fail --max-time 5 -o /dev/null -X DELETE "http://$(store_addresses | head -n 1)/v2/keys$folder/overlay/network/$id"
    DROPPED=$((DROPPED + 1))
  done
}

# Of a change whose answer is lost an engine believes that it was not made; and it tries once only to take something back. So a subnet may be reserved for
# nobody (then the network takes another one), and the counter that libnetwork keeps beside the endpoints of a network may be wrong. Nothing else may, and
# not more often than the engines say that changes were refused or lost.
subnet_leaked() {
  [[ $REASON = *overlaps* ]] && [ $(($(lost_answers) + $(refusals))) -gt 0 ] || return
  LEAKED=$((LEAKED + 1))
}

counters_set_right() {
  local id count endpoints wrong=0 troubled
  troubled=$(troubled_changes)
  while read -r id count endpoints; do
    [ "$id" != stray ] || because "$count" || return
    wrong=$((wrong + 1))
    set_counter "$id" "$endpoints" || because "the counter of network $id cannot be set" || return
    say "network $id counted $count endpoints and has $endpoints"
  done < <(wrong_counters)
  [ $wrong -le "$troubled" ] || because "$wrong counters were wrong, but only $troubled changes were refused or lost" || return
  note "$wrong counters; $troubled changes refused or lost"
}

# The networks whose counter is not the number of their endpoints, and the first that belongs to no network: ID COUNTED ENDPOINTS, or stray WHAT.
wrong_counters() {
  store_content | awk -F '\t' '
    { n = split($1, path, "/") }
    $1 ~ "^/docker/network/v1.0/network/" { network[path[n]] = 1 }
    $1 ~ "^/docker/network/v1.0/endpoint/" { endpoints[path[n - 1]]++ }
    $1 ~ "^/docker/network/v1.0/endpoint_count/" { match($2, /Count[^0-9]*[0-9]+/); said = substr($2, RSTART, RLENGTH); gsub(/[^0-9]/, "", said); count[path[n]] = said }
    END {
      for (id in network) if (count[id] != endpoints[id] + 0) print id, count[id], endpoints[id] + 0
      for (id in endpoints) if (!(id in network)) { print "stray endpoints:" id; exit }
      for (id in count) if (!(id in network)) { print "stray counter:" id; exit }
    }'
}

set_counter() { # set_counter NETWORK COUNT
  in_hub curl --noproxy '*' -sS --fail --max-time 5 -o /dev/null -X PUT --data-urlencode "value={\"Count\":$2}" \
    "http://$(store_addresses | head -n 1)/v2/keys/docker/network/v1.0/endpoint_count/$1"
}

kept_networks_removed() {
  local network
  for network in "${KEPT[@]}"; do
    try d h1 rm --force "$network-h1" && try d h2 rm --force "$network-h2" && try d h1 network rm "$network" || because "$network: $REASON" || return
  done
  wait_until 10 no_longer network_listed h2 kept || because "h2 still lists one"
}

say_kills() {
  say "kills: $(kills), $(grep -c holder "$LOGS/kills.log") of them of the holder; commands refused as unavailable and repeated: $(refusals)$(kinds_of_refusals)"
}

refusals() { [ -f "$LOGS/refused.log" ] && wc -l < "$LOGS/refused.log" || echo 0; }

kinds_of_refusals() { [ ! -f "$LOGS/refused.log" ] || printf ' (%s)' "$(cut -f 1 "$LOGS/refused.log" | sort | uniq -c | awk '{ $1 = $1 ":"; print }' | paste -s -d ,)"; }

# Why, and which: of use when a check failed.
say_refusals() {
  [ -f "$LOGS/refused.log" ] || return 0
  say "the refused commands, and what the engine said:"
  cut -c 1-400 "$LOGS/refused.log" | sed 's/^/  /'
}
