# The checks, in order.

chart_checks() {
  check "the chart's definitions of the types are the product's" same_definitions
  check "lint, for the default values and for every other" lint
  check "rendered for every set of values: each document is YAML of a known kind" rendered
  check "what a value says is in the rendering" values_count
  check "values that cannot be are refused by name" refused
  check "every alert has its entry in the runbook, and its metrics exist" alerts_documented
}

release_checks() {
  check "the API server takes every object of every rendering" accepted
  check "install" installed || return
  check "what the release has is there" objects_are_there
  check "kubekv runs as the chart's account with the Deployment's arguments" process_begin || return
  check "a grant of the values serves its user, and nobody else" grant_serves
  check "nobody but kubekv writes the log" others_cannot_write
  check "edits of objects that show keys are applied, or refused with a reason and an Event" edits_count
  check "upgrade: another grant, and the same certificates" upgraded
  check "rollback" rolled_back
  check "the store runs through both, and has what was written" still_there
  check "no quota comes before the API server counts it, and it comes then" quota_comes_late
  check "every right of the Role is needed" role_is_least
  check "every right of the ClusterRole is needed" cluster_role_is_least
  process_end
  check "uninstall leaves the store, its types and the certificates, and nothing else" uninstalled
}

types='dockerendpoints dockernetworks dockernodes keyvalues storelogs storechunks storemanifests stores'

same_definitions() {
  local type product=$repository/kv-k8s-backend/src/main/resources/io/kubekv/k8s
  for type in $types; do
    cmp -s "$chart/crds/$type.yaml" "$(find "$product" -name "$type.yaml")" || because "helm/kubekv/crds/$type.yaml differs" || return
  done
}

# crds COMMAND...: does it to every type
crds() {
  local type
  for type in $types; do "$@" "crd/$type.kubekv.io" || return; done
}

# Sets of values, a file each.
sets() { ls "$here/helm.d/values"/*.yaml; }

lint() {
  local said set
  said=$(helm_ lint --strict "$chart") || because "$(tail -n 5 <<< "$said")" || return
  for set in $(sets); do said=$(helm_ lint --strict "$chart" --values "$set") || because "$(basename "$set"): $(tail -n 5 <<< "$said")" || return; done
}

render() { helm_ template "$release" "$chart" --namespace "$space" "$@"; }

rendered() {
  local set said
  for set in "" $(sets); do
    said=$(render ${set:+--values "$set"}) || because "${set##*/}: $(tail -n 3 <<< "$said")" || return
    grep -q '^kind: Deployment$' <<< "$said" || because "${set##*/} has no Deployment" || return
  done
}

# Each line of a value's expectation must be in what is rendered with values/everything.yaml.
values_count() {
  local said line
  said=$(render --values "$here/helm.d/values/everything.yaml") || because "$(tail -n 3 <<< "$said")" || return
  while IFS= read -r line; do
    grep -qxF -- "$line" <<< "$said" || because "the rendering has no line '$line'" || return
  done < "$here/helm.d/everything.expected"
  said=$(render --set updateStrategy.type=Recreate) || because "$said" || return
  grep -A1 -x '  strategy:' <<< "$said" | grep -qx '    type: Recreate' || because "updateStrategy.type=Recreate does not count" || return
  ! grep -q 'maxSurge' <<< "$said" || because "Recreate has a maxSurge"
}

refused() {
  local wrong said
  for wrong in replicaCount=0 access.mode=Maybe tls.source=magic store.leaseDuration=6 image.digest=sha256:1 service.nodePorts.dns=1 probes.liveness.path=/ extraArgs[0]=serve doors.etcd.port=70000 nothing=1 'grants[0].name=x' 'access.audiences=null'; do
    said=$(render --set "$wrong") && because "$wrong was taken" && return 1
    grep -q "${wrong%%[.=[]*}" <<< "$said" || because "$wrong: $said" || return
  done
  said=$(render --set tls.source=secret) && because "tls.source=secret without a name was taken" && return 1
  grep -q 'tls.secretName is needed' <<< "$said" || because "$said"
}

alerts_documented() {
  local alert metric
  for alert in $(sed -n 's/.*- alert: //p' "$chart/alerts.yaml"); do
    grep -qx "## $alert" "$repository/helm/RUNBOOK.md" || because "$alert has no entry" || return
  done
  for metric in $(grep -oh 'kubekv_[a-z_]*' "$chart/alerts.yaml" "$chart/dashboard.json" | sort -u); do
    metric=${metric%_count}
    metric=${metric%_sum}
    metric=${metric%_bucket}
    grep -q "^| \`$metric\` |" "$repository/kv-server/METRICS.md" || because "METRICS.md has no $metric" || return
  done
}

# As the API server would keep it: schemas, validation, admission.
accepted() {
  local set said
  as_admin create namespace "$space" > /dev/null
  as_admin apply -f "$chart/crds" > /dev/null || return
  for set in "" $(sets); do
    grep -q 'monitoring.coreos.com\|cert-manager' <<< "${set:+$(cat "$set")}" && continue # types that are not installed here
    render --skip-tests ${set:+--values "$set"} > "$work/rendered.yaml"
    said=$(as_admin apply --dry-run=server --validate=strict -f "$work/rendered.yaml") || because "${set##*/}: $(grep -v created <<< "$said" | head -n 3)" || return
  done
}

installed() {
  local said
  crds as_admin delete > /dev/null
  said=$(helm_ install "$release" "$chart" --namespace "$space" --values "$here/helm.d/release.yaml") || because "$(tail -n 3 <<< "$said")" || return
  grep -q 'dockerd --cluster-store=etcd://kv-kubekv.kv.svc:2379' <<< "$said" || because "the notes do not say how to point Docker at it: $said"
}

objects_are_there() {
  local object
  for object in deployment/kv-kubekv service/kv-kubekv service/kv-kubekv-ops serviceaccount/kv-kubekv role/kv-kubekv rolebinding/kv-kubekv \
    clusterrole/kv-kv-kubekv clusterrolebinding/kv-kv-kubekv clusterrole/kv-kv-kubekv-docker-hosts secret/kv-kubekv-tls networkpolicy/kv-kubekv \
    poddisruptionbudget/kv-kubekv flowschema/kv-kv-kubekv-log flowschema/kv-kv-kubekv-view flowschema/kv-kv-kubekv-lease \
    prioritylevelconfiguration/kv-kv-kubekv-log prioritylevelconfiguration/kv-kv-kubekv-view prioritylevelconfiguration/kv-kv-kubekv-lease \
    validatingadmissionpolicy/kv-kv-kubekv validatingadmissionpolicybinding/kv-kv-kubekv \
    $(crds echo); do
    as_admin get "$object" > "$work/said" || because "$(cat "$work/said")" || return
  done
}

grant_serves() {
  client_certificate host1 && client_certificate other || return
  expect "$(as host1 -XPUT "https://$etcd/v2/keys/docker/nodes/a" -d value=1)" '{"action":"set"*201' \
    && expect "$(as host1 "https://$etcd/v2/keys/docker?recursive=true")" '*"value":"1"*200' \
    && expect "$(as host1 "https://$etcd/v2/keys/other")" '{"errorCode":110,*401' \
    && expect "$(as other "https://$etcd/v2/keys/docker?recursive=true")" '{"errorCode":110,*401' \
    && expect "$("$repository/kubekv" status --server "$grpc" --cacert "$work/ca.crt" --server-name kv-kubekv.kv.svc --token-file "$work/own-token" 2>&1)" '*holder*'
}

others_cannot_write() {
  local kind said
  for kind in storelogs storemanifests; do
    said=$(as_admin delete "$kind" --all) && because "an administrator deleted $kind: $said" && return 1
    grep -q "$kind in $space are written by kubekv alone" <<< "$said" || because "$kind: $said" || return
  done
}

edits_count() {
  local said
  wait_until 15 shown docker/nodes/a || because "the key is not shown: $(as_admin get kv)" || return
  said=$(EVENTS=yes KUBECONFIG=$kube_dir/kubeconfig "$here/kubectl.d/edits.sh" "$kubectl_current" "$space" "https://$etcd" docker/edits \
    --cacert "$work/ca.crt" --cert "$work/host1.crt" --key "$work/host1.key")
  note "$(tail -n 1 <<< "$said" | cut -d ' ' -f 1) steps of people with kubectl"
  [[ $(tail -n 1 <<< "$said") == *' 0' ]] || because "$(head -n 3 <<< "$said" | tr '\n' ' ')"
}

shown() { [ -n "$(as_admin get kv --field-selector "spec.key=$1" -o name)" ]; }

upgraded() {
  local before said
  before=$(as_admin get secret kv-kubekv-tls -o 'jsonpath={.data.tls\.crt}')
  said=$(helm_ upgrade "$release" "$chart" --namespace "$space" --values "$here/helm.d/release.yaml" --set 'grants[1].name=other' --set 'grants[1].keys={motd}' \
    --set 'grants[1].verbs={get}' --set 'grants[1].subjects[0].kind=User' --set 'grants[1].subjects[0].name=other') || because "$(tail -n 3 <<< "$said")" || return
  [ "$before" = "$(as_admin get secret kv-kubekv-tls -o 'jsonpath={.data.tls\.crt}')" ] || because "the certificates changed" || return
  wait_until 15 other_is_granted || because "the new grant does not count: $(as other "https://$etcd/v2/keys/motd")"
}

other_is_granted() { [[ $(as other "https://$etcd/v2/keys/motd") == *' 404' ]]; }

rolled_back() {
  local said
  said=$(helm_ rollback "$release" 1 --namespace "$space") || because "$(tail -n 3 <<< "$said")" || return
  wait_until 15 other_is_not_granted || because "the grant counts still: $(as other "https://$etcd/v2/keys/motd")"
}

other_is_not_granted() { [[ $(as other "https://$etcd/v2/keys/motd") == *' 401' ]]; }

still_there() { expect "$(as host1 "https://$etcd/v2/keys/docker/nodes/a")" '*"value":"1"*200'; }

# A quota that was made before the controllers knew its type is counted minutes later, and no key is taken until then.
quota_comes_late() {
  local said
  said=$(as_admin get resourcequota --output name) && [ -z "$said" ] || because "there is a quota already: $said" || return
  wait_until 90 types_are_counted || because "the controllers do not count them all: $(as_admin --namespace default get resourcequota probe -o yaml)" || return
  as_admin --namespace default delete resourcequota probe > /dev/null
  said=$(helm_ upgrade "$release" "$chart" --namespace "$space" --values "$here/helm.d/release.yaml" --set quota.afterSeconds=1) || because "$(tail -n 3 <<< "$said")" || return
  wait_until 15 quota_counts || because "it is not counted: $(as_admin get resourcequota -o yaml)" || return
  expect "$(as host1 -XPUT "https://$etcd/v2/keys/docker/nodes/b" -d value=1)" '{"action":"set"*201' || return
  said=$(helm_ upgrade "$release" "$chart" --namespace "$space" --values "$here/helm.d/release.yaml") || because "$(tail -n 3 <<< "$said")" || return
  quota_counts || because "the next upgrade took it away"
}

# A new one is counted at once if its types are known, so each look is at a new one.
types_are_counted() {
  as_admin --namespace default delete resourcequota probe --ignore-not-found > /dev/null
  as_admin --namespace default create quota probe --hard=count/keyvalues.kubekv.io=1000,count/storelogs.kubekv.io=1000,count/storechunks.kubekv.io=1000 > /dev/null
  sleep 1
  counted default probe
}

quota_counts() { counted "$space" kv-kubekv; }

counted() { # counted NAMESPACE QUOTA
  local type
  for type in keyvalues storelogs storechunks; do
    [ -n "$(as_admin --namespace "$1" get resourcequota "$2" -o "jsonpath={.status.used['count/$type\.kubekv\.io']}")" ] || return
  done
}

# Without one of its verbs kubekv says at its start which is missing.
role_is_least() {
  local rule verb verbs rest kept resource
  process_end
  kept=$(as_admin get role kv-kubekv -o 'jsonpath={.rules}')
  for rule in $(seq 0 $(($(as_admin get role kv-kubekv -o 'jsonpath={range .rules[*]}{"x\n"}{end}' | wc -l) - 1))); do
    verbs=$(as_admin get role kv-kubekv -o "jsonpath={.rules[$rule].verbs[*]}")
    resource=$(as_admin get role kv-kubekv -o "jsonpath={.rules[$rule].resources[0]}.{.rules[$rule].apiGroups[0]}")
    resource=${resource%.} # the core group has no name
    case $resource in events | docker*) continue ;; esac # without them only people miss something
    for verb in $verbs; do
      rest=$(printf '"%s",' $(tr ' ' '\n' <<< "$verbs" | grep -vx "$verb"))
      as_admin patch role kv-kubekv --type=json -p "[{\"op\": \"replace\", \"path\": \"/rules/$rule/verbs\", \"value\": [${rest%,}]}]" > /dev/null || return
      wait_until 10 account_may no "$verb" "$resource" || because "the API server does not hear that $verb is gone" || return
      process_begin && because "it runs without $verb of rule $rule" && return 1
      process_end
      grep -q "may not, in namespace $space: $verb ${resource}[.,]" "$work/store.log" || because "without $verb of rule $rule: $(tail -n 2 "$work/store.log")" || return
      rules_again role kv-kubekv "$kept" || return
      wait_until 10 account_may yes "$verb" "$resource" || because "the API server does not hear that $verb is back" || return
    done
  done
  note "$(wc -w <<< "$(as_admin get role kv-kubekv -o 'jsonpath={.rules[*].verbs[*]}' | tr -d '[],"')") rights"
  process_begin
}

rules_again() { # rules_again KIND NAME RULES
  as_admin patch "$1" "$2" --type=json -p "[{\"op\": \"replace\", \"path\": \"/rules\", \"value\": $3}]" > "$work/said" || because "$(cat "$work/said")"
}

account_may() { # account_may yes|no VERB RESOURCE
  [ "$(as_admin auth can-i "$2" "$3" --as "system:serviceaccount:$space:kv-kubekv" | tail -n 1)" = "$1" ]
}

# Without one of its rules a client's request, or a replica's, is refused.
cluster_role_is_least() {
  local rule kept
  as_admin create serviceaccount web > /dev/null
  as_admin create token web --audience kubekv > "$work/web-token" || return
  for rule in 2 1 0; do
    kept=$(as_admin get clusterrole kv-kv-kubekv -o 'jsonpath={.rules}')
    as_admin patch clusterrole kv-kv-kubekv --type=json -p "[{\"op\": \"remove\", \"path\": \"/rules/$rule\"}]" > /dev/null || return
    wait_until 25 misses_rule "$rule" || because "nothing misses rule $rule of the ClusterRole" || return
    rules_again clusterrole kv-kv-kubekv "$kept" || return
  done
}

misses_rule() {
  case $1 in
    0) [[ $(token_answer web-token) == *' 500' ]] ;; # whose the token is cannot be asked
    1) [[ $(as host1 "https://$etcd/v2/keys/docker/nodes/$RANDOM") == *' 500' ]] ;; # what its user may cannot be asked
    2) [[ $(token_answer own-token) == *'Permission denied 403' ]] ;; # the replicas' own account may nothing
  esac
}

token_answer() { # token_answer FILE
  curl --noproxy '*' -sS --max-time 20 --cacert "$work/ca.crt" -w ' %{http_code}' -H "X-Consul-Token: $(cat "$work/$1")" "https://$consul/v1/kv/$RANDOM" 2>&1
}

uninstalled() {
  local said
  said=$(helm_ uninstall "$release" --namespace "$space") || because "$said" || return
  crds as_admin get > /dev/null || because "a type is gone" || return
  as_admin get storemanifests snapshot > /dev/null || because "the store is gone" || return
  as_admin get kv | grep -q docker/nodes/a || because "what shows its keys is gone" || return
  as_admin get secret kv-kubekv-tls > /dev/null || because "the certificates are gone" || return
  wait_until 60 release_gone || because "it left $left" || return # pods take their time
  # the API server forgets the policy a moment later
  wait_until 15 store_deleted || because "the store cannot be deleted: $(tail -n 1 "$work/said")"
}

# Sets $left, too.
release_gone() {
  left=$(as_admin get all,role,rolebinding,networkpolicy,resourcequota,clusterrole,clusterrolebinding,flowschema,prioritylevelconfiguration,validatingadmissionpolicy \
    --selector app.kubernetes.io/instance=kv -o name)
  [ -z "$left" ]
}

store_deleted() { as_admin delete storemanifests,storelogs,storechunks,stores,kv --all > "$work/said"; }
