# Sourced: what stands in etcd's place for the control plane in $plane: kubekv on its own API server (embedded), kubekv whose state lies in another real
# kube-apiserver, that of the control plane in $below (kube), or etcd itself, which proves the steps (etcd).

substrate_name() {
  case $substrate in
    embedded) echo "kubekv with its embedded API server" ;;
    kube) echo "kubekv whose own state lies in another kube-apiserver" ;;
    etcd) echo "etcd itself" ;;
  esac
}

store_flags=()

# Sets $plane and $store_flags, and starts what the store itself needs.
store_prepare() {
  local namespace account
  plane=$work/$substrate below=$work/$substrate-below
  mkdir -p "$plane" && chmod 700 "$plane"
  if [ $substrate = kube ]; then
    KUBE_ETCD_FLAGS=--unsafe-no-fsync kube_start "$below" 2>"$plane/below.log" || because "$(tail -n 1 "$plane/below.log")" || return
    read -r namespace account < <(E2E_KUBECONFIG=$below/kubeconfig E2E_KUBE_FOLDER=$plane E2E_KUBE_LABEL='kubekv-e2e: carries' \
      "$here/kube.d/new-store" 2>"$plane/below.log") || because "$(tail -n 1 "$plane/below.log")" || return
    store_flags=(--kubeconfig "$account" --namespace "$namespace" --lease-duration 2s)
  else
    store_flags=(--data-dir "$plane/kubekv")
  fi
  kube_make_pki "$plane" && kube_make_env "$plane"
}

# Returns when it serves.
store_start() {
  kube_load "$plane" || return
  if [ $substrate = etcd ]; then
    kube_start_etcd "$plane" || return
  else
    setpriv --pdeathsig KILL setsid "$repository/kubekv" serve "${store_flags[@]}" --etcd-listen "${ETCD_URL#http://}" --consul-listen off \
      --grpc-listen off --ops-listen off >>"$plane/etcd.log" 2>&1 </dev/null &
    echo $! >"$plane/etcd.pid"
    disown
  fi
  within 60 store_serves || because "the store does not serve: $(tail -n 1 "$plane/etcd.log")"
}

store_serves() { curl --noproxy '*' -sf --max-time 2 "$ETCD_URL/health" 2>/dev/null | grep -q true; }

# within SECONDS COMMAND...: until it succeeds
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return
    sleep 0.1
  done
}

etcdctl() { timeout 60 "$etcdctl36" --endpoints "$ETCD_URL" --command-timeout 60s "$@" 2>&1 | sed '/^{"level":/d'; return "${PIPESTATUS[0]}"; }

all_end() {
  local dir
  [ -z "${writer:-}" ] || kill -KILL "$writer" 2>/dev/null || true
  writer=''
  for dir in ${plane:-} ${below:-}; do [ ! -d "$dir" ] || kube_stop "$dir"; done
}
