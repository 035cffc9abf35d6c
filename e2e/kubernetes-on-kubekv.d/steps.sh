# Sourced: the steps. Each says its figure by `note`, and why it fails by `because`.

load() { python3 -B "$here/kubernetes-on-kubekv.d/load.py" "$KUBE_URL" "$plane/pki" load "$@" 2>&1; }

# loaded ARGUMENTS: the same as a step: what it prints is its figure, or the reason
loaded() {
  local said
  if said=$(load "$@"); then
    note "$said"
  else
    because "$(tail -n 1 <<<"$said")"
  fi
}

kubectl() { "$kubectl_current" --kubeconfig "$plane/kubeconfig" "$@" 2>&1; }

all_steps() {
  compacting=--etcd-compaction-interval=$compaction # a list in pages must not take longer
  check "the store starts" boot_store || return
  check "kube-apiserver boots on it" boot_api || return
  check "a custom resource is defined, and served by kubectl" custom_resources
  check "$objects ConfigMaps by eight at once" loaded fill "$objects"
  check "kubectl lists them all, in twenty pages" kubectl_pages
  check "a list in pages is of one state, whatever is changed meanwhile" loaded pages "$objects"
  check "kubectl watches what is changed" kubectl_watches
  check "a ConfigMap of 800 kB is stored whole" large_object
  check "kube-apiserver compacts by itself, and says what it has forgotten" own_compaction
  check "etcdctl compacts, and all goes on" etcdctl_compaction
  check "writing through restarts: every answer and every change of a watch is right" restarts
  check "kube-apiserver without its cache shows everything as acknowledged" nothing_lost
  check "everything is deleted again" delete_all
}

boot_store() {
  store_prepare && store_start
}

boot_api() {
  KUBE_API_FLAGS=$compacting kube_start_apiserver "$plane" >"$plane/begin.log" 2>&1 || because "$(tail -n 1 "$plane/begin.log")" || return
  kubectl create namespace load >/dev/null || because "no namespace can be made"
  note "$(kubectl get --raw /version | sed -n 's/.*"gitVersion": "\([^"]*\)".*/\1/p'); $(etcdctl get --prefix /registry/ --keys-only --limit 0 | grep -c .) keys"
}

custom_resources() {
  local names found
  kubectl apply -f "$here/kubernetes-on-kubekv.d/widgets.yaml" >/dev/null || because "the definition is not taken" || return
  kubectl wait --for=condition=Established --timeout=60s crd/widgets.e2e.kubekv.io >"$plane/said" || because "$(tail -n 1 "$plane/said")" || return
  for names in {1..10}; do printf -- '---\n{apiVersion: e2e.kubekv.io/v1, kind: Widget, metadata: {name: w%s, namespace: load}, spec: {size: %s}}\n' "$names" "$names"; done >"$plane/widgets.yaml"
  within 30 eval 'kubectl create -f "$plane/widgets.yaml" >"$plane/said"' || because "$(tail -n 1 "$plane/said")" || return
  kubectl -n load patch widget w3 --type merge -p '{"spec":{"size":33}}' >/dev/null || because "no patch" || return
  kubectl -n load patch widget w4 --type merge -p '{"spec":{"size":"large"}}' >/dev/null && { because "a wrong type was taken"; return; }
  kubectl -n load delete widget w10 >/dev/null || because "no deletion" || return
  found=$(kubectl -n load get widgets -o 'jsonpath={range .items[*]}{.metadata.name}={.spec.size} {end}')
  [ "$found" = "w1=1 w2=2 w3=33 w4=4 w5=5 w6=6 w7=7 w8=8 w9=9 " ] || because "found $found" || return
  [ "$(etcdctl get --prefix /registry/e2e.kubekv.io/widgets/ --keys-only | grep -c .)" = 9 ] || because "the store has other keys than nine"
}

kubectl_pages() {
  local count
  kubectl -n load get configmaps --chunk-size $((objects / 20)) -o name >"$plane/listed" || because "$(tail -n 1 "$plane/listed")" || return
  count=$(grep -c /object- "$plane/listed")
  [ "$count" = "$objects" ] || because "$count are listed" || return
  count=$(etcdctl get --prefix /registry/configmaps/load/object- --count-only -w fields | sed -n 's/"Count" : //p')
  [ "$count" = "$objects" ] || because "$count keys are in the store"
}

kubectl_watches() {
  local watching
  # the program itself, as the function would leave it behind when it is killed
  "$kubectl_current" --kubeconfig "$plane/kubeconfig" -n load get configmaps --watch-only --output-watch-events \
    -o 'custom-columns=T:.type,N:.object.metadata.name' --no-headers >"$plane/watched" 2>&1 &
  watching=$!
  within 30 eval 'kubectl -n load create configmap early-$RANDOM >/dev/null; grep -q early "$plane/watched"' || because "nothing is told" || { kill $watching; return; }
  kubectl -n load create configmap seen >/dev/null
  kubectl -n load label configmap seen a=b >/dev/null
  kubectl -n load delete configmap seen >/dev/null
  within 20 eval '[ "$(grep -c " seen$" "$plane/watched")" = 3 ]'
  kill $watching
  wait $watching 2>/dev/null
  [ "$(grep ' seen$' "$plane/watched" | tr -s ' ' | tr '\n' ' ')" = 'ADDED seen MODIFIED seen DELETED seen ' ] || because "it told $(tail -n 3 "$plane/watched" | tr -s ' ' | tr '\n' ' ')" || return
  kubectl -n load delete configmap $(kubectl -n load get configmaps -o name | sed -n 's|configmap/\(early.*\)|\1|p') >/dev/null
}

large_object() {
  head -c 600000 /dev/urandom | base64 -w 0 >"$plane/large"
  kubectl -n load create configmap large --from-file=content="$plane/large" >"$plane/said" || because "$(tail -n 1 "$plane/said")" || return
  kubectl -n load get configmap large -o 'jsonpath={.data.content}' | cmp -s - "$plane/large" || because "another content came back" || return
  kubectl -n load delete configmap large >/dev/null
}

# The first page of a list, and after two of the compact loop's intervals its rest.
own_compaction() {
  local version token
  read -r version token < <(load token) || because "no list" || return
  kubectl -n load create configmap after-the-page >/dev/null
  within 90 forgotten "$version" || because "the store still has version $version" || return
  within 30 eval 'load expired "$token" >"$plane/said"' || because "$(tail -n 1 "$plane/said")" || return
  kubectl -n load delete configmap after-the-page >/dev/null
  note "up to version $(etcdctl get compact_rev_key --print-value-only)"
}

# Whether a read at a version is refused as compacted.
forgotten() { [[ $(etcdctl get /registry/none --rev "$1") == *'required revision has been compacted'* ]]; }

etcdctl_compaction() {
  local version
  version=$(etcdctl get /registry/none -w json | sed 's/.*"revision":\([0-9]*\).*/\1/')
  etcdctl compaction "$version" >"$plane/said" || because "$(tail -n 1 "$plane/said")" || return
  forgotten $((version - 1)) || because "version $((version - 1)) is still there" || return
  kubectl -n load create configmap after-compaction >"$plane/said" && kubectl -n load delete configmap after-compaction >"$plane/said" \
    || because "$(tail -n 1 "$plane/said")" || return
  kubectl_pages && note "at version $version"
}

# Writers go on through everything that is killed; each time there is progress before the next.
restarts() {
  local round each status=0
  setpriv --pdeathsig KILL python3 -B "$here/kubernetes-on-kubekv.d/load.py" "$KUBE_URL" "$plane/pki" load write "$plane/state" "$plane/progress" >"$plane/written" 2>&1 &
  writer=$!
  for ((round = 0; round < rounds; round++)); do
    progresses "before anything is ended" || { status=1; break; }
    for each in $endings $([ $substrate != kube ] || echo below:KILL); do end_and_start "${each%:*}" "${each#*:}" || { status=1; break 2; }; done
  done
  kill -TERM $writer
  wait $writer || status=1
  writer=''
  [ $status = 0 ] || because "${REASON:-$(tail -n 1 "$plane/written")}" || return
  note "$(tail -n 1 "$plane/written")"
}

# end_and_start WHAT SIGNAL: the store, the API server on it, or the API server below it
end_and_start() {
  local began
  began=$(now_ms)
  case $1 in
    etcd) kube_end "$plane" etcd "$2" && store_start || return ;;
    apiserver) kube_end "$plane" apiserver "$2" && KUBE_API_FLAGS=$compacting kube_start_apiserver "$plane" >"$plane/begin.log" 2>&1 || because "$(tail -n 1 "$plane/begin.log")" || return ;;
    below)
      kube_end "$below" apiserver "$2" && kube_start_apiserver "$below" >"$plane/begin.log" 2>&1 || because "$(tail -n 1 "$plane/begin.log")" || return
      kube_load "$plane"
      ;;
  esac
  progresses "after $1 was ended by SIG$2" || return
  printf '     %6s s  %s ended by SIG%s: writing goes on\n' "$(seconds $(($(now_ms) - began)))" "$1" "$2"
}

acknowledged() { cat "$plane/progress" 2>/dev/null || echo 0; }

progresses() {
  local before
  before=$(acknowledged)
  within 60 eval '[ "$(acknowledged)" -ge '$((before + 20))' ]' || because "nothing is written in a minute $1: $(tail -n 1 "$plane/etcd.log"); $(tail -n 1 "$plane/written")"
}

nothing_lost() {
  kube_end "$plane" apiserver
  KUBE_API_FLAGS=--watch-cache=false kube_start_apiserver "$plane" >"$plane/begin.log" 2>&1 || because "$(tail -n 1 "$plane/begin.log")" || return
  loaded verify "$plane/state" "$objects" && kubectl_pages || return
  [ "$(kubectl -n load get widgets -o name | grep -c .)" = 9 ] || because "the custom resources are not all there"
}

delete_all() {
  # in one request, where kubectl would send one for each object; kube-apiserver ends a request after a minute, which is asked again then
  within 240 eval 'kubectl delete --raw /api/v1/namespaces/load/configmaps >"$plane/said" 2>&1' || because "$(tail -n 1 "$plane/said")" || return
  kubectl -n load delete widgets --all >"$plane/said" 2>&1 || because "$(tail -n 1 "$plane/said")" || return
  kubectl delete -f "$here/kubernetes-on-kubekv.d/widgets.yaml" >"$plane/said" || because "$(tail -n 1 "$plane/said")" || return
  local left
  left=$(etcdctl get --prefix /registry/configmaps/load/ --keys-only; etcdctl get --prefix /registry/e2e.kubekv.io/ --keys-only)
  [ -z "$left" ] || because "left are $(head -3 <<<"$left" | tr '\n' ' ')"
}
