# The laboratory: a hub namespace with a bridge, where the store runs, and two hosts joined to it. Each host has network, mount,
# process and host name namespaces of its own: ending the host's first process ends every engine, shim and container on it, and
# the engines' gossip, which goes by host name, tells the two apart.

HUB_IP=10.88.0.1
declare -A HOST_IP=([h1]=10.88.0.11 [h2]=10.88.0.12)
declare -A HOST_INIT=() HOST_SHELL=()
TAG=kubekv-docker-$$
CGROUP=/$TAG
WORK=""
LOGS=""

# Installs what this run needs and the machine lacks.
prepare_machine() {
  [ "$(id -u)" = 0 ] || { say "docker: namespaces need root; run it as root"; return 1; }
  local want=() binary package
  while read -r binary package; do
    command -v "$binary" > /dev/null || want+=("$package")
  done <<'LIST'
dockerd docker.io
docker docker.io
containerd containerd
runc runc
ip iproute2
iptables iptables
nsenter util-linux
pgrep procps
curl curl
jq jq
LIST
  case " $order " in *" etcd "*) command -v etcd > /dev/null || want+=(etcd-server) ;; esac
  static_busybox > /dev/null || want+=(busybox-static)
  if [ ${#want[@]} -gt 0 ]; then
    say "installing ${want[*]}"
    apt_get update && apt_get install -y --no-install-recommends "${want[@]}" \
      || { say "docker: apt-get could not install ${want[*]}"; return 1; }
  fi
  engine_knows_cluster_store || { say "docker: $(dockerd --version) has no --cluster-store; Debian 12's docker.io 20.10.24 has"; return 1; }
  case " $order " in *" kubekv "*) build_kubekv || return ;; esac
  case " $order " in *" kubekv "*) [ "$replicas" -gt 1 ] || install_kubectl || return ;; esac
  [ $on_kube = no ] || kube_install || return # built before anything is timed
  # The engines and curl would send the store's requests to a proxy that this machine may use.
  unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY DOCKER_HOST DOCKER_CONTEXT
}

# The launcher builds on first use; done here so that no step is timed with it.
build_kubekv() {
  "$TOP/kubekv" --version > /dev/null || { say "docker: $TOP/kubekv does not build"; return 1; }
}

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" > /dev/null; }

# The option is hidden from --help; an engine without it says so by name.
engine_knows_cluster_store() { dockerd --cluster-store=etcd://x --version > /dev/null 2>&1; }

netns() { echo "$TAG-$1"; }

# Where an engine that is not kept apart would write.
ENGINE_PATHS=(/etc/docker /opt/containerd /run/docker /run/containerd /var/lib/docker /var/lib/containerd /etc/cni)

engine_paths() { ls -ld --time-style=full-iso "${ENGINE_PATHS[@]}" 2> /dev/null; }

# A run that was itself killed with -9 leaves its namespaces, folder and cgroups; its processes have died with it.
sweep_dead_runs() {
  local name owner
  for name in $(ip netns list | cut -d ' ' -f 1) $(compgen -G "${TMPDIR:-/tmp}/kubekv-docker-*") \
    $(find /sys/fs/cgroup -maxdepth 2 -name 'kubekv-docker-*' 2> /dev/null); do
    [[ $name =~ kubekv-docker-([0-9]+) ]] || continue
    owner=${BASH_REMATCH[1]}
    kill -0 "$owner" 2> /dev/null && continue
    case $name in
      /sys/*) find "$name" -depth -type d -exec rmdir {} + ;;
      /*) rm -rf --one-file-system "$name" ;;
      *) ip netns del "$name" ;;
    esac
  done
}

lab_up() {
  sweep_dead_runs
  PATHS_BEFORE=$(engine_paths)
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/$TAG.XXXXXX") || return
  LOGS=$WORK/logs
  mkdir "$LOGS" && echo '{}' > "$WORK/daemon.json" && make_image "$WORK/image.tar" || return
  ip netns add "$(netns hub)" || return
  ip -n "$(netns hub)" link set lo up
  ip -n "$(netns hub)" link add br0 type bridge && ip -n "$(netns hub)" addr add $HUB_IP/24 dev br0 || return
  ip -n "$(netns hub)" link set br0 up
  host_up h1 && host_up h2
}

host_up() { # host_up HOST
  local ns unshare_pid
  ns=$(netns "$1")
  ip netns add "$ns" || return
  ip -n "$ns" link set lo up
  ip -n "$(netns hub)" link add "$1" type veth peer name eth0 netns "$ns" || return
  ip -n "$(netns hub)" link set "$1" master br0 up
  ip -n "$ns" addr add "${HOST_IP[$1]}/24" dev eth0
  ip -n "$ns" link set eth0 up
  ip -n "$ns" route add default via $HUB_IP
  mkdir "$WORK/$1"
  setpriv --pdeathsig KILL nsenter --net="/run/netns/$ns" unshare --mount --uts --pid --fork --mount-proc --kill-child \
    bash "$HERE/docker.d/host-init.sh" "$WORK/$1" > "$LOGS/$1-init.log" 2>&1 &
  HOST_SHELL[$1]=$!
  wait_until 10 test -e "$WORK/$1/up" || because "$(tail -n 1 "$LOGS/$1-init.log")" || return
  unshare_pid=$(cat "/proc/${HOST_SHELL[$1]}/task/${HOST_SHELL[$1]}/children")
  HOST_INIT[$1]=${unshare_pid%% *}
}

# in_host HOST COMMAND...: runs the command inside the host's namespaces.
in_host() {
  local init=${HOST_INIT[$1]}
  shift
  nsenter --target "$init" --net --mount --uts --pid -- "$@"
}

in_hub() { nsenter --net="/run/netns/$(netns hub)" -- "$@"; }

# A tar with busybox alone, for `docker import`.
make_image() {
  local root=$WORK/image applet
  mkdir -p "$root/bin" "$root/etc" "$root/tmp" && cp "$(static_busybox)" "$root/bin/busybox" || return
  for applet in sh sleep ping nslookup cat ip; do ln -s busybox "$root/bin/$applet"; done
  tar -C "$root" -cf "$1" . && rm -r "$root"
}

# Ends everything and removes everything; safe to call at any moment and twice.
lab_down() {
  [ -n "$WORK" ] || return 0
  local host
  set_kill
  store_kill
  cluster_down
  for host in "${!HOST_INIT[@]}"; do kill -KILL "${HOST_INIT[$host]}" 2> /dev/null; done
  for host in "${!HOST_SHELL[@]}"; do
    kill -KILL "${HOST_SHELL[$host]}" 2> /dev/null
    wait "${HOST_SHELL[$host]}" 2> /dev/null
  done
  HOST_INIT=() HOST_SHELL=()
  for host in h1 h2 hub; do ip netns del "$(netns $host)" 2> /dev/null; done
  wait_until 10 remove_cgroups
  if [ $keep_logs = yes ] && [ -d "$LOGS" ]; then
    local kept
    kept=$(mktemp -d "${TMPDIR:-/tmp}/kubekv-docker-$STORE-logs.XXXXXX") && cp "$LOGS"/* "$kept"/ && say "logs kept in $kept"
  fi
  wait_until 10 remove_work
  WORK=""
}

remove_cgroups() {
  local dir
  for dir in /sys/fs/cgroup$CGROUP /sys/fs/cgroup/*$CGROUP; do
    [ -d "$dir" ] && find "$dir" -depth -type d -exec rmdir {} + 2> /dev/null
  done
  [ -z "$(our_cgroups)" ]
}

our_cgroups() { find /sys/fs/cgroup -maxdepth 2 -name "$TAG" 2> /dev/null; }

remove_work() { rm -rf --one-file-system "$WORK" 2> /dev/null; [ ! -e "$WORK" ]; }

# Looks for anything that carries this run's tag.
nothing_left() {
  local left=""
  ip netns list | grep -q -- "$TAG" && left+=" namespaces"
  grep -q -- "$TAG" /proc/self/mounts && left+=" mounts"
  [ -n "$(our_cgroups)" ] && left+=" cgroups"
  compgen -G "${TMPDIR:-/tmp}/$TAG.*" > /dev/null && left+=" folders"
  ip -o link show | grep -q -- "$TAG" && left+=" links"
  [ "$(engine_paths)" = "$PATHS_BEFORE" ] || left+=" something in ${ENGINE_PATHS[*]}"
  wait_until 5 no_tagged_process || left+=" $TAGGED_PROCESS"
  [ -z "$left" ] || because "left behind:$left"
}

no_tagged_process() {
  local dir said
  for dir in /proc/[0-9]*; do
    said=$(tr '\0' ' ' 2> /dev/null < "$dir/cmdline") 2> /dev/null
    TAGGED_PROCESS="process ${dir#/proc/}: $said"
    [[ $said = *"$TAG."* ]] && return 1
  done
  return 0
}
