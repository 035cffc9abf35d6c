# Sourced: two nodes on this machine, in the network namespace of this script, which is the hub between them: there are the control plane and the cluster's
# names. A node is network, mount, process and host name namespaces with a containerd, a kubelet and a kube-proxy of its own: ending its first process ends
# all that runs on it.

hub=10.99.0.254
nodes="node-a node-b"
declare -A node_address=([node-a]=10.99.0.1 [node-b]=10.99.0.2) node_pods=([node-a]=10.88.1.0/24 [node-b]=10.88.2.0/24)
declare -A node_shell=() node_init=()
cgroup_tag=kubekv-helm-$$
# what a kubelet sets of the whole machine
kernel_settings="vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes"
kernel_before='' names=''

# Why nodes cannot be had here; nothing where they can.
nodes_impossible() {
  local program
  [ "$(id -u)" = 0 ] || { echo "namespaces need root"; return; }
  for program in containerd:containerd ctr:containerd runc:runc iptables:iptables ip:iproute2 unshare:util-linux nsenter:util-linux dnsmasq:dnsmasq-base openssl:openssl; do
    command -v "${program%:*}" > /dev/null || { echo "there is no ${program%:*} (Debian: ${program#*:})"; return; }
  done
  [ -x /usr/lib/cni/bridge ] || { echo "there is no /usr/lib/cni/bridge (Debian: containernetworking-plugins)"; return; }
  static_busybox > /dev/null || echo "there is no static busybox (Debian: busybox-static)"
}

hub_begin() {
  local node
  kernel_before=$(sysctl $kernel_settings) || return
  ip link set lo up && ip link add nodes0 type bridge && ip addr add $hub/24 dev nodes0 && ip link set nodes0 up || return
  echo 1 > /proc/sys/net/ipv4/ip_forward || return
  for node in $nodes; do ip route add "${node_pods[$node]}" via "${node_address[$node]}" || return; done
  : > "$work/names"
  dnsmasq --keep-in-foreground --user=root --pid-file= --no-resolv --no-hosts --addn-hosts="$work/names" --local=/local/ --listen-address=$hub --bind-interfaces \
    > "$work/names.log" 2>&1 &
  names=$!
}

# Tells the name of a Service: service_named NAMESPACE NAME ADDRESS
service_named() {
  echo "$3 $2.$1.svc.cluster.local" >> "$work/names"
  kill -HUP "$names"
}

in_node() { # in_node NODE COMMAND...
  local init=${node_init[$1]}
  shift
  nsenter --target "$init" --net --mount --uts --pid -- "$@"
}

node_begin() { # node_begin NODE, when there is a control plane; returns when containerd answers
  local node=$1 folder=$work/$1 other
  mkdir "$folder" "$folder/cni" || return
  setpriv --pdeathsig KILL unshare --net --mount --uts --pid --fork --mount-proc --kill-child bash "$here/docker.d/host-init.sh" "$folder" > "$folder/init.log" 2>&1 &
  node_shell[$node]=$!
  wait_until 10 test -e "$folder/up" || because "$(tail -n 1 "$folder/init.log")" || return
  read -r node_init[$node] _ < "/proc/${node_shell[$node]}/task/${node_shell[$node]}/children"
  ip link add "$node" type veth peer name eth0 netns "${node_init[$node]}" && ip link set "$node" master nodes0 up || return
  in_node "$node" bash -e -c "
    ip link set lo up; ip addr add ${node_address[$node]}/24 dev eth0; ip link set eth0 up; ip route add default via $hub
    echo 1 > /proc/sys/net/ipv4/ip_forward
    mount -t tmpfs tmpfs /var/lib; mount -t tmpfs tmpfs /var/log" || return # kubelets keep files there, whatever is said to them
  for other in $nodes; do [ "$other" = "$node" ] || in_node "$node" ip route add "${node_pods[$other]}" via "${node_address[$other]}" || return; done
  node_cgroup "$node" && node_files "$node" || return
  node_run "$node" containerd containerd --config "$folder/containerd.toml"
  wait_until 30 ctr_ "$node" version || because "containerd of $node: $(tail -n 1 "$folder/containerd.log")"
}

ctr_() { in_node "$1" ctr --address "$work/$1/containerd.sock" --namespace k8s.io "${@:2}" > /dev/null 2>&1; }

# Starts both of Kubernetes' programs of a node, which has the images.
node_joins() {
  local node=$1 folder=$work/$1
  node_run "$node" kubelet "$kubelet" --config "$folder/kubelet.yaml" --kubeconfig "$folder/kubelet.kubeconfig" --root-dir "$folder/kubelet" --cert-dir "$folder/kubelet-pki" \
    --hostname-override "$node" --node-ip "${node_address[$node]}"
  node_run "$node" kube-proxy "$kube_proxy" --config "$folder/kube-proxy.yaml"
}

node_run() { # node_run NODE NAME COMMAND...: in the background; it ends with the node
  local node=$1 name=$2
  shift 2
  in_node "$node" "$@" > "$work/$node/$name.log" 2>&1 < /dev/null &
  disown
}

node_files() {
  local node=$1 folder=$work/$1 file
  for file in kubelet.yaml containerd.toml cni.conflist kube-proxy.yaml; do
    sed "s|@NODE@|$folder|g; s|@NAME@|$node|g; s|@CLUSTER@|$kube_dir|g; s|@ADDRESS@|${node_address[$node]}|g; s|@PODS@|${node_pods[$node]}|g; s|@DNS@|$hub|g; s|@CGROUP@|/$cgroup_tag/$node|g" \
      "$here/helm.d/node/$file" > "$folder/$file" || return
  done
  mv "$folder/cni.conflist" "$folder/cni/10-pods.conflist"
  kube_certificate "$kube_dir/pki" "$node" "/O=system:nodes/CN=system:node:$node" extendedKeyUsage=clientAuth || return
  kube_certificate "$kube_dir/pki" "$node-proxy" /CN=system:kube-proxy extendedKeyUsage=clientAuth || return
  kube_write_kubeconfig "$kube_dir" "$folder/kubelet.kubeconfig" "{client-certificate: $kube_dir/pki/$node.crt, client-key: $kube_dir/pki/$node.key}"
  kube_write_kubeconfig "$kube_dir" "$folder/kube-proxy.kubeconfig" "{client-certificate: $kube_dir/pki/$node-proxy.crt, client-key: $kube_dir/pki/$node-proxy.key}"
}

# Where the cgroups of version 1 are, one a controller; that of version 2 is alone.
cgroup_roots() {
  local root
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo /sys/fs/cgroup
    return
  fi
  for root in /sys/fs/cgroup/*/; do
    [ "$root" = /sys/fs/cgroup/unified/ ] || echo "$root"
  done
}

# The node's pods are below a cgroup of its own. It is told which processors there are, without which it takes none, and has the share of all of them, as kubelets
# give it to pods on a machine of their own: otherwise it would count as much as one process.
node_cgroup() {
  local root file
  for root in $(cgroup_roots); do
    mkdir -p "$root/$cgroup_tag/$1" || return
    [ ! -e "$root/cpu.shares" ] || echo $((1024 * $(nproc))) | tee "$root/$cgroup_tag/cpu.shares" > "$root/$cgroup_tag/$1/cpu.shares" || return
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$root/cgroup.clone_children" ] || [ ! -e "$root/$file" ] || { cat "$root/$file" > "$root/$cgroup_tag/$file" && cat "$root/$file" > "$root/$cgroup_tag/$1/$file"; } || return
    done
  done
}

# Also where runc has made some besides.
cgroups_gone() {
  local root
  for root in $(cgroups_left); do find "$root" -depth -type d -exec rmdir {} + 2> /dev/null; done
  [ -z "$(cgroups_left)" ]
}

cgroups_left() { find /sys/fs/cgroup -maxdepth 2 -name "$cgroup_tag" 2> /dev/null; }

# Ends everything; safe at any moment and twice.
nodes_end() {
  local node setting
  for node in "${!node_shell[@]}"; do
    kill -KILL "${node_shell[$node]}" "${node_init[$node]:-${node_shell[$node]}}" 2> /dev/null
    wait "${node_shell[$node]}" 2> /dev/null
  done
  node_shell=() node_init=()
  [ -z "$names" ] || { kill "$names" && wait "$names"; } 2> /dev/null
  names=''
  [ -z "$kernel_before" ] || sysctl -q -w $(sed 's/ = /=/' <<< "$kernel_before") 2> /dev/null
  wait_until 15 cgroups_gone
}

# Those of a namespace end with its first one, a moment later.
no_node_process() { ! pgrep -f -- "$work/node-" > /dev/null; }

# The machine is as it was.
nothing_of_nodes_left() {
  local left=''
  [ "$(sysctl $kernel_settings)" = "$kernel_before" ] || left+=" settings of the kernel"
  cgroups_gone || left+=" cgroups"
  ! grep -q " $work/" /proc/self/mounts || left+=" mounts"
  wait_until 5 no_node_process || left+=" $(pgrep -af -- "$work/node-" | cut -c1-100)"
  [ -z "$left" ] || because "left behind:$left"
}
