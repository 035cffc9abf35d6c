#!/usr/bin/env bash
# edits.sh KUBECTL NAMESPACE URL FOLDER [CURL-ARGUMENTS...]: what becomes of edits that people make with kubectl, on the server of $KUBECONFIG, of the objects
# that show keys below FOLDER of the store which is served in NAMESPACE, and by etcd's API at URL. With EVENTS=yes the server has Events, too.
# Prints the failed checks and, last, "DONE FAILED"; leaves no key behind. Exit code 0 says only that it ran.
set -uo pipefail
kubectl=$1 space=$2 url=$3 folder=$4
shift 4
door=("$@")
work=$(mktemp -d)
export HOME=$work # kubectl keeps discovery caches there
done_checks=0 failed=0
trap 'rm -rf "$work"' EXIT

k() { timeout 60 "$kubectl" -n "$space" "$@" 2>&1 </dev/null; }

key() { printf '%s' "$folder/$1"; }

ask() { curl --noproxy '*' -sS --max-time 20 "${door[@]}" "$@" 2>&1; } # ask ARGUMENTS-OF-CURL... URL

put() { ask -XPUT "$url/v2/keys/$(key "$1")" --data-urlencode "value=$2" "${@:3}"; } # put NAME VALUE

# what the store has, as clients see it: answer NAME
answer() { ask "$url/v2/keys/$(key "$1")"; }

name() { printf 'k%s' "$(printf %s "$(key "$1")" | openssl dgst -sha256 -binary | base32 -w 0 | tr -d = | tr A-Z2-7 0-9a-v)"; }

# until WHAT REGEX COMMAND...: it prints something that matches, within 20 seconds
until_() {
  local what=$1 pattern=$2 output end=$((SECONDS + 20))
  shift 2
  done_checks=$((done_checks + 1))
  while output=$("$@"); ! grep -qE -- "$pattern" <<<"$output"; do
    if [ $SECONDS -ge $end ]; then
      failed=$((failed + 1))
      printf 'FAILED (%s): %s\n  expected: %s\n  got: %s\n' "$(basename "$kubectl")" "$what" "$pattern" "$(head -c 1500 <<<"$output")"
      return
    fi
    sleep 0.2
  done
}

condition() { # condition NAME
  k get kv "$(name "$1")" -o 'jsonpath={range .status.conditions[*]}{.type}={.status} {.reason} {.message}{"\n"}{end}'
}

event() { # event NAME REASON REGEX
  [ "${EVENTS:-no}" = yes ] || return 0
  until_ "an Event of the same ($1)" "^$2 .*$3" k get events --field-selector "involvedObject.name=$(name "$1")" \
    -o 'jsonpath={range .items[*]}{.reason} {.message}{"\n"}{end}'
}

object() { # object FILE NAME VALUE [LINE OF SPEC]...
  {
    printf 'apiVersion: kubekv.io/v1\nkind: KeyValue\nmetadata:\n  name: %s\n  namespace: %s\n' "$(name "$2")" "$space"
    printf 'spec:\n  type: Value\n  key: %s\n  value: %s\n' "$(key "$2")" "$3"
    shift 3
    for line; do printf '  %s\n' "$line"; done
  } >"$work/$1"
}

edit() { # edit NAME SED-EXPRESSION
  KUBE_EDITOR="sed -i $2" k edit kv "$(name "$1")"
}

until_ "the store serves" '"action":"set"' put edited one
put patched one >/dev/null
put raced one >/dev/null
put gone one >/dev/null
put kept one >/dev/null
until_ "a key is shown" 'Value +one' k get kv "$(name edited)" -o wide
until_ "found by its key" "^keyvalue.kubekv.io/$(name edited)$" k get kv --field-selector "spec.key=$(key edited)" -o name
until_ "the others are shown" 'one' k get kv "$(name kept)" -o wide

until_ "edit" 'edited' edit edited 's/value:\ one/value:\ two/'
until_ "an edit is a change of the key" '"value":"two"' answer edited
until_ "the object says so" '^EditApplied=True Applied the edit is revision [0-9]+ of the store' condition edited
event edited EditApplied 'the edit is revision'
until_ "describe shows it, and the new value" 'the edit is revision' k describe kv "$(name edited)"
until_ "kubectl shows what was made of it" "$(key edited) +Value +two +2 +CompareAndSwap" k get kv "$(name edited)" -o wide
put edited three >/dev/null
until_ "the next change drops the condition" '^$' condition edited
until_ "and is shown" 'Value +three' k get kv "$(name edited)" -o wide

until_ "patch" 'patched' k patch kv "$(name patched)" --type merge -p '{"spec":{"value":"mine","flags":"7"}}'
until_ "a patch is a change of the key" '"value":"mine"' answer patched
until_ "patch of what cannot be edited" 'patched' k patch kv "$(name patched)" --type merge -p '{"spec":{"version":9}}'
until_ "it is refused by name" '^EditApplied=False NotEditable spec.version cannot be edited: only value, valueBase64, flags and ttl can' condition patched
event patched EditRefused 'spec.version cannot be edited'
until_ "and written back" 'Value +mine +2 ' k get kv "$(name patched)" -o wide

# an object that is older than its key, as an editor has it that was open for long
k get kv "$(name raced)" -o yaml >"$work/raced.yaml"
put raced theirs >/dev/null
until_ "another's change is shown" 'Value +theirs' k get kv "$(name raced)" -o wide
sed -i 's/value: one/value: mine/' "$work/raced.yaml"
until_ "an old object is refused by the API" 'has been modified' k replace -f "$work/raced.yaml"
until_ "the key is as it was" '"value":"theirs"' answer raced

object made.yaml made new
until_ "create" 'created' k create -f "$work/made.yaml"
until_ "a new object makes its key" '"value":"new"' answer made
until_ "and says so" '^EditApplied=True Applied' condition made
object made.yaml made newer
until_ "apply" 'configured' k apply -f "$work/made.yaml"
until_ "applying is an edit" '"value":"newer"' answer made
until_ "apply again" 'configured|unchanged' k apply -f "$work/made.yaml"
object ends.yaml ends soon 'ttl: 3600s'
until_ "create with a time to live" 'created' k create -f "$work/ends.yaml"
until_ "it has a time to live" '"ttl":3[56][0-9][0-9]' answer ends
sed "s/^  name: .*/  name: anything/" "$work/made.yaml" >"$work/misnamed.yaml"
until_ "create by another name" 'created' k create -f "$work/misnamed.yaml"
until_ "it is refused, with the name that it must have" "Invalid the object of the key $(key made) has the name $(name made)" \
  k get kv anything -o 'jsonpath={range .status.conditions[*]}{.reason} {.message}{"\n"}{end}'
until_ "it stays as its author left it" 'newer' k get kv anything -o 'jsonpath={.spec.value}'
until_ "and goes when he deletes it" 'deleted' k delete kv anything

until_ "delete" 'deleted' k delete kv "$(name gone)"
until_ "to delete the object is to delete the key" '"errorCode":100' answer gone
until_ "it does not come back" 'NotFound' k get kv "$(name gone)"
until_ "delete all of them" 'deleted' k delete kv --all
until_ "which is taken for an accident" '"value":"one"' answer kept
until_ "the objects come back" 'Value +one' k get kv "$(name kept)" -o wide
until_ "and say so" '^EditApplied=False ManyDeleted ' condition kept

ask -XDELETE "$url/v2/keys/$folder?recursive=true" >/dev/null
until_ "keys that are deleted are shown no more" '^$' k get kv --field-selector "spec.key=$(key kept)" -o name
echo "$done_checks $failed"
