# Sourced: the chart's pods run, on two nodes (nodes.sh), from the image, under load.

pods_checks() {
  check "a control plane with every controller and a scheduler" pods_cluster_begin || return
  check "two nodes, each with the image" nodes_begin || return
  check "they are ready" wait_until 60 nodes_are_ready || return
  check "install: two pods are ready, on two nodes" pods_installed || return
  check "a pod is confined as the chart says: user, rights, root, memory" confined
  check "a grant serves its user by the Service, and nobody but the pods' account writes keys" account_writes
  check "without its RoleBinding the account may nothing, with it again everything" binding_counts
  check "helm test" chart_test
  check "a load on the Service" load_begin || return
  check "both pods have a share of it" wait_until 20 both_serve
  check "upgrade: every pod is another one" pods_upgraded
  check "rollback: again" pods_rolled_back
  check "kill -9 of the holder's process: the kubelet starts it again" holder_killed
  check "two evictions: one, the other is refused by the disruption budget" evictions
  check "a node is drained, and its pod runs on the other" drained
  check "every acknowledged write is there" load_end
  check "uninstall leaves the keys, their type and the certificates, and nothing else" uninstalled
}

pods_cluster_begin() {
  hub_begin || because "no network: $(ip addr 2>&1 | tail -n 1)" || return
  KUBE_BIND=$hub KUBE_ETCD_FLAGS=--unsafe-no-fsync KUBE_CONTROLLERS=all KUBE_API_FLAGS=--endpoint-reconciler-type=lease
  kube_up_temporary 2> "$work/kube.log" || because "$(tail -n 1 "$work/kube.log")"
}

nodes_begin() {
  local node
  python3 "$here/helm.d/node/program-image.py" "$(static_busybox)" "$work/pause.tar" localhost/pause:1 sleep 1000000 || return
  for node in $nodes; do
    node_begin "$node" || return
    ctr_ "$node" images import "$work/pause.tar" && ctr_ "$node" images import "$tar" || because "$node does not take the images" || return
    node_joins "$node"
  done
}

nodes_are_ready() {
  as_admin get nodes > "$work/said"
  [ "$(grep -c '^node-[ab] *Ready' "$work/said")" = 2 ] || because "$(tr '\n' ' ' < "$work/said"); $(grep -h '^E\|^F' "$work"/node-?/kubelet.log | tail -n 1)"
}

# The pods that are there and not about to go: name, node, address, uid, how often started again, ready; a line each.
pods() {
  as_admin get pods --selector app.kubernetes.io/name=kubekv -o 'jsonpath={range .items[*]}{.metadata.name} {.spec.nodeName} {.status.podIP} {.metadata.uid} {.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready} gone={.metadata.deletionTimestamp}{"\n"}{end}' \
    | grep ' gone=$'
}

two_ready() { [ "$(pods | grep -c ' true gone=$')" = 2 ] && [ "$(pods | wc -l)" = 2 ] || because "$(pods | tr '\n' ';')"; }

chart_values() { echo --namespace "$space" --values "$here/helm.d/release.yaml" --wait --timeout 3m; }

pods_installed() {
  local said name
  as_admin create namespace "$space" > /dev/null
  said=$(helm_ install "$release" "$chart" $(chart_values)) || because "$(tail -n 2 <<< "$said") $(pods | tr '\n' ';')" || return
  two_ready || return
  [ "$(pods | awk '{print $2}' | sort -u | wc -l)" = 2 ] || because "they are on one node: $(pods | tr '\n' ';')" || return
  door=$(as_admin get service $release-kubekv -o 'jsonpath={.spec.clusterIP}')
  service_named "$space" $release-kubekv "$door" || return
  for name in tls.crt tls.key ca.crt ca.key; do as_admin get secret "$release-kubekv-tls" -o "jsonpath={.data['${name/./\\.}']}" | base64 -d > "$work/$name" || return; done
  client_certificate host1 && client_certificate other || return
  note "$(as_admin get pods --selector app.kubernetes.io/name=kubekv -o 'jsonpath={range .items[*]}{.metadata.creationTimestamp} to {.status.conditions[?(@.type=="Ready")].lastTransitionTime} {end}' | sed 's/[0-9-]*T//g')"
}

# process_of NODE UID: the number, on the node, of the Java process of that pod
process_of() {
  in_node "$1" bash -c 'for each in $(grep -l "pod$1" /proc/[0-9]*/cgroup 2> /dev/null); do
    each=${each%/cgroup}; [ "$(readlink "$each/exe")" != /opt/java/bin/java ] || echo "${each#/proc/}"; done' process_of "$2"
}

confined() {
  local name node address uid rest process status limit
  while read -r name node address uid rest; do
    process=$(process_of "$node" "$uid") && [ -n "$process" ] || because "no process of $name is on $node" || return
    status=$(in_node "$node" cat "/proc/$process/status")
    [ "$(awk '/^(Uid|Gid):/ {print $2}' <<< "$status" | tr '\n' ' ')" = "10001 10001 " ] || because "$name: $(grep '^[UG]id' <<< "$status")" || return
    [ "$(awk '/^(CapPrm|CapEff|CapBnd|NoNewPrivs|Seccomp):/ {print $2}' <<< "$status" | tr '\n' ' ')" = "0000000000000000 0000000000000000 0000000000000000 1 2 " ] \
      || because "$name: $(grep '^Cap\|^NoNew\|^Secc' <<< "$status" | tr '\n' ' ')" || return
    in_node "$node" awk '$5 == "/" {print $6}' "/proc/$process/mountinfo" | grep -q '^ro' || because "$name can write its root" || return
    limit=$(in_node "$node" bash -c 'cat /sys/fs/cgroup/memory"$(sed -n "s/.*:memory://p" "/proc/$1/cgroup")"/memory.limit_in_bytes 2> /dev/null || cat /sys/fs/cgroup"$(sed -n "s/^0:://p" "/proc/$1/cgroup")"/memory.max' limit "$process")
    [ "$limit" = $((1 << 30)) ] || because "the memory limit of $name is $limit" || return
    note "VmRSS $(awk '/^VmRSS/ {print int($2 / 1024)}' <<< "$status") MiB"
  done < <(pods)
}

# curl as a client of the Service, on a node
as_client() { in_node node-a curl --noproxy '*' -sS --max-time 20 --cacert "$work/ca.crt" --cert "$work/$1.crt" --key "$work/$1.key" -w ' %{http_code}' --resolve "$release-kubekv.$space.svc:2379:$door" "${@:3}" "https://$release-kubekv.$space.svc:2379/v2/keys/$2" 2>&1; }

account_writes() {
  expect "$(as_client host1 docker/nodes/a -XPUT -d value=1)" '{"action":"set"*20[01]' && expect "$(as_client other docker/nodes/a)" '{"errorCode":110,*401' || return
  others_cannot_write
}

binding_counts() {
  as_admin get rolebinding $release-kubekv -o yaml > "$work/binding" && as_admin delete rolebinding $release-kubekv > /dev/null || return
  wait_until 15 refused_now || because "it writes still: $(as_client host1 docker/nodes/a -XPUT -d value=2)" || return
  sed -i '/^  resourceVersion:/d; /^  uid:/d' "$work/binding"
  as_admin create -f "$work/binding" > "$work/said" || because "$(cat "$work/said")" || return
  wait_until 30 accepted_now || because "it writes no more: $(as_client host1 docker/nodes/a -XPUT -d value=1)" || return
  wait_until 60 two_ready
}

refused_now() { [[ $(as_client host1 docker/nodes/a -XPUT -d value=2) == *' 5'?? ]]; }

accepted_now() { [[ $(as_client host1 docker/nodes/a -XPUT -d value=1) == *' 200' ]]; }

chart_test() {
  local said
  said=$(helm_ test "$release" --namespace "$space" --timeout 2m) || because "$(tail -n 3 <<< "$said") $(as_admin get pod $release-kubekv-test -o 'jsonpath={.status.initContainerStatuses[*].state} {.status.containerStatuses[*].state}')" || return
  grep -q '^Phase: *Succeeded' <<< "$said" || because "$said"
}

load_begin() {
  openssl pkcs12 -export -in "$work/host1.crt" -inkey "$work/host1.key" -out "$work/host1.p12" -passout pass:kubekv 2> "$work/said" || because "$(cat "$work/said")" || return
  mkfifo "$work/phases" || return
  in_node node-a bash -c 'java_program io.kubekv.e2e.ServiceLoad "$@"' load --server "$door:2379" --below docker/load --authority "$work/ca.crt" --identity "$work/host1.p12" \
    < "$work/phases" > "$work/load" 2>&1 &
  load=$!
  exec 7> "$work/phases"
  sleep 5
  phase begin
}

# phase NAME: what the load saw since the last one is noted
phase() {
  local before
  before=$(wc -l < "$work/load")
  (echo "$1" >&7) 2> /dev/null # it may have ended
  wait_until 10 said_more "$before" || because "the load says nothing: $(tail -n 2 "$work/load")" || return
  note "$(sed -n "$((before + 1))s/^[^:]*: //p" "$work/load")"
}

said_more() { [ "$(wc -l < "$work/load")" -gt "$1" ]; }

names_of_pods() { pods | awk '{print $1}' | sort; }

rolled() { # rolled COMMAND...: afterwards two other pods are ready
  local before said
  before=$(names_of_pods)
  said=$("$@") || because "$(tail -n 2 <<< "$said") $(pods | tr '\n' ';')" || return
  wait_until 30 two_ready || return
  [ -z "$(comm -12 <(echo "$before") <(names_of_pods))" ] || because "a pod is the same: $(pods | tr '\n' ';')"
}

pods_upgraded() {
  rolled helm_ upgrade "$release" "$chart" $(chart_values) --set podAnnotations.round=two --set store.historyBytes=32MiB || return
  pods_say --history-bytes=32MiB && phase upgrade
}

pods_rolled_back() {
  rolled helm_ rollback "$release" 1 --namespace "$space" --wait --timeout 3m || return
  pods_say --lease-duration= || return
  [[ "$(arguments_of_pods)" != *--history-bytes* ]] || because "their arguments still have --history-bytes" || return
  phase rollback
}

pods_say() { [[ "$(arguments_of_pods)" == *"$1"* ]] || because "their arguments have no $1"; }

arguments_of_pods() { as_admin get pods --selector app.kubernetes.io/name=kubekv -o 'jsonpath={.items[*].spec.containers[0].args}'; }

holder_killed() {
  local name node uid restarts process
  wait_until 30 holder_found || because "the holder $(as_admin get lease kubekv -o 'jsonpath={.spec.holderIdentity}') is none of $(pods | tr '\n' ';')" || return
  process=$(process_of "$node" "$uid") && [ -n "$process" ] && in_node "$node" kill -KILL "$process" || because "no process of $name is on $node" || return
  wait_until 60 started_again "$uid" $((restarts + 1)) || because "$(pods | tr '\n' ';')" || return
  phase kill
}

# Sets $name, $node, $uid and $restarts of the pod that holds the lease, unless that is one that is about to go.
holder_found() {
  local holder rest
  holder=$(as_admin get lease kubekv -o 'jsonpath={.spec.holderIdentity}')
  while read -r name node _ uid restarts rest; do [[ $holder != *"$name"* ]] || return 0; done < <(pods)
  return 1
}

started_again() { pods | grep -q " $1 $2 true "; }

evict() { # evict POD
  printf '{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "%s", "namespace": "%s"}}' "$1" "$space" \
    | as_admin create --raw "/api/v1/namespaces/$space/pods/$1/eviction" -f -
}

evictions() {
  local first second said
  read -r first second < <(names_of_pods | tr '\n' ' ')
  wait_until 30 may_disrupt || because "the budget allows no disruption" || return
  said=$(evict "$first") || because "$first is not evicted: $said" || return
  said=$(evict "$second") && because "both were evicted" && return 1
  [[ $said == *"would violate the pod's disruption budget"* ]] || because "$said" || return
  wait_until 90 two_ready || return
  phase eviction
}

may_disrupt() { [ "$(as_admin get poddisruptionbudget $release-kubekv -o 'jsonpath={.status.disruptionsAllowed}')" = 1 ]; }

drained() {
  local said node=node-b
  pods | grep -q " $node " || node="node-a"
  wait_until 30 may_disrupt || because "the budget allows no disruption" || return
  said=$(as_admin drain "$node" --delete-emptydir-data --timeout 120s) || because "$(tail -n 2 <<< "$said")" || return
  wait_until 90 two_ready || return
  ! pods | grep -q " $node " || because "a pod is still on $node: $(pods | tr '\n' ';')" || return
  as_admin uncordon "$node" > /dev/null || return
  phase "drain"
}

# By each replica's own counter of what its doors asked of the store.
both_serve() {
  local pod address rest count shares=''
  while read -r pod _ address rest; do
    count=$(curl --noproxy '*' -s --max-time 5 "http://$address:2381/metrics" | awk '/^kubekv_store_seconds_count.*outcome="done"/ {sum += $NF} END {print sum + 0}')
    [ "$count" -gt 10 ] || because "$pod served $count" || return
    shares+=" $count"
  done < <(pods)
  note "calls of the store:$shares"
}

load_end() {
  local status
  exec 7>&-
  wait "$load"
  status=$?
  load=''
  note "$(tail -n 1 "$work/load" | sed 's/^load: //; s/ (bar.*//')"
  [ $status = 0 ] || because "$(tail -n 4 "$work/load" | tr '\n' ' ')"
}
