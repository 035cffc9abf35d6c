#!/usr/bin/env bash
# Uses a store through etcdctl of etcd v2 and says of each command whether it answered as etcd does: "ok NAME" or "not ok NAME" with the difference.
# usage: etcdctl.sh URL
set -uo pipefail
url=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export ETCDCTL_API=2

ctl() { timeout 20 etcdctl --endpoints "$url" "$@"; }

# check NAME EXPECTED COMMAND...: standard output and errors must be EXPECTED; a failing command's code follows as "exit N".
# Indexes and member ids differ from store to store and are left out.
check() {
  local name=$1 expected=$2 actual code=0
  shift 2
  actual=$("$@" 2>&1) || code=$?
  [ $code -eq 0 ] || actual+=$'\n'"exit $code"
  actual=$(normalize <<<"$actual")
  if [ "$actual" = "$expected" ]; then
    echo "ok etcdctl $name"
  else
    echo "not ok etcdctl $name"
    diff <(echo "$expected") <(echo "$actual") | sed -n '/^[<>]/{s/^</    expected /;s/^>/    found    /;p}'
  fi
}

normalize() {
  sed -E -e 's/ \[[0-9]+\]$/ [INDEX]/' -e 's/^((Created-|Modified-)?Index|ETCD_WATCH_MODIFIED_INDEX)([:=] ?)[0-9]+$/\1\3INDEX/' \
    -e 's/"(created|modified)Index":[0-9]+/"\1Index":INDEX/g' -e 's/\[[0-9]+ != [0-9]+\]/[INDEX != INDEX]/' \
    -e 's/[0-9]{20}$/IN-ORDER/' -e 's/^[0-9a-f]{6,16}: name=[^ ]+ peerURLs=[^ ]*/ID: name=NAME peerURLs=URL/' -e 's/^member [0-9a-f]{6,16} /member ID /'
}

# run a command beside the rest once a watch has had time to begin
soon() { (sleep 1; "$@" >/dev/null 2>&1) & }

index_of() { ctl -o extended get "$1" | sed -n 's/^Modified-Index: //p'; }

until_gone() {
  for _ in $(seq 60); do
    ctl get "$1" >/dev/null 2>&1 || return 0
    sleep 0.1
  done
}

# watch until killed: the command's output in the first seconds
for_seconds() {
  timeout "$1" etcdctl --endpoints "$url" "${@:2}" || true
}

keys() {
  check 'set' one ctl set /c/a one
  check 'get' one ctl get /c/a
  check 'get extended' $'Key: /c/a\nCreated-Index: INDEX\nModified-Index: INDEX\nTTL: 0\nIndex: INDEX\n\none' ctl -o extended get /c/a
  check 'get json' '{"action":"get","node":{"key":"/c/a","value":"one","nodes":null,"createdIndex":INDEX,"modifiedIndex":INDEX},"prevNode":null}' ctl -o json get /c/a
  check 'get with quorum' one ctl get --quorum /c/a
  check 'mk' two ctl mk /c/b two
  check 'mk of a key that exists' $'Error:  105: Key already exists (/c/b) [INDEX]\nexit 4' ctl mk /c/b three
  check 'update' uno ctl update /c/a uno
  check 'update of a missing key' $'Error:  100: Key not found (/c/nope) [INDEX]\nexit 4' ctl update /c/nope x
  check 'get of a missing key' $'Error:  100: Key not found (/c/nope) [INDEX]\nexit 4' ctl get /c/nope
  check 'get of a directory' $'/c: is a directory\nexit 1' ctl get /c
  check 'set below a file' $'Error:  104: Not a directory (/c/b) [INDEX]\nexit 4' ctl set /c/b/under x
  check 'set of the root' $'Error:  107: Root is read only (/) [INDEX]\nexit 4' ctl set / x
  check 'set of odd characters' $'a b\nc+d & ü %41' ctl set /c/odd $'a b\nc+d & ü %41'
  check 'get of odd characters' $'a b\nc+d & ü %41' ctl get /c/odd
  check 'odd key' 'v' ctl set '/c/k:1 +&ü' v
  check 'get of an odd key' 'v' ctl get '/c/k:1 +&ü'
  check 'rm of a missing key' $'Error:  100: Key not found (/c/nope) [INDEX]\nexit 4' ctl rm /c/nope
  check 'rm' 'PrevNode.Value: v' ctl rm '/c/k:1 +&ü'
}

directories() {
  check 'mkdir' '' ctl mkdir /c/d
  check 'mkdir of a directory that exists' $'Error:  105: Key already exists (/c/d) [INDEX]\nexit 4' ctl mkdir /c/d
  check 'setdir' '' ctl setdir /c/e
  check 'setdir of a directory that exists' $'Error:  102: Not a file (/c/e) [INDEX]\nexit 4' ctl setdir /c/e
  check 'updatedir' '' ctl updatedir --ttl 100 /c/e
  check 'ls' $'/c/a\n/c/b\n/c/d\n/c/e\n/c/odd' ctl ls --sort /c
  check 'ls -r -p' $'/c/\n/c/a\n/c/b\n/c/d/\n/c/e/\n/c/odd' ctl ls -r -p --sort /
  check 'ls of a missing directory' $'Error:  100: Key not found (/nope) [INDEX]\nexit 4' ctl ls /nope
  check 'rm of a directory' $'Error:  102: Not a file (/c/d) [INDEX]\nexit 4' ctl rm /c/d
  check 'rmdir of a full directory' $'Error:  108: Directory not empty (/c) [INDEX]\nexit 4' ctl rmdir /c
  check 'rm --dir' '' ctl rm --dir /c/d
  check 'rmdir' '' ctl rmdir /c/e
  check 'set in a new directory' 1 ctl set /c/deep/er/k 1
  check 'rm -r' '' ctl rm -r /c/deep
  check 'ls after rm -r' $'/c/a\n/c/b\n/c/odd' ctl ls --sort /c
  check 'hidden key' 1 ctl set /c/_hidden 1
  check 'ls leaves a hidden key out' $'/c/a\n/c/b\n/c/odd' ctl ls --sort /c
  check 'get of a hidden key' 1 ctl get /c/_hidden
  check 'mk --in-order' first ctl mk --in-order /c/q first
  check 'mk --in-order again' second ctl mk --in-order /c/q second
  check 'ls of in-order keys' $'/c/q/IN-ORDER\n/c/q/IN-ORDER' ctl ls --sort /c/q
}

conditions() {
  check 'set --swap-with-value' ein ctl set --swap-with-value uno /c/a ein
  check 'set --swap-with-value refused' $'Error:  101: Compare failed ([uno != ein]) [INDEX]\nexit 4' ctl set --swap-with-value uno /c/a zwei
  check 'set --swap-with-index' eins ctl set --swap-with-index "$(index_of /c/a)" /c/a eins
  check 'set --swap-with-index refused' $'Error:  101: Compare failed ([INDEX != INDEX]) [INDEX]\nexit 4' ctl set --swap-with-index 3 /c/a x
  check 'rm --with-value refused' $'Error:  101: Compare failed ([no != eins]) [INDEX]\nexit 4' ctl rm --with-value no /c/a
  check 'rm --with-value' '' ctl rm --with-value eins /c/a
  check 'rm --with-index' '' ctl rm --with-index "$(index_of /c/b)" /c/b
}

time_to_live() {
  check 'set --ttl' brief ctl set --ttl 1 /c/t brief
  until_gone /c/t
  check 'get after the ttl' $'Error:  100: Key not found (/c/t) [INDEX]\nexit 4' ctl get /c/t
  check 'set --ttl for long' long ctl set --ttl 100 /c/t long
  check 'update takes the ttl away' $'Key: /c/t\nCreated-Index: INDEX\nModified-Index: INDEX\nTTL: 0\nIndex: INDEX\n\nlonger' \
    eval 'ctl update /c/t longer >/dev/null; ctl -o extended get /c/t'
  check 'setdir --ttl' '' ctl setdir --ttl 2 /c/td
  check 'set in a directory that expires' 1 ctl set /c/td/x 1
  until_gone /c/td/x
  check 'ls after the directory expired' $'Error:  100: Key not found (/c/td) [INDEX]\nexit 4' ctl ls /c/td
}

watches() {
  soon ctl set /w/k now
  check 'watch' now ctl watch /w/k
  soon ctl rm /w/k
  check 'watch -r sees a delete' $'[delete] /w/k\nPrevNode.Value: now' ctl watch -r /w
  ctl set /w/past before >/dev/null
  local after=$(($(index_of /w/past) - 1))
  check 'watch --after-index' $'[set] /w/past\nbefore' ctl watch --after-index "$after" -r /w
  (sleep 1; ctl set --ttl 1 /w/f fleeting; until_gone /w/f) >/dev/null 2>&1 &
  check 'watch --forever' $'[set] /w/f\nfleeting\n[expire] /w/f' eval 'for_seconds 4 watch --forever -r /w | sed "/^$/d;/^PrevNode/d"'
  (sleep 1; ctl set /w/x seen; ctl rm /w/x) >/dev/null 2>&1 &
  check 'exec-watch' $'ETCD_WATCH_ACTION=delete\nETCD_WATCH_ACTION=set\nETCD_WATCH_KEY=/w/x\nETCD_WATCH_KEY=/w/x\nETCD_WATCH_VALUE=\nETCD_WATCH_VALUE=seen' \
    eval "for_seconds 3 exec-watch --recursive /w -- sh -c 'env | grep ^ETCD_WATCH_[AKV]' | grep ^ETCD_ | sort"
  wait
}

cluster() {
  check 'member list' "ID: name=NAME peerURLs=URL clientURLs=$url isLeader=true" ctl member list
  check 'cluster-health' $'member ID is healthy: got healthy result from '"$url"$'\ncluster is healthy' ctl cluster-health
}

keys
directories
conditions
time_to_live
watches
cluster
ctl rm -r /c >/dev/null
ctl rm -r /w >/dev/null
