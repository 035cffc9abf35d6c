# Sourced: installs the tools that the end-to-end checks need and a new machine lacks, each only if it is missing.
# Needs $here (this folder). Binaries go to ${KUBEKV_CACHE:-~/.cache/kubekv}/bin.

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

# a current kubectl, built from the Go modules of servers/kubernetes (about 90 seconds, more the first time)
install_kubectl() {
  local version target
  version=$(sed -n 's/.*k8s.io\/kubernetes v\([0-9.]*\).*/\1/p' "$here/servers/kubernetes/go.mod" | head -1)
  target=$tools_bin/kubectl-$version
  kubectl_current=$target
  [ -x "$target" ] && return
  if ! command -v go >/dev/null; then
    echo "kubectl $version is built with Go: install Go, or put the binary at $target" >&2
    return 1
  fi
  echo "building kubectl $version ..." >&2
  mkdir -p "$tools_bin"
  (cd "$here/servers/kubernetes" && CGO_ENABLED=0 go build -trimpath \
    -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$version -X k8s.io/component-base/version.gitMajor=1 \
      -X k8s.io/component-base/version.gitMinor=$(echo "$version" | cut -d. -f2) -X k8s.io/client-go/pkg/version.gitVersion=v$version" \
    -o "$target.new" k8s.io/kubernetes/cmd/kubectl) >&2
  mv "$target.new" "$target"
}

# Consul 1.5.3, built from its Go module (about four minutes the first time); the last release whose watches fire on an equal PUT
install_consul() {
  local version target
  version=$(sed -n 's/.*github.com\/hashicorp\/consul v\([0-9.]*\).*/\1/p' "$here/servers/consul15/go.mod" | head -1)
  target=$tools_bin/consul-$version
  consul=$target
  [ -x "$target" ] && return
  if ! command -v go >/dev/null; then
    echo "Consul $version is built with Go: install Go, or put the binary at $target" >&2
    return 1
  fi
  echo "building Consul $version ..." >&2
  mkdir -p "$tools_bin"
  (cd "$here/servers/consul15" && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$target.new" github.com/hashicorp/consul) >&2
  mv "$target.new" "$target"
}
