# Sourced: what kubekv keeps its keys in during a check. By default its own API server; with --kube a control plane that is started for the check; with
# --kubeconfig FILE (an administrator's) a given cluster; with --etcd-v3 an etcd 3.6 that is started for it. Each kubekv that the check starts gets a store
# of its own there; in a cluster as a service account with no other rights (new-store, which StoreProcess runs). Who compares the two takes --kube and --etcd-v3.
#
#   choose_substrate "$@"      takes these arguments out, leaves the others in $arguments
#   on_substrate COMMAND...    runs the command, and takes away afterwards what was put there

arguments=()
substrate=embedded
. "$here/kube.d/control-plane.sh"

choose_substrate() {
  while [ $# -gt 0 ]; do
    case $1 in
      --kube) [ $substrate = etcd ] && substrate=both || substrate=started ;;
      --etcd-v3) [ $substrate = started ] && substrate=both || substrate=etcd ;;
      --kubeconfig)
        [ -r "${2:-}" ] || { echo "--kubeconfig needs a file that can be read" >&2; exit 2; }
        substrate=given E2E_KUBECONFIG=$(readlink -f "$2")
        shift
        ;;
      *) arguments+=("$1") ;;
    esac
    shift
  done
}

on_substrate() {
  [ $substrate = embedded ] && "$@" # does not return when the command is java_program
  [ $substrate = embedded ] && return
  trap substrate_down EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  substrate_up
  ("$@") &
  substrate_child=$!
  wait "$substrate_child"
}

substrate_child=''

substrate_up() {
  if [ $substrate = etcd ] || [ $substrate = both ]; then
    etcd_up
  fi
  [ $substrate != etcd ] || return 0
  if [ $substrate = started ] || [ $substrate = both ]; then
    kube_up_temporary
    export E2E_KUBECONFIG=$kube_dir/kubeconfig E2E_KUBE_FOLDER=$kube_dir
  else
    install_kubectl
    E2E_KUBE_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/kubekv-kube.XXXXXX")
    export E2E_KUBECONFIG E2E_KUBE_FOLDER
  fi
  export E2E_KUBE_LABEL="kubekv-e2e: \"$$\""
}

substrate_down() {
  if [ -n "$substrate_child" ] && kill -TERM "$substrate_child" 2>/dev/null; then
    wait "$substrate_child" 2>/dev/null || true
  fi
  if [ $substrate = etcd ] || [ $substrate = both ]; then
    etcd_down
  fi
  if [ $substrate = started ] || [ $substrate = both ]; then
    kube_down_temporary
  elif [ -n "${E2E_KUBE_FOLDER:-}" ]; then
    "$kubectl_current" --kubeconfig "$E2E_KUBECONFIG" delete namespace --selector "kubekv-e2e=$$" --wait=false >/dev/null || true
    rm -rf "$E2E_KUBE_FOLDER"
  fi
}

etcd_pid='' etcd_folder=''

# Durable, as the embedded server is; on free ports of this machine. Sets $E2E_ETCD.
etcd_up() {
  local ports peer
  install_etcd36
  etcd_folder=$(mktemp -d "${TMPDIR:-/tmp}/kubekv-etcd.XXXXXX")
  ports=$(python3 -c 'import socket
held = [socket.socket() for _ in range(2)]
for each in held: each.bind(("127.0.0.1", 0))
print(*(each.getsockname()[1] for each in held))')
  export E2E_ETCD=127.0.0.1:${ports% *}
  peer=http://127.0.0.1:${ports#* }
  "$etcd36" --data-dir "$etcd_folder/data" --log-level error --listen-client-urls "http://$E2E_ETCD" --advertise-client-urls "http://$E2E_ETCD" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer" >"$etcd_folder/log" 2>&1 &
  etcd_pid=$!
  for _ in $(seq 300); do
    curl -fs "http://$E2E_ETCD/health" >/dev/null && return
    kill -0 "$etcd_pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$etcd_folder/log" >&2
  echo "etcd 3.6 did not start" >&2
  return 1
}

etcd_down() {
  if [ -n "$etcd_pid" ] && kill "$etcd_pid" 2>/dev/null; then
    wait "$etcd_pid" 2>/dev/null || true
  fi
  rm -rf "$etcd_folder"
}
