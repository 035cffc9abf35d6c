# Sourced: endpoint, alarm, defrag, snapshot, downgrade, move-leader, member, version, completion, help. What differs is refused and says what is there instead.

server() {
  check 'version' $'etcdctl version: 3.6.16\nAPI version: 3.6' ctl version
  check 'help' 1 eval "ctl help | grep -c 'A simple command line client for etcd3'"
  check 'completion' yes eval "ctl completion bash | grep -q __start_etcdctl && echo yes"
  check 'endpoint health' 'http://STORE is healthy: successfully committed proposal: took = TIME' ctl endpoint health
  check 'endpoint health --cluster' healthy eval "ctl endpoint health --cluster | grep -o healthy"
  check 'endpoint status' 'http://STORE, ID, 3.6.16, 3.6.0, true, false' \
    eval "ctl endpoint status | sed -E 's|, [0-9a-f]+,|, ID,|' | cut -d, -f1-4,9,10"
  check 'endpoint status -w json' '"version":"3.6.16" "storageVersion":"3.6.0"' \
    eval "echo \$(ctl endpoint status -w json | grep -oE '\"(version|storageVersion)\":\"[^\"]*\"')"
  check 'endpoint hashkv is the same twice' same eval '[ "$(ctl endpoint hashkv)" = "$(ctl endpoint hashkv)" ] && echo same'
  check 'endpoint hashkv --rev' "http://STORE, HASH, REVISION" eval 'ctl endpoint hashkv --rev "$(revision)" | sed -E "s/, [0-9]+, [0-9]+$/, HASH, REVISION/"'
  check 'alarm list' '' ctl alarm list
  check 'alarm disarm' '' ctl alarm disarm
  check 'defrag' 'Finished defragmenting etcd member[http://STORE]. took TIME' ctl defrag
  differ 'snapshot save' $'Snapshot saved at FILE\nServer version 3.6.0' "$SNAPSHOT" 'there is no database file; kubekv export writes the keys' saved
  differ 'move-leader' $'Leadership transferred from ID to ID' "$(refused "$MOVE_LEADER")" 'who writes is settled by a Lease; kubekv pass-over hands it over' moved
  differ 'downgrade validate' "$(refused 'etcdserver: invalid downgrade target version')" "$(refused "$DOWNGRADE")" 'there is no etcd to downgrade' ctl downgrade validate 3.2
  differ 'downgrade cancel' 'Downgrade cancel success, cluster version 3.6' "$(refused "$DOWNGRADE")" 'there is no etcd to downgrade' ctl downgrade cancel
}

SNAPSHOT=$'Error: rpc error: code = Unimplemented desc = kubekv: there is no database file to save; use kubekv export and kubekv import\nexit 5'
MOVE_LEADER='rpc error: code = Unimplemented desc = kubekv: use kubekv pass-over, or stop the replica that writes'
DOWNGRADE='rpc error: code = Unimplemented desc = kubekv: there is no etcd to downgrade; the version of kubekv is that of its image'
REPLICAS="rpc error: code = Unimplemented desc = kubekv: the members are kubekv's replicas: scale its Deployment (kubectl scale, or replicas of the Helm chart)"

saved() {
  local code=0
  ctl snapshot save "$folder/snapshot" >"$folder/saving" 2>&1 || code=$?
  sed -E "s|$folder/snapshot|FILE|; s/^Error: .*(rpc error: code = Unimplemented desc = )/Error: \1/" "$folder/saving"
  return $code
}

member_id() { ctl member list | cut -d, -f1; }

moved() {
  local code=0
  ctl move-leader "$(member_id)" >"$folder/moving" 2>&1 || code=$?
  sed -E 's/ +[0-9a-f]{10,16}/ ID/g' "$folder/moving"
  return $code
}

# A learner that never starts: it has no vote, so that etcd goes on. etcdctl pads identifiers with spaces (%16x).
members() {
  local added=1
  check 'member list' 'ID, started, true, http://STORE, false' \
    eval "ctl member list | sed -E 's/^[0-9a-f]+,/ID,/' | awk -F', ' -v OFS=', ' '{print \$1, \$2, (\$3 != \"\" ? \"true\" : \"false\"), \$5, \$6}'"
  differ 'member add' 'Member ID added as learner to cluster ID' "$(refused "$REPLICAS")" 'replicas are scaled in Kubernetes' added
  [ "$store" = kubekv ] || added=$(ctl member list | sed -n 's/, unstarted.*//p')
  differ 'member update' "Member $added updated in cluster ID" "$(refused "$REPLICAS")" 'replicas are scaled in Kubernetes' \
    eval "ctl member update $added --peer-urls http://127.0.0.1:2 2>&1 | sed -E 's/ +/ /g; s/ [0-9a-f]{10,16}\$/ ID/'; exit \${PIPESTATUS[0]}"
  differ 'member promote' "$(refused 'etcdserver: can only promote a learner member which is in sync with leader')" "$(refused "$REPLICAS")" \
    'replicas are scaled in Kubernetes' ctl member promote "$added"
  differ 'member remove' "Member $added removed from cluster ID" "$(refused "$REPLICAS")" 'replicas are scaled in Kubernetes' \
    eval "ctl member remove $added 2>&1 | sed -E 's/ +/ /g; s/ [0-9a-f]{10,16}\$/ ID/'; exit \${PIPESTATUS[0]}"
}

added() {
  local code=0
  ctl member add later --learner --peer-urls http://127.0.0.1:1 >"$folder/adding" 2>&1 || code=$?
  sed -E 's/ +[0-9a-f]{10,16}/ ID/g' "$folder/adding" | grep -E 'Member|Error'
  return $code
}
