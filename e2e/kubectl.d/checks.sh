#!/usr/bin/env bash
# checks.sh KUBECTL CRD: what one kubectl is expected to do with keyvalues on the server of $KUBECONFIG.
# Prints the failed checks and, last, "DONE FAILED"; leaves no namespace behind. Exit code 0 says only that it ran.
set -uo pipefail
kubectl=$1 crd=$2
space=kubectl-check-$$
work=$(mktemp -d)
export HOME=$work # kubectl keeps discovery caches there
done_checks=0 failed=0
minor=$("$kubectl" version --client -o json 2>/dev/null | sed -n 's/.*"minor": "\([0-9]*\).*/\1/p' | head -1)

cleanup() {
  "$kubectl" delete namespace "$space" --wait=false >/dev/null 2>&1
  rm -rf "$work"
}
trap cleanup EXIT

report() { # NAME OUTPUT EXPECTATION
  failed=$((failed + 1))
  printf 'FAILED (kubectl 1.%s): %s\n  expected: %s\n  got: %s\n' "$minor" "$1" "$3" "$(head -c 1500 <<<"$2")"
}

# ok NAME REGEX ARGUMENTS...: succeeds, and prints something that matches
ok() {
  local name=$1 pattern=$2 output
  shift 2
  done_checks=$((done_checks + 1))
  if ! output=$(timeout 60 "$kubectl" "$@" 2>&1 </dev/null); then
    report "$name" "$output" "success"
  elif ! grep -qE -- "$pattern" <<<"$output"; then
    report "$name" "$output" "$pattern"
  fi
}

# no NAME REGEX ARGUMENTS...: is refused, with a message that matches
no() {
  local name=$1 pattern=$2 output
  shift 2
  done_checks=$((done_checks + 1))
  if output=$(timeout 60 "$kubectl" "$@" 2>&1 </dev/null); then
    report "$name" "$output" "a refusal: $pattern"
  elif ! grep -qE -- "$pattern" <<<"$output"; then
    report "$name" "$output" "$pattern"
  fi
}

key() { # FILE NAME KEY VALUE [LINE OF SPEC]...
  {
    printf 'apiVersion: kubekv.io/v1\nkind: KeyValue\nmetadata:\n  name: %s\n  namespace: %s\n' "$2" "$space"
    printf 'spec:\n  type: Value\n  key: %s\n  value: %s\n' "$3" "$4"
    shift 4
    for line; do printf '  %s\n' "$line"; done
  } >"$work/$1"
}

ok "apply the definition" 'customresourcedefinition.apiextensions.k8s.io/keyvalues.kubekv.io' apply -f "$crd"
ok "wait for the definition" 'condition met' wait --for=condition=Established --timeout=20s crd/keyvalues.kubekv.io
ok "create a namespace" "namespace/$space created" create namespace "$space"
ok "get namespaces" "$space +Active +[0-9]+s" get namespaces
ok "get definitions" 'keyvalues.kubekv.io +Namespaced +v1[^ ]* +[0-9]' get crd
ok "api-resources" 'keyvalues +kv +(kubekv.io/v1|kubekv.io) +true +KeyValue' api-resources
ok "api-resources of the group, by name" '^keyvalues.kubekv.io$' api-resources --api-group=kubekv.io -o name
ok "api-versions" '^kubekv.io/v1$' api-versions
ok "version" 'Server Version' version

ok "explain the type" 'DESCRIPTION:' explain kv
ok "explain spec" 'value.*<string>' explain kv.spec
ok "explain one field" 'The key. Never changes' explain kv.spec.key
ok "explain recursively" 'createRevision.*<string>' explain kv --recursive
no "explain a field that is not there" 'does not exist' explain kv.spec.colour

key a.yaml ka alpha one
ok "create -f" 'keyvalue.kubekv.io/ka created' create -f "$work/a.yaml"
no "create -f again" 'AlreadyExists.*"ka" already exists' create -f "$work/a.yaml"
ok "get as a table" 'NAME +KEY +TYPE +VERSION +CAUSE +AGE' -n "$space" get kv
ok "get shows the row" 'ka +alpha +Value .*[0-9]+s' -n "$space" get kv
ok "get -o wide" 'NAME +KEY +TYPE +VALUE +VERSION' -n "$space" get kv -o wide
ok "get -o wide shows the value" 'ka +alpha +Value +one' -n "$space" get kv -o wide
ok "get -o name" '^keyvalue.kubekv.io/ka$' -n "$space" get kv -o name
ok "get -o json" '"resourceVersion": "[0-9]+"' -n "$space" get kv ka -o json
ok "get -o yaml" '^  value: one' -n "$space" get kv ka -o yaml
ok "get -o jsonpath" '^one$' -n "$space" get kv ka -o 'jsonpath={.spec.value}'
ok "get -o custom-columns" '^ka +one' -n "$space" get kv -o custom-columns=N:.metadata.name,V:.spec.value
ok "get in all namespaces" "$space +ka +alpha" get kv -A
ok "get with a label column" 'COLOUR' -n "$space" get kv -L colour
ok "get sorted" 'ka' -n "$space" get kv --sort-by=.spec.key
ok "get by field" 'ka' -n "$space" get kv --field-selector spec.key=alpha
ok "get by a field without match" 'No resources found' -n "$space" get kv --field-selector spec.key=other
no "get by an unsupported field" 'field label not supported: spec.value' -n "$space" get kv --field-selector spec.value=one
no "get what is not there" 'NotFound.*"missing" not found' -n "$space" get kv missing
no "get an unknown type" "the server doesn't have a resource type \"zebras\"" get zebras
ok "get page by page" 'ka' -n "$space" get kv --chunk-size=1
ok "describe" 'Key: +alpha' -n "$space" describe kv ka
ok "describe has the metadata" 'Resource Version: +[0-9]+' -n "$space" describe kv ka

ok "label" 'keyvalue.kubekv.io/ka labeled' -n "$space" label kv ka colour=red
ok "get by label" 'ka' -n "$space" get kv -l 'colour in (red,blue)'
ok "get by a label without match" 'No resources found' -n "$space" get kv -l colour!=red
ok "label again" 'keyvalue.kubekv.io/ka labeled' -n "$space" label kv ka colour=blue --overwrite
ok "annotate" 'keyvalue.kubekv.io/ka annotated' -n "$space" annotate kv ka note=hello
ok "label a namespace" "namespace/$space labeled" label namespace "$space" team=a
ok "patch --type merge" 'keyvalue.kubekv.io/ka patched' -n "$space" patch kv ka --type merge -p '{"spec":{"value":"two"}}'
ok "patch --type json" 'keyvalue.kubekv.io/ka patched' -n "$space" patch kv ka --type json -p '[{"op":"test","path":"/spec/value","value":"two"},{"op":"replace","path":"/spec/value","value":"three"}]'
no "patch --type json whose test fails" 'error in our request|[Rr]equest is invalid' -n "$space" patch kv ka --type json -p '[{"op":"test","path":"/spec/value","value":"two"}]'
no "patch with a bad value" 'spec.type: Unsupported value: "Thing"' -n "$space" patch kv ka --type merge -p '{"spec":{"type":"Thing"}}'
no "patch --type strategic" 'UnsupportedMediaType|unknown format|not supported' -n "$space" patch kv ka --type strategic -p '{"spec":{"value":"x"}}'
ok "patches are there" '^three$' -n "$space" get kv ka -o 'jsonpath={.spec.value}'

KUBE_EDITOR="sed -i s/three/four/" ok "edit" 'keyvalue.kubekv.io/ka edited' -n "$space" edit kv ka
ok "the edit is there" '^four$' -n "$space" get kv ka -o 'jsonpath={.spec.value}'
KUBE_EDITOR=true ok "edit nothing" 'Edit cancelled' -n "$space" edit kv ka

key b.yaml kb beta one
ok "apply creates" 'keyvalue.kubekv.io/kb created' apply -f "$work/b.yaml"
ok "apply again changes nothing" 'keyvalue.kubekv.io/kb unchanged' apply -f "$work/b.yaml"
key b.yaml kb beta two 'flags: "7"'
no "diff, whose exit code 1 says that there are differences" '^\+ +flags: "7"' diff -f "$work/b.yaml"
ok "apply changes" 'keyvalue.kubekv.io/kb configured' apply -f "$work/b.yaml"
key b.yaml kb beta two
ok "apply removes a field" 'keyvalue.kubekv.io/kb configured' apply -f "$work/b.yaml"
ok "the field is gone" '^$' -n "$space" get kv kb -o 'jsonpath={.spec.flags}'
ok "apply --dry-run=server" 'created \(server dry run\)' apply --dry-run=server -f <(sed s/kb/kdry/ "$work/b.yaml")
no "a dry run stores nothing" 'NotFound' -n "$space" get kv kdry

key c.yaml kc gamma one
ok "apply --server-side creates" 'keyvalue.kubekv.io/kc serverside-applied' apply --server-side -f "$work/c.yaml"
ok "apply --server-side again" 'keyvalue.kubekv.io/kc serverside-applied' apply --server-side -f "$work/c.yaml"
ok "the server knows the owner" '"?manager"?: "?kubectl' get -n "$space" kv kc -o yaml $([ "$minor" -ge 21 ] && echo --show-managed-fields)
ok "another writes the field" 'patched' -n "$space" patch kv kc --type merge -p '{"spec":{"value":"theirs"}}' $([ "$minor" -ge 21 ] && echo --field-manager=other)
no "apply --server-side conflicts" 'conflict' apply --server-side -f "$work/c.yaml"
ok "apply --server-side by force" 'serverside-applied' apply --server-side --force-conflicts -f "$work/c.yaml"
ok "force took the field" '^one$' -n "$space" get kv kc -o 'jsonpath={.spec.value}'

key wrong.yaml kw delta one 'colour: red'
no "create with an unknown field" 'unknown field "?(spec.)?colour' create -f "$work/wrong.yaml"
no "apply with an unknown field" 'unknown field "?(spec.)?colour' apply -f "$work/wrong.yaml"
ok "create with an unknown field, unvalidated" 'created' create --validate=false -f "$work/wrong.yaml"
ok "the unknown field is dropped" '^$' -n "$space" get kv kw -o 'jsonpath={.spec.colour}'
key wrong.yaml kx epsilon one 'version: none'
no "create with a wrong type" 'version.*(integer|invalid type)' create -f "$work/wrong.yaml"
key wrong.yaml kx epsilon one 'version: 0'
no "create below the minimum" 'spec.version: Invalid value: 0.*greater than or equal to 1' create -f "$work/wrong.yaml"
printf 'apiVersion: kubekv.io/v1\nkind: KeyValue\nmetadata:\n  name: Upper\n  namespace: %s\nspec:\n  type: Value\n  key: k\n' "$space" >"$work/wrong.yaml"
no "create with a bad name" 'metadata.name: Invalid value: "Upper"' create -f "$work/wrong.yaml"
no "create in no namespace" 'namespaces "nowhere-at-all" not found' create -f <(sed s/"$space"/nowhere-at-all/ "$work/a.yaml")
ok "replace" 'keyvalue.kubekv.io/kb replaced' replace -f "$work/b.yaml"

# -w: the rows of later changes arrive while it waits
done_checks=$((done_checks + 1))
touch "$work/watched"
"$kubectl" -n "$space" get kv ka -w -o wide >"$work/watched" 2>&1 &
watcher=$!
for value in five six; do
  for _ in $(seq 100); do grep -q alpha "$work/watched" && break || sleep 0.1; done
  "$kubectl" -n "$space" patch kv ka --type merge -p "{\"spec\":{\"value\":\"$value\"}}" >/dev/null 2>&1
  for _ in $(seq 100); do grep -q "$value" "$work/watched" && break || sleep 0.1; done
done
kill "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
grep -q five "$work/watched" && grep -q six "$work/watched" || report "get -w" "$(cat "$work/watched")" "rows with five and six"
ok "wait for a field" 'condition met|deleted' $([ "$minor" -ge 23 ] && echo wait -n "$space" --for='jsonpath={.spec.value}=six' --timeout=10s kv/ka || echo delete -n "$space" --ignore-not-found --dry-run=client kv/ka)

ok "delete" 'keyvalue.kubekv.io "ka" deleted' -n "$space" delete kv ka
no "delete again" 'NotFound' -n "$space" delete kv ka
ok "delete --ignore-not-found" '^$' -n "$space" delete kv ka --ignore-not-found
ok "delete -f" '"kb" deleted' delete -f "$work/b.yaml"
ok "delete --all" '"kc" deleted' -n "$space" delete kv --all
ok "nothing is left" 'No resources found' -n "$space" get kv
ok "create a lease" 'lease.coordination.k8s.io/l1 created' -n "$space" create -f <(printf 'apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata:\n  name: l1\nspec:\n  holderIdentity: me\n  leaseDurationSeconds: 6\n')
ok "get leases" 'l1 +me +[0-9]+s' -n "$space" get leases
ok "explain leases" 'holderIdentity.*<string>' explain lease.spec
ok "delete the namespace" "namespace \"$space\" deleted" delete namespace "$space"
no "the namespace is gone" 'NotFound' get namespace "$space"
echo "$done_checks $failed"
