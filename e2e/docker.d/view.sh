# What kubekv shows of Docker's state in Kubernetes, compared field by field with what the engines say of themselves.

has_view() { [ $STORE = kubekv ] && [ "$replicas" = 1 ]; }

view_kubectl() {
  local config=$WORK/store/kubeconfig
  [ $on_kube = no ] || config=$WORK/kube/kubeconfig
  in_hub "$kubectl_current" --kubeconfig "$config" --namespace "${CLUSTER_NAMESPACE:-default}" "$@"
}

# A line for each network, endpoint, gateway: what kubectl has, and what `docker network inspect` says on the hosts.
shown_networks() {
  view_kubectl get dockernetworks -o json | jq -r '.items[].status | [.id, .name, .driver, .scope, .created, "internal=\(.internal)",
    "attachable=\(.attachable)", "ipv6=\(.ipv6)", "encrypted=\(.encrypted)", "subnets=" + ([.subnets[].subnet] | join(",")),
    "ranges=" + ([.subnets[] | .range // "-"] | join(",")), "decoded=" + .conditions[0].status] | @tsv' | sort
}
inspected_networks() {
  inspect_overlays | jq -r '.[] | [.Id, .Name, .Driver, .Scope, .Created, "internal=\(.Internal)",
    "attachable=\(.Attachable)", "ipv6=\(.EnableIPv6)", "encrypted=\((.Options // {}) | has("encrypted"))", "subnets=" + ([.IPAM.Config[].Subnet] | join(",")),
    "ranges=" + ([.IPAM.Config[] | .IPRange // "-"] | join(",")), "decoded=True"] | @tsv' | sort
}
shown_gateways() { view_kubectl get dockernetworks -o json | jq -r '.items[].status | .id as $id | .subnets[] | [$id, .subnet, .gateway] | @tsv' | sort; }
inspected_gateways() { inspect_overlays | jq -r '.[] | .Id as $id | .IPAM.Config[] | select(.Gateway) | [$id, .Subnet, .Gateway] | @tsv' | sort; }
shown_endpoints() {
  view_kubectl get dockerendpoints -o json | jq -r '.items[].status | [.id, .networkID, .network, .container, .host, .address, .mac,
    "decoded=" + .conditions[0].status] | @tsv' | sort
}
# An engine names the containers of others by "ep-" and the endpoint.
inspected_endpoints() {
  local host
  for host in h1 h2; do
    inspect_overlays $host | jq -r --arg host "${HOST_IP[$host]}" '.[] | . as $net | .Containers | to_entries[] | select(.key | startswith("ep-") | not)
      | [.value.EndpointID, $net.Id, $net.Name, .value.Name, $host, .value.IPv4Address, .value.MacAddress, "decoded=True"] | @tsv'
  done | sort
}
shown_nodes() { view_kubectl get dockernodes -o json | jq -r '.items[].status | "\(.host):\(.port)"' | sort; }

inspect_overlays() { # inspect_overlays [HOST]
  local host=${1:-h1}
  d "$host" network inspect $(d "$host" network ls --quiet --no-trunc --filter driver=overlay)
}

alike() { # alike WHAT: what is shown of it is what the engines say, within the view's second or two
  ALIKE_DIFFERENCE=$(diff <("shown_$1") <("inspected_$1"))
}

# The network identifier that the kernel of a host has for a network with a container there.
kernel_vni() { # kernel_vni HOST NETWORK
  local id file
  id=$(network_field "$1" "$2" '{{.Id}}')
  file=$(in_host "$1" sh -c "ls '$WORK/$1/exec/netns'" | grep -m 1 -e "^[0-9]*-${id:0:10}$") || return
  in_host "$1" nsenter --net="$WORK/$1/exec/netns/$file" ip -d link show type vxlan | grep -o 'vxlan id [0-9]*' | cut -d ' ' -f 3
}

# One network more, with everything that an engine can say of one.
view_agrees() {
  local what fields
  network_created h2 rich --internal --opt encrypted= --gateway 10.209.0.9 --ip-range 10.209.0.128/25 --subnet 10.209.0.0/24 || return
  for what in networks endpoints; do
    wait_until 10 alike $what || because "$what: $(head -n 4 <<< "$ALIKE_DIFFERENCE" | tr '\t\n' '  ')" || return
  done
  [ -n "$(inspected_gateways)" ] && [ -z "$(comm -23 <(inspected_gateways) <(shown_gateways))" ] \
    || because "gateways: inspected $(inspected_gateways | tr '\t\n' '  '), shown $(shown_gateways | tr '\t\n' '  ')" || return
  [ "$(shown_nodes)" = "$(printf '%s:2376\n' "${HOST_IP[@]}" | sort)" ] || because "nodes: $(shown_nodes | tr '\n' ' ')" || return
  fields=$((12 * $(shown_networks | wc -l) + 8 * $(shown_endpoints | wc -l) + 3 * $(inspected_gateways | wc -l) + 2 * $(shown_nodes | wc -l)))
  note "$(shown_networks | wc -l) networks, $(shown_endpoints | wc -l) endpoints, $(shown_nodes | wc -l) nodes, $fields fields alike"
  [ $on_zk = no ] || return 0 # there no container runs, no network can be removed, and a registration ends with its session
  node_expiry_is_near && vni_agrees && try d h2 network rm rich
}

vni_agrees() {
  local vni shown
  vni=$(kernel_vni h1 ov)
  shown=$(view_kubectl get dockernetworks --field-selector status.name=ov --no-headers)
  [ -n "$vni" ] || because "h1's kernel has no VNI for ov" || return
  grep -qE "^[a-z0-9-]+ +ov +overlay +$SUBNET +10.201.0.1 +$vni +True$" <<< "$shown" || because "VNI $vni in the kernel, kubectl shows '$shown'" || return
  note "VNI $vni in the kernel, too"
}

node_expiry_is_near() {
  local expires left
  for expires in $(view_kubectl get dockernodes -o jsonpath='{.items[*].status.expires}'); do
    left=$(($(date -d "$expires" +%s) - $(date +%s)))
    [ $left -ge -1 ] && [ $left -le $NODE_TTL ] || because "a registration of $NODE_TTL s is said to end in $left s" || return
  done
  [ -n "${expires-}" ] || because "no registration ends"
}

nothing_shown() { [ -z "$(shown_networks)$(shown_endpoints)" ]; }

view_is_empty() { wait_until 10 nothing_shown || because "left: $(shown_networks) $(shown_endpoints)"; }
