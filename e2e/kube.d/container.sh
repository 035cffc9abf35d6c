# Sourced: a control plane in containers, by Testcontainers. Where no container engine answers but one is installed, a run has one of its own; K3s needs a
# registry as well.
#
#   own_engine "$@"            starts this script again in a network namespace, where it starts an engine and can fetch nothing; returns where one answers
#                              already, and where none could be started
#   container_up apiserver|k3s   starts it and sets $E2E_KUBECONFIG (an administrator's), $E2E_KUBE_FOLDER and $kubectl_current; where that cannot be
#                                done, $skipped says why
#   container_down               ends it

skipped='' container_folder='' container_keeper='' engine=''
engine_inside=${E2E_ENGINE_INSIDE:-}
unset E2E_ENGINE_INSIDE
: "${K3S_IMAGE:=rancher/k3s:v1.37.2-k3s1}"
api_in_container=6443

# All that an engine does to a network (its bridge, the rules for its packets) ends with the namespace, and the namespace with the run.
own_engine() {
  [ -z "$engine_inside" ] || return 0
  [ -z "${DOCKER_HOST:-}" ] && ! curl -s -o /dev/null --unix-socket /var/run/docker.sock http://engine/_ping || return 0
  [ "$(id -u)" = 0 ] && command -v dockerd unshare ip iptables >/dev/null || return 0
  E2E_ENGINE_INSIDE=$$ exec unshare --net "$0" "$@"
}

engine_up() {
  ip link set lo up || return
  dockerd -H "unix://$container_folder/engine.sock" --data-root "$container_folder/engine" --exec-root "$container_folder/exec" \
    --pidfile "$container_folder/engine.pid" --exec-opt native.cgroupdriver=cgroupfs >"$container_folder/engine.log" 2>&1 &
  engine=$!
  local try
  for try in {1..150}; do
    ! curl -s -o /dev/null --unix-socket "$container_folder/engine.sock" http://engine/_ping || break
    kill -0 "$engine" 2>/dev/null && [ "$try" -lt 150 ] || { tail -n 20 "$container_folder/engine.log" >&2; echo "the container engine did not start" >&2; return 1; }
    sleep 0.2
  done
  export DOCKER_HOST=unix://$container_folder/engine.sock
}

engine_down() {
  [ -n "$engine" ] || return 0
  kill "$engine" 2>/dev/null || true
  wait "$engine" || true
}

container_up() {
  local answer word
  install_kubectl || return
  container_folder=$(mktemp -d "${TMPDIR:-/tmp}/kubekv-kube.XXXXXX") || return
  [ -z "$engine_inside" ] || engine_up || return
  export E2E_KUBECONFIG=$container_folder/kubeconfig E2E_KUBE_FOLDER=$container_folder
  # Inside a container Testcontainers looks for the engine's ports at a gateway, which it finds by an image that it would have to fetch.
  [ ! -e /.dockerenv ] || export TESTCONTAINERS_HOST_OVERRIDE=${TESTCONTAINERS_HOST_OVERRIDE:-127.0.0.1}
  # how long a registry that does not answer is asked again, in seconds; a slow one may take its time
  export TESTCONTAINERS_PULL_TIMEOUT=${TESTCONTAINERS_PULL_TIMEOUT:-15}
  mkfifo "$container_folder/hold" && : >"$container_folder/said" || return
  "container_$1" <"$container_folder/hold" >"$container_folder/said" 2>"$container_folder/log" &
  container_keeper=$!
  exec 8>"$container_folder/hold" # it ends when this is closed, also by the end of this shell
  until read -r answer <"$container_folder/said"; do
    kill -0 "$container_keeper" 2>/dev/null || { tail -n 20 "$container_folder/log" >&2; echo "the container of the control plane did not start" >&2; return 1; }
    sleep 0.2
  done
  read -r word answer <<<"$answer"
  [ "$word" = ready ] || { skipped=$answer; return 0; }
  [ -f "$E2E_KUBECONFIG" ] || KUBE_BIND=${answer% *} KUBE_PORT=${answer#* } \
    kube_write_kubeconfig "$container_folder" "$E2E_KUBECONFIG" "{client-certificate: $container_folder/pki/admin.crt, client-key: $container_folder/pki/admin.key}"
}

container_down() {
  [ -n "$container_folder" ] || return 0
  exec 8>&-
  [ -z "$container_keeper" ] || wait "$container_keeper" 2>/dev/null || true
  engine_down
  rm -rf "$container_folder"
}

container_k3s() { java_program io.kubekv.e2e.container.ContainerCluster k3s "$E2E_KUBECONFIG" "$K3S_IMAGE"; }

# Programs of this machine, which are static, each in an image of its own; what removes containers after a crash is an image of a registry.
container_apiserver() {
  export TESTCONTAINERS_RYUK_DISABLED=true
  local flags
  install_etcd36 && install_kube_apiserver && kube_make_pki "$container_folder" || return
  mapfile -t flags < <(kube_apiserver_flags /pki http://etcd:2379 0.0.0.0 $api_in_container)
  java_program io.kubekv.e2e.container.ContainerCluster apiserver "$etcd36" "$kube_apiserver" "$container_folder/pki" "${flags[@]}"
}
