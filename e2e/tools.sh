# Sourced: installs the tools that the end-to-end checks need and a new machine lacks, each only if it is missing.
# Needs $here (this folder). Binaries go to ${KUBEKV_CACHE:-~/.cache/kubekv}/bin, outside the clone, under a name that holds their version.

tools_bin=${KUBEKV_CACHE:-$HOME/.cache/kubekv}/bin

# Debian's kubectl 1.20, unpacked and not installed: another package may own /usr/bin/kubectl
install_kubectl_old() {
  local target=$tools_bin/kubectl-1.20 work
  [ -x "$target" ] && return
  echo "fetching Debian's kubernetes-client (kubectl 1.20) ..." >&2
  work=$(mktemp -d)
  if ! (cd "$work" && apt-get download -qq kubernetes-client && dpkg -x kubernetes-client_*.deb unpacked) >&2; then
    rm -rf "$work"
    echo "cannot fetch the Debian package kubernetes-client: run apt-get update, or put a kubectl 1.20 at $target" >&2
    return 1
  fi
  mkdir -p "$tools_bin"
  mv "$work/unpacked/usr/bin/kubectl" "$target"
  rm -rf "$work"
}

# Prints the path of a busybox that needs no library.
static_busybox() {
  local path
  for path in /bin/busybox /usr/bin/busybox; do
    [ -x $path ] && ! ldd $path > /dev/null 2>&1 && echo $path && return
  done
  return 1
}

# module_version FOLDER MODULE: the version that servers/FOLDER/go.mod names
module_version() {
  sed -n "s|^[[:space:]]*\(require \)\?$2 v\([0-9][^ ]*\).*|\2|p" "$here/servers/$1/go.mod" | head -1
}

# install_from_go VARIABLE NAME VERSION FOLDER PACKAGE TIME [LDFLAGS]: builds PACKAGE with servers/FOLDER/go.mod unless it is there, and sets VARIABLE to
# its path. TIME is what it takes the first time, for the reader. Two runs at once build it once.
install_from_go() {
  local target=$tools_bin/$2-$3
  printf -v "$1" %s "$target"
  [ -x "$target" ] && return
  if ! command -v go >/dev/null; then
    echo "$2 $3 is built with Go: install Go, or put the binary at $target" >&2
    return 1
  fi
  mkdir -p "$tools_bin"
  (
    flock 9
    [ -x "$target" ] && exit # another run was faster
    echo "building $2 $3 ($6 the first time) ..." >&2
    cd "$here/servers/$4" || exit
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w ${7:-}" -o "$target.new" "$5" >&2
    mv "$target.new" "$target"
  ) 9>"$target.lock"
}

# install_kubernetes VARIABLE NAME TIME FOLDER: one of Kubernetes' programs. All of a version have the same flags and go.mod, so what they share is
# compiled once.
install_kubernetes() {
  local version
  version=$(module_version "$4" k8s.io/kubernetes)
  install_from_go "$1" "$2" "$version" "$4" "k8s.io/kubernetes/cmd/$2" "$3" \
    "-X k8s.io/component-base/version.gitVersion=v$version -X k8s.io/component-base/version.gitMajor=1 \
      -X k8s.io/component-base/version.gitMinor=$(echo "$version" | cut -d. -f2) -X k8s.io/client-go/pkg/version.gitVersion=v$version"
}

install_kubectl() { install_kubernetes kubectl_current kubectl "90 seconds" kubernetes; }

# The control plane's version: kubernetes (the current one) or kubernetes129 (the oldest that is supported).
: "${KUBE_VERSION:=kubernetes}"
install_kube_apiserver() { install_kubernetes kube_apiserver kube-apiserver "10 minutes" "$KUBE_VERSION"; }
install_kube_controller_manager() { install_kubernetes kube_controller_manager kube-controller-manager "4 minutes" "$KUBE_VERSION"; }
install_kube_scheduler() { install_kubernetes kube_scheduler kube-scheduler "1 minute" "$KUBE_VERSION"; }

# What a node runs: the current version's.
install_kubelet() { install_kubernetes kubelet kubelet "4 minutes" kubernetes; }
install_kube_proxy() { install_kubernetes kube_proxy kube-proxy "1 minute" kubernetes; }

install_helm() {
  install_from_go helm helm "$(module_version kubernetes helm.sh/helm/v4)" kubernetes helm.sh/helm/v4/cmd/helm "5 minutes"
}

# etcd 3.6, the store behind kube-apiserver, and one that kubekv keeps its keys in
install_etcd36() {
  install_from_go etcd36 etcd "$(module_version etcd36 go.etcd.io/etcd/server/v3)" etcd36 go.etcd.io/etcd/server/v3 "3 minutes"
}

# etcdctl 3.6, whose one API is v3
install_etcdctl36() {
  install_from_go etcdctl36 etcdctl "$(module_version etcd36 go.etcd.io/etcd/etcdctl/v3)" etcd36 go.etcd.io/etcd/etcdctl/v3 "1 minute"
}

# etcd 3.5, the last line that can speak the v2 API
install_etcd35() {
  install_from_go etcd35 etcd "$(module_version etcd35 go.etcd.io/etcd/server/v3)" etcd35 go.etcd.io/etcd/server/v3 "3 minutes"
}

# Consul 1.5.3, the last release whose watches fire on an equal PUT
install_consul() {
  install_from_go consul consul "$(module_version consul15 github.com/hashicorp/consul)" consul15 github.com/hashicorp/consul "4 minutes"
}

# Prometheus, which judges the chart's alerts; without the discovery of other clouds' targets
install_prometheus() {
  GOFLAGS="${GOFLAGS:-} -tags=remove_all_sd" install_from_go prometheus prometheus \
    "$(module_version prometheus github.com/prometheus/prometheus)" prometheus github.com/prometheus/prometheus/cmd/prometheus "6 minutes"
}
