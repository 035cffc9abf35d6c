# With --replicas: several replicas of one store, each on an address of its own in the hub and kept running by keep.sh; and what kills one of them
# again and again. kubekv's keep their keys in the API server of one more kubekv, or with --kube in a real one; etcd's are the members of a cluster.

LEASE=2s
# below the three seconds that libkv waits: an answer that says "unavailable" comes before the client gives up
REQUEST_TIMEOUT=2500ms
declare -A KEEPER=() # replica -> the job that keeps it
KILLER=""

replica_ip() { echo "10.88.0.$1"; }

replica_numbers() { seq "$replicas"; }

# set_start: all of them, from nothing.
set_start() {
  local i
  for i in $(replica_numbers); do
    [ "$(replica_ip "$i")" = $HUB_IP ] || ip -n "$(netns hub)" addr add "$(replica_ip "$i")/24" dev br0 || return
  done
  [ $STORE = etcd ] || set_api_start || return
  for i in $(replica_numbers); do
    mkdir "$WORK/replica-$i" && replica_keep "$i" || return
    # kubekv's one by one: the first takes the lease, on a store that holds nothing
    [ $STORE = etcd ] || wait_until 60 replica_ready "$i" || because "replica $i: $(tail -n 1 "$WORK/replica-$i/log")" || return
  done
  wait_until 60 set_ready || because "not all replicas are ready"
}

replica_keep() { # replica_keep NUMBER
  local ip command
  ip=$(replica_ip "$1")
  case $STORE in
    etcd)
      command=(etcd --name "m$1" --enable-v2=true --data-dir "$WORK/replica-$1/data" --initial-cluster "$(etcd_cluster)"
        --listen-client-urls "http://$ip:2379" --advertise-client-urls "http://$ip:2379"
        --listen-peer-urls "http://$ip:2380" --initial-advertise-peer-urls "http://$ip:2380")
      ;;
    kubekv)
      command=("$TOP/kubekv" serve --kubeconfig "$CLUSTER_CONFIG" --namespace "$CLUSTER_NAMESPACE" --lease-duration $LEASE
        --request-timeout $REQUEST_TIMEOUT --etcd-listen "$ip:2379" --grpc-listen "$ip:2390" --ops-listen "$ip:2381" --consul-listen off)
      ;;
  esac
  setpriv --pdeathsig KILL nsenter --net="/run/netns/$(netns hub)" bash "$HERE/docker.d/keep.sh" "$WORK/replica-$1" "${command[@]}" \
    2>> "$LOGS/keep.log" &
  KEEPER[$1]=$!
}

etcd_cluster() {
  local i list=""
  for i in $(replica_numbers); do list+=,m$i=http://$(replica_ip "$i"):2380; done
  echo "${list#,}"
}

# The API server that keeps the keys: that of a kubekv whose own store, in another namespace, nobody uses; with --kube a real one.
set_api_start() {
  if [ $on_kube = yes ]; then cluster_up; return; fi
  setpriv --pdeathsig KILL nsenter --net="/run/netns/$(netns hub)" setsid "$TOP/kubekv" serve --data-dir "$WORK/store" --etcd-listen 127.0.0.1:2379 \
    --ops-listen 127.0.0.1:2381 --consul-listen off --grpc-listen off >> "$LOGS/store.log" 2>&1 &
  STORE_PID=$!
  CLUSTER_CONFIG=$WORK/store/kubeconfig CLUSTER_NAMESPACE=replicas
  wait_until 60 answers 127.0.0.1:2381/readyz || because "the API server: $(tail -n 1 "$LOGS/store.log")" || return
  in_hub curl --noproxy '*' -sS --fail -o /dev/null -H "Authorization: Bearer $(of_kubeconfig token)" -H 'Content-Type: application/json' \
    -d '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"replicas"}}' "$(of_kubeconfig server)/api/v1/namespaces" \
    || because "the API server made no namespace"
}

of_kubeconfig() { sed -n "s/^.*$1: \"\{0,1\}\([^\"[:space:]]*\).*/\1/p" "$CLUSTER_CONFIG" | head -n 1; }

answers() { in_hub curl --noproxy '*' -s --fail --max-time 2 -o /dev/null "http://$1"; }

replica_ready() { # replica_ready NUMBER
  if [ $STORE = etcd ]; then answers "$(replica_ip "$1"):2379/health"; else answers "$(replica_ip "$1"):2381/readyz"; fi
}

set_ready() {
  local i
  for i in $(replica_numbers); do replica_ready "$i" || return; done
}

# The number of the one that answers for the store, as the first that can tell says.
holder() {
  local i said
  for i in $(replica_numbers); do
    said=$(in_hub curl --noproxy '*' -s --fail --max-time 2 "http://$(replica_ip "$i"):2379/v2/members/leader") || continue
    said=$(jq -r '.clientURLs[0]' <<< "$said")
    said=${said#*//10.88.0.}
    echo "${said%%:*}"
    return
  done
  return 1
}

# killer_start: from now on one of them is killed with -9 every $kill_every seconds, and not before the last one is back.
killer_start() {
  : > "$LOGS/kills.log"
  killer 2>> "$LOGS/keep.log" &
  KILLER=$!
}

killer() {
  local next=$((SECONDS + kill_every)) rank victim
  while read -r rank; do
    until [ $SECONDS -ge $next ] && set_ready && victim=$(holder); do
      [ ! -e "$WORK/killer-stop" ] && kill -0 $$ 2> /dev/null || return
      sleep 0.2
    done
    victim=$(((victim - 1 + rank) % replicas + 1))
    kill -KILL $(pgrep -s "$(cat "$WORK/replica-$victim/pid")")
    echo "$(date +%T.%3N) replica $victim$([ "$rank" != 0 ] || echo ', the holder')" >> "$LOGS/kills.log"
    next=$((SECONDS + kill_every))
  done < <(ranks)
}

# Who is next, counted from the holder, which is 0: drawn from the seed, so that of $replicas that follow each other one is the holder.
ranks() {
  local bag rank
  RANDOM=$seed
  for bag in {1..1000}; do
    for rank in $(seq 0 $((replicas - 1))); do echo "$bag $RANDOM $rank"; done
  done | sort -n -k 1,1 -k 2,2 | cut -d ' ' -f 3
}

kills() { wc -l < "$LOGS/kills.log"; }

killer_stop() {
  [ -n "$KILLER" ] || return 0
  touch "$WORK/killer-stop"
  wait "$KILLER"
  KILLER=""
  rm "$WORK/killer-stop"
}

# Ends them at once; safe to call at any moment.
set_kill() {
  [ -z "$KILLER" ] || kill -KILL "$KILLER" 2> /dev/null
  local i
  for i in "${!KEEPER[@]}"; do
    kill -KILL "${KEEPER[$i]}" 2> /dev/null # the replica dies with it
    wait "${KEEPER[$i]}" 2> /dev/null
    [ $keep_logs = no ] || cp "$WORK/replica-$i/log" "$LOGS/replica-$i.log"
  done
  KILLER="" KEEPER=()
}

# In good order, one after the other.
set_stop() {
  local i status
  for i in "${!KEEPER[@]}"; do
    kill -TERM "${KEEPER[$i]}"
    wait "${KEEPER[$i]}"
    status=$?
    [ $status = 0 ] || { [ $STORE = etcd ] && [ $status = 143 ]; } || because "replica $i ended with status $status on SIGTERM" || return
    unset "KEEPER[$i]"
    [ $keep_logs = no ] || cp "$WORK/replica-$i/log" "$LOGS/replica-$i.log"
  done
  [ -z "$STORE_PID" ] || store_stop_well
}
