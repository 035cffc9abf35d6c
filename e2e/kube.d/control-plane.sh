# Sourced: a real Kubernetes control plane on loopback: etcd 3.6, kube-apiserver (TLS, client certificates, tokens, RBAC) and the controllers that custom
# resources meet. Needs $here (the folder e2e). The programs are built at the first use (tools.sh).
#
#   kube_up_temporary          in a new folder, $kube_dir; what it starts dies with this shell; `trap kube_down_temporary EXIT` removes it
#   kube_start DIR             in a folder that stays; a second start on the same folder has the same addresses, certificates and data
#   kube_stop DIR              ends all its processes, by their ids
#   kube_start_etcd DIR, kube_start_apiserver DIR, kube_start_controllers DIR, kube_end DIR etcd|apiserver|controllers [SIGNAL]     one of them
#   kube_compact DIR           etcd forgets every state but the newest
#   kube_load DIR              $KUBE_URL, $ETCD_URL, $KUBECONFIG, $kubectl_current of a folder that has been started
#
# In DIR: kubeconfig (an administrator by client certificate), token.kubeconfig (another by token), alice.kubeconfig, bob.kubeconfig (with no rights),
# env (to be sourced), NAME.pid and NAME.log of etcd, apiserver and controllers.
#
# What may be set before:
#   KUBE_BIND         the address to listen on (127.0.0.1)
#   KUBE_ETCD_FLAGS   more of etcd's flags; --unsafe-no-fsync where a test is not about durability
#   KUBE_API_FLAGS    more of kube-apiserver's flags
#   KUBE_CONTROLLERS  no: without the controller-manager; a deleted namespace then stays. all: every controller, and the scheduler, for a cluster with nodes
#   KUBE_INSIDE       an array, put before every command: (nsenter --net=... --)

. "$here/tools.sh"
. "$here/kube.d/pki.sh"
: "${KUBE_BIND:=127.0.0.1}" "${KUBE_ETCD_FLAGS:=}" "${KUBE_API_FLAGS:=}" "${KUBE_CONTROLLERS:=yes}"
[ -n "${KUBE_INSIDE+set}" ] || KUBE_INSIDE=()
kube_bound='' kube_dir=''

kube_install() {
  command -v openssl >/dev/null && command -v curl >/dev/null || { echo "a control plane needs openssl and curl (Debian: apt-get install openssl curl)" >&2; return 1; }
  install_etcd36 && install_kube_apiserver && install_kubectl || return
  [ "$KUBE_CONTROLLERS" = no ] || install_kube_controller_manager || return
  [ "$KUBE_CONTROLLERS" != all ] || install_kube_scheduler
}

kube_up_temporary() {
  kube_dir=$(mktemp -d "${TMPDIR:-/tmp}/kubekv-kube.XXXXXX") || return
  kube_bound=yes
  kube_start "$kube_dir"
}

kube_down_temporary() {
  [ -n "$kube_dir" ] || return 0
  kube_stop "$kube_dir"
  rm -rf "$kube_dir"
  kube_dir=''
}

kube_start() {
  local dir
  kube_install || return
  mkdir -p "$1" && chmod 700 "$1" && dir=$(cd "$1" && pwd) || return
  if kube_runs "$dir" apiserver || kube_runs "$dir" etcd; then
    echo "a control plane runs in $dir already; e2e/run kube-down $dir stops it" >&2
    return 1
  fi
  kube_make_pki "$dir" && kube_make_env "$dir" || return
  kube_start_etcd "$dir" && kube_start_apiserver "$dir" || { kube_stop "$dir"; return 1; }
  [ "$KUBE_CONTROLLERS" = no ] || kube_start_controllers "$dir" || return
  [ "$KUBE_CONTROLLERS" != all ] || kube_start_scheduler "$dir"
}

# The addresses are chosen once, so that a restarted process is found where it was.
kube_make_env() {
  local dir=$1
  if [ ! -f "$dir/env" ]; then
    kube_free_port; KUBE_PORT=$port
    kube_free_port; local etcd_port=$port
    kube_free_port; local peer_port=$port
    kube_free_port; local controllers_port=$port
    cat >"$dir/env" <<ENV
export KUBECONFIG=$dir/kubeconfig KUBE_URL=https://$KUBE_BIND:$KUBE_PORT ETCD_URL=http://127.0.0.1:$etcd_port
KUBE_BIND=$KUBE_BIND KUBE_PORT=$KUBE_PORT ETCD_PEER_URL=http://127.0.0.1:$peer_port KUBE_CONTROLLERS_PORT=$controllers_port
ENV
    kube_write_kubeconfig "$dir" "$dir/kubeconfig" "{client-certificate: $dir/pki/admin.crt, client-key: $dir/pki/admin.key}"
    kube_write_kubeconfig "$dir" "$dir/controllers.kubeconfig" "{client-certificate: $dir/pki/controllers.crt, client-key: $dir/pki/controllers.key}"
    kube_write_kubeconfig "$dir" "$dir/token.kubeconfig" "{token: $(cat "$dir/pki/admin.token")}"
    local name
    for name in alice bob; do kube_write_kubeconfig "$dir" "$dir/$name.kubeconfig" "{token: $(cat "$dir/pki/$name.token")}"; done
  fi
  kube_load "$dir"
}

kube_load() {
  [ -f "$1/env" ] || { echo "there is no control plane in $1" >&2; return 1; }
  . "$1/env"
  install_kubectl
}

# Sets $port: below the range that outgoing connections take theirs from, so that it stays free while its process is away.
kube_free_port() {
  while :; do
    port=$((10000 + (RANDOM * 32768 + RANDOM) % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
  done
}

# kube_run DIR NAME COMMAND...: in the background, in a session of its own. Returns when the process is the command itself: what it is before, it could be taken for gone.
kube_run() {
  local dir=$1 name=$2 pid
  shift 2
  kube_runs "$dir" "$name" && { echo "$name of $dir runs already (process $(cat "$dir/$name.pid"))" >&2; return 1; }
  ${kube_bound:+setpriv --pdeathsig KILL} "${KUBE_INSIDE[@]}" setsid "$@" >>"$dir/$name.log" 2>&1 </dev/null &
  pid=$!
  echo "$pid" >"$dir/$name.pid"
  disown
  for _ in {1..100}; do
    [ -d "/proc/$pid" ] || return 0 # it has ended; whoever waits for it says so
    [ "$(head -z -n 1 "/proc/$pid/cmdline" 2>/dev/null | tr -d '\0')" != "$1" ] || return 0
    sleep 0.05
  done
}

# kube_runs DIR NAME: whether the process is there; one that has got the number later is another program
kube_runs() {
  [ -f "$1/$2.pid" ] && grep -qzF -- "$1" "/proc/$(cat "$1/$2.pid")/cmdline" 2>/dev/null
}

kube_start_etcd() {
  local dir=$1
  kube_load "$dir" && install_etcd36 || return
  kube_run "$dir" etcd "$etcd36" --name kube --data-dir "$dir/etcd" --listen-client-urls "$ETCD_URL" --advertise-client-urls "$ETCD_URL" \
    --listen-peer-urls "$ETCD_PEER_URL" --initial-advertise-peer-urls "$ETCD_PEER_URL" --initial-cluster "kube=$ETCD_PEER_URL" --log-level warn $KUBE_ETCD_FLAGS
}

# Returns when it is ready.
kube_start_apiserver() {
  local dir=$1 pki=$1/pki flags
  kube_load "$dir" && install_kube_apiserver || return
  mapfile -t flags < <(kube_apiserver_flags "$pki" "$ETCD_URL" "$KUBE_BIND" "$KUBE_PORT")
  kube_run "$dir" apiserver "$kube_apiserver" "${flags[@]}" --advertise-address="$KUBE_BIND" $KUBE_API_FLAGS || return
  local deadline=$((SECONDS + 120))
  until [ "$(kube_ready "$dir")" = ok ]; do
    kube_runs "$dir" apiserver || { echo "kube-apiserver ended: $(tail -n 3 "$dir/apiserver.log")" >&2; return 1; }
    [ $SECONDS -lt $deadline ] || { echo "kube-apiserver is not ready after two minutes; see $dir/apiserver.log: $(kube_ready "$dir")" >&2; return 1; }
    sleep 0.1
  done
}

kube_apiserver_flags() { # kube_apiserver_flags PKI ETCD-URL ADDRESS PORT, one a line
  printf '%s\n' --etcd-servers="$2" --bind-address="$3" --secure-port="$4" \
    --tls-cert-file="$1/apiserver.crt" --tls-private-key-file="$1/apiserver.key" --client-ca-file="$1/ca.crt" --token-auth-file="$1/tokens.csv" \
    --authorization-mode=Node,RBAC --allow-privileged=true --service-cluster-ip-range=10.0.0.0/24 --endpoint-reconciler-type=none \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$1/accounts.pub" \
    --service-account-signing-key-file="$1/accounts.key"
}

kube_ready() {
  "${KUBE_INSIDE[@]}" curl --noproxy '*' -s --max-time 5 --cacert "$1/pki/ca.crt" -H "Authorization: Bearer $(cat "$1/pki/admin.token")" "$KUBE_URL/readyz" || true
}

# Namespaces end, owners take what they own along, quotas count, service accounts are made, aggregated roles filled.
kube_start_controllers() {
  local dir=$1 pki=$1/pki which='*'
  [ "$KUBE_CONTROLLERS" = all ] || which=namespace-controller,garbage-collector-controller,resourcequota-controller,serviceaccount-controller,root-ca-certificate-publisher-controller,clusterrole-aggregation-controller
  kube_load "$dir" && install_kube_controller_manager || return
  kube_run "$dir" controllers "$kube_controller_manager" --kubeconfig="$dir/controllers.kubeconfig" --bind-address=127.0.0.1 --secure-port="$KUBE_CONTROLLERS_PORT" \
    --leader-elect=false --service-account-private-key-file="$pki/accounts.key" --root-ca-file="$pki/ca.crt" --use-service-account-credentials=true \
    --authentication-kubeconfig="$dir/controllers.kubeconfig" --authorization-kubeconfig="$dir/controllers.kubeconfig" --cert-dir="$pki" \
    --controllers="$which"
}

kube_start_scheduler() {
  local dir=$1
  kube_load "$dir" && install_kube_scheduler || return
  kube_certificate "$dir/pki" scheduler /CN=system:kube-scheduler extendedKeyUsage=clientAuth || return
  kube_write_kubeconfig "$dir" "$dir/scheduler.kubeconfig" "{client-certificate: $dir/pki/scheduler.crt, client-key: $dir/pki/scheduler.key}"
  kube_run "$dir" scheduler "$kube_scheduler" --kubeconfig="$dir/scheduler.kubeconfig" --leader-elect=false --secure-port=0
}

# kube_end DIR NAME [SIGNAL]: TERM by default, and KILL after ten seconds; returns when the process is gone
kube_end() {
  local dir=$1 name=$2 pid deadline=$((SECONDS + 10))
  kube_runs "$dir" "$name" || { rm -f "$dir/$name.pid"; return 0; }
  pid=$(cat "$dir/$name.pid")
  kill "-${3:-TERM}" "$pid"
  while kube_runs "$dir" "$name"; do
    [ $SECONDS -lt $deadline ] || kill -KILL "$pid" 2>/dev/null
    sleep 0.05
  done
  rm -f "$dir/$name.pid"
}

# Over etcd's JSON gateway, so that no client program is needed.
kube_compact() {
  local revision
  kube_load "$1" || return
  revision=$("${KUBE_INSIDE[@]}" curl --noproxy '*' -sf "$ETCD_URL/v3/kv/range" -d '{"key":"AA=="}' | sed -n 's/.*"revision":"\([0-9]*\)".*/\1/p')
  "${KUBE_INSIDE[@]}" curl --noproxy '*' -sf -o /dev/null "$ETCD_URL/v3/kv/compaction" -d "{\"revision\":$revision,\"physical\":true}"
}

kube_stop() {
  local name
  for name in scheduler controllers apiserver etcd; do kube_end "$1" $name; done
}
