# The scenario: every check by name, in order. The quick one leaves out what takes long; scenario_left_out says what that is.

# Without these nothing else can be told; on failure the rest of the scenario is not run.
scenario_begin() { scenario_hosts && scenario_first_network; }

scenario_hosts() {
  check "store starts" store_start || return
  check "store answers both hosts" store_reached_from_both || return
  [ $tls = no ] || check "a client without a certificate sees nothing" stranger_sees_nothing
  [ $tls = no ] || check "a client with a certificate and no grant sees nothing" ungranted_sees_nothing
  check "store is empty" store_is_empty
  check "both engines start with --cluster-store" engines_start || return
  check "discovery: both nodes are registered under docker/nodes" nodes_registered
  check "image imported on both hosts" image_imported
}

scenario_first_network() {
  check "overlay network ov created on h1" network_created h1 ov --subnet $SUBNET || return
  check "h2 sees ov with the same id and subnet" same_id_and_subnet
  check "a second network named ov is refused on h2" second_network_of_same_name
  check "a network with an overlapping subnet is refused on h2" overlapping_subnet
  check "containers c1 on h1 and c2 on h2 run, with different addresses of the subnet" c1_and_c2_run || return
  check "c1 and c2 resolve and ping each other by name" c1_and_c2_reach_each_other || return
  check "network inspect shows both endpoints on both hosts" both_endpoints_on_both_hosts
  ! has_view || check "dockernetworks, dockerendpoints and dockernodes say what the engines say" view_agrees
  check "network rm is refused on both hosts while endpoints are active" removal_while_in_use
  check "an address in use on h1 is refused on h2" address_in_use
  return 0
}

scenario_crowd() {
  check "8 containers started at once on both hosts have 8 addresses" eight_started_at_once
  check "each of the 8 reaches its neighbour on the other host by name" eight_reach_their_neighbours
  check "the 8 are removed at once" eight_removed_at_once
}

scenario_changes() {
  check "c2 stopped: c1 no longer resolves it" stopped_name_goes
  check "c2 started again: both reach each other" stopped_container_comes_back
  check "both hosts take subnets from the default pool at once" pools_taken_at_once
  check "a second network is joined, used, left and removed" second_network_joined_and_left
}

scenario_engines() {
  check "engines restarted one after the other (SIGTERM): c1 and c2 come back" engines_restarted_in_turn
  check "c1 and c2 reach each other after the restart" c1_and_c2_reach_each_other
  check "h2's engine killed with -9: its registration expires" h2_engine_killed
  check "h2's engine returns: c2 is back, the node registered" h2_engine_returns
  check "c1 and c2 reach each other after kill -9" c1_and_c2_reach_each_other
  check "a container start is cut off by kill -9 of the engine; engine and c2 return" start_cut_off
  check "what that left can be removed" leftovers_removed
  check "both engines killed with -9 and returned: c1 and c2 are back" both_engines_killed_and_returned
  check "c1 and c2 reach each other after both were killed" reach_each_other_after_both_were_killed
}

scenario_end() { # scenario_end [NAME...]: containers on h2 besides c2
  check "containers removed" containers_removed "$@"
  check "ov removed on h1, h2 no longer lists it" ov_removed
  check "only parents are left in the store" only_parents_left
  ! has_view || check "no network and no endpoint is shown any more" view_is_empty
  check "both engines stop (SIGTERM) with status 0" engines_stop
  check "store stops (SIGTERM) in good order" store_stop_in_order
}

scenario_full() {
  scenario_begin || { say "the rest of the scenario was not run"; return; }
  scenario_crowd
  scenario_changes
  scenario_engines
  check "store restarted (SIGTERM) in the middle: its content is the same" store_restarted
  check "both nodes are registered after the store's restart" nodes_registered
  check "a container created after it reaches the others" new_container_reaches_the_others c3
  check "store killed with -9 right after a write and started again: its content is the same" store_killed
  check "both nodes are registered after the store's kill -9" nodes_registered
  check "another container created after it reaches the others" new_container_reaches_the_others c4
  check "c1 and c2 still reach each other" c1_and_c2_reach_each_other
  scenario_end c3 c4
}

scenario_quick() {
  scenario_begin || { say "the rest of the scenario was not run"; return; }
  scenario_crowd
  check "h2's engine restarted (SIGTERM): c2 comes back" h2_engine_restarted
  check "c1 and c2 reach each other after the restart" c1_and_c2_reach_each_other
  check "h2's engine killed with -9 and returned: c2 is back, the node registered" h2_engine_killed_and_returned
  check "c1 and c2 reach each other after kill -9" c1_and_c2_reach_each_other
  check "store restarted (SIGTERM) in the middle: its content is the same" store_restarted
  check "both nodes are registered after the store's restart" nodes_registered
  check "store killed with -9 right after a write and started again: its content is the same" store_killed
  check "a container created after it reaches the others" new_container_reaches_the_others c3
  scenario_end c3
}

# With --zk. In what libkv lists there libnetwork finds no count of a network's endpoints: it ends the engine (a nil pointer in
# atomicIncDecEpCnt) when a container is to be started, and gives up when a network is to be removed.
scenario_zk() {
  scenario_hosts || { say "the rest of the scenario was not run"; return; }
  check "overlay network ov created on h1" network_created h1 ov --subnet $SUBNET || return
  check "h2 sees ov with the same id and subnet" same_id_and_subnet
  check "dockernetworks and dockernodes say what the engines say" view_agrees
  check "a second network named ov is refused on h2" second_network_of_same_name
  check "a network with an overlapping subnet is refused on h2" overlapping_subnet
  check "h2's engine restarted (SIGTERM)" engine_restarted h2
  check "h2 still sees ov with the same id and subnet" same_id_and_subnet
  check "h2's engine killed with -9 and returned, the node registered" engine_killed_and_registered h2
  check "store restarted (SIGTERM) in the middle: its content is the same" store_restarted_alone
  check "both nodes are registered after the store's restart" nodes_registered
  check "h2 sees ov after it" same_id_and_subnet
  check "overlay network later created on h2" network_created h2 later --subnet 10.203.0.0/24
  check "h1 sees later with the same id and subnet" same_network_on_both later
  check "both engines stop (SIGTERM) with status 0" engines_stop
  check "store stops (SIGTERM) in good order" store_stop_in_order
  say "left out by --zk: containers, and the removal of networks"
}

scenario_left_out() {
  say "left out by --quick: stopping and starting a container, subnets from the default pool, a second network, the expiry of a" \
    "killed engine's registration, a start cut off by kill -9, kill -9 of both engines, a container after each store restart"
}
