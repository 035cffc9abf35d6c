# The store under test, in the hub namespace: real etcd with its v2 API, or kubekv. Both keep their data in $WORK/store, or kubekv in a real
# kube-apiserver in the same namespace. With --replicas it is several processes (replicas.sh).

STORE_URL=http://$HUB_IP:2379 # https with --tls (tls.sh)
STORE_PID=""
STORE_STATUS="" # exit status of the store that ended last

store_start() {
  local command consul=off
  [ $on_zk = no ] || consul=$HUB_IP:8500
  if [ "$replicas" -gt 1 ]; then set_start; return; fi
  [ -d "$WORK/tls" ] || tls_start || return
  case $STORE in
    etcd)
      command=(etcd --name default --enable-v2=true --data-dir "$WORK/store"
        --listen-client-urls "$STORE_URL" --advertise-client-urls "$STORE_URL"
        --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380
        --initial-cluster default=http://127.0.0.1:2380 "${TLS_OF_STORE[@]}")
      ;;
    kubekv)
      command=("$TOP/kubekv" serve --etcd-listen "$HUB_IP:2379" --consul-listen "$consul" --grpc-listen off --ops-listen off "${TLS_OF_STORE[@]}")
      [ $on_zk = no ] || command+=(--zookeeper-listen "$HUB_IP:2181")
      if [ $on_kube = yes ]; then
        cluster_up || return
        command+=(--kubeconfig "$CLUSTER_CONFIG" --namespace "$CLUSTER_NAMESPACE")
      else
        command+=(--data-dir "$WORK/store")
      fi
      tls_grants_of "${CLUSTER_NAMESPACE:-default}" || return
      ;;
  esac
  # setpriv, nsenter and setsid each become the next, so the store's session bears the number of this job.
  setpriv --pdeathsig KILL nsenter --net="/run/netns/$(netns hub)" setsid "${command[@]}" >> "$LOGS/store.log" 2>&1 &
  STORE_PID=$!
  wait_until 60 store_answers || because "$(tail -n 1 "$LOGS/store.log")"
}

# With --kube: a control plane in the hub, with an empty store in it; both stay while the store is stopped, killed and started again.
cluster_up() {
  [ -d "$WORK/kube" ] && return
  KUBE_INSIDE=(nsenter --net="/run/netns/$(netns hub)" --) kube_bound=yes
  kube_start "$WORK/kube" 2> "$LOGS/kube.log" || because "$(tail -n 1 "$LOGS/kube.log")" || return
  read -r CLUSTER_NAMESPACE CLUSTER_CONFIG < <(E2E_KUBECONFIG=$WORK/kube/kubeconfig E2E_KUBE_FOLDER=$WORK/kube E2E_KUBE_LABEL='kubekv-e2e: docker' \
    "$HERE/kube.d/new-store" "${KUBE_INSIDE[@]}" 2> "$LOGS/kube.log")
  [ -n "$CLUSTER_CONFIG" ] || because "no store on the control plane: $(tail -n 1 "$LOGS/kube.log")"
}

cluster_down() { [ ! -d "$WORK/kube" ] || kube_stop "$WORK/kube"; }

store_answers() {
  store_get / > /dev/null 2>&1 && return
  kill -0 "$STORE_PID" 2> /dev/null && return 1
  because "the store ended: $(tail -n 1 "$LOGS/store.log")"
}

# Where the store is, one a line.
store_addresses() {
  local i
  for i in $(seq "$replicas"); do echo "$(replica_ip "$i"):2379"; done
}

# As the engines are told it.
store_url() {
  if [ $on_zk = yes ]; then echo "zk://$HUB_IP:2181"; else echo "etcd://$(store_addresses | paste -s -d ,)"; fi
}

# store_get KEY [QUERY]: the body of a linearizable read, by the first address that answers.
store_get() {
  local address
  for address in $(store_addresses); do
    store_get_at "$address" "$@" && return
  done
  return 1
}

store_get_at() { in_hub curl --noproxy '*' "${TLS_OF_CLIENTS[@]}" -sS --fail --max-time 5 "${STORE_URL%%:*}://$1/v2/keys$2?quorum=true${3:+&$3}"; } # store_get_at ADDRESS KEY [QUERY]

# The processes that make up the store: everything in the session that store_start opened.
store_processes() { [ -n "$STORE_PID" ] && pgrep -s "$STORE_PID"; }

store_signal() { # store_signal SIGNAL: to every process of the store, then waits for their end
  local pids
  pids=$(store_processes) || because "the store does not run" || return
  kill "-$1" $pids 2> /dev/null
  wait_until 20 store_gone $pids 2> /dev/null || because "the store still runs 20 s after SIG$1" || return
  wait "$STORE_PID" 2> /dev/null
  STORE_STATUS=$?
}

store_gone() {
  local pid
  for pid; do kill -0 "$pid" 2> /dev/null && return 1; done
  return 0
}

store_stop() { store_signal TERM; }

store_kill() { store_signal KILL; }

# Keys and values of what Docker keeps, one a line; the node registrations, which come and go by time, are left out.
store_content() {
  if [ $on_zk = yes ]; then zk_content | grep -v '^/docker/nodes/'; return; fi
  store_get / 'recursive=true&sorted=true' 2> /dev/null | keys_and_values
}

# The same with --zk, node registrations included: ZooKeeper's nodes have data and others below them, which etcd v2 knows no way to show, and Consul does.
zk_content() {
  in_hub curl --noproxy '*' -s --max-time 5 "http://$HUB_IP:8500/v1/kv/?recurse" | jq -r '.[] | select(.Value) | ["/" + .Key, (.Value | @base64d)] | @tsv'
}

keys_and_values() {
  jq -r '.node | recurse(.nodes[]?) | select(.dir | not) | [.key, .value] | @tsv' | grep -v '^/docker/nodes/'
}

store_holds_node() { # store_holds_node HOST: its registration is in the store
  if [ $on_zk = yes ]; then zk_content | grep -q "^/docker/nodes/${HOST_IP[$1]}:2376"; return; fi
  store_get /docker/nodes recursive=true 2> /dev/null | grep -q "\"value\":\"${HOST_IP[$1]}:2376\""
}
