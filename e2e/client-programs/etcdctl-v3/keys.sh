# Sourced: put, get, del, compaction.

keys() {
  check 'put' OK ctl put ctl/a one
  check 'get' $'ctl/a\none' ctl get ctl/a
  check 'get --print-value-only' one ctl get ctl/a --print-value-only
  check 'get of a missing key' '' ctl get ctl/nope
  check 'put --prev-kv' $'OK\nctl/a\none' ctl put ctl/a two --prev-kv
  check 'put --prev-kv of a new key' OK ctl put ctl/b x --prev-kv
  check 'put --ignore-value' OK ctl put ctl/a --ignore-value
  check 'get after it' $'ctl/a\ntwo' ctl get ctl/a
  check 'put --ignore-value of a missing key' "$(refused 'etcdserver: key not found')" ctl put ctl/nope --ignore-value
  check 'put of an unknown lease' "$(refused 'etcdserver: requested lease not found')" ctl put ctl/a x --lease=1234
  check 'put without a key' "$(refused 'etcdserver: key is not provided')" ctl put '' x
  check 'put of nothing' OK ctl put ctl/empty ''
  check 'get of nothing' 'ctl/empty' eval 'ctl get ctl/empty | head -1'
  check 'put of odd characters' OK ctl put 'ctl/k:1 +&ü' $'a b\nc+d & ü %41'
  check 'get of odd characters' $'ctl/k:1 +&ü\na b\nc+d & ü %41' ctl get 'ctl/k:1 +&ü'
  check 'get --hex' $'\\x63\\x74\\x6c\\x2f\\x61\n\\x74\\x77\\x6f' ctl get ctl/a --hex
  check 'put of a value from standard input' OK eval 'printf "from a pipe" | ctl put ctl/pipe'
  check 'get of it' 'from a pipe' ctl get ctl/pipe --print-value-only
  check 'version counts puts' '3 1' eval 'echo $(field ctl/a version) $(field ctl/b version)'
  check 'get -w json' '{"header":{"cluster_id":N,"member_id":N,"revision":N,"raft_term":N},"kvs":[{"key":"Y3RsL2I=","create_revision":R,"mod_revision":R,"version":1,"value":"eA=="}],"count":1}' \
    eval 'ctl get ctl/b -w json | sed -E "s/(create|mod)_revision\":[0-9]+/\1_revision\":R/g"'
  check 'get -w fields' $'"Key" : "ctl/b"\n"Version" : 1\n"Value" : "x"\n"Lease" : 0\n"More" : false\n"Count" : 1' \
    eval 'ctl get ctl/b -w fields | grep -E "Key|Version|Value|Lease|More|Count"'
  check 'get -w protobuf' 1 eval 'ctl get ctl/b -w protobuf | grep -ac ctl/b'
  check 'del' 1 ctl del 'ctl/k:1 +&ü'
  check 'del of a missing key' 0 ctl del ctl/nope
  check 'del --prev-kv' $'1\nctl/pipe\nfrom a pipe' ctl del ctl/pipe --prev-kv
  keys_ranges
}

keys_ranges() {
  local each
  for each in 1 2 3 4 5; do ctl put ctl/r/$each $((6 - each)) >/dev/null; done
  ctl put ctl/r/3 3b >/dev/null
  check 'get --prefix --keys-only' $'ctl/r/1\n\nctl/r/2\n\nctl/r/3\n\nctl/r/4\n\nctl/r/5' ctl get --prefix ctl/r/ --keys-only
  check 'get of a range' $'ctl/r/2\n4\nctl/r/3\n3b' ctl get ctl/r/2 ctl/r/4
  check 'get of an empty range' '' ctl get ctl/r/4 ctl/r/4
  check 'get --from-key' $'ctl/r/5\n1' ctl get --from-key ctl/r/5
  check 'get --limit' $'ctl/r/1\n5\nctl/r/2\n4' ctl get --prefix ctl/r/ --limit 2
  check 'get --limit tells of more' $'"More" : true\n"Count" : 5' eval 'ctl get --prefix ctl/r/ --limit 2 -w fields | grep -E "More|Count"'
  check 'get --count-only' $'"Count" : 5' eval 'ctl get --prefix ctl/r/ --count-only -w fields | grep Count'
  check 'get --order descending' $'ctl/r/5\n1\nctl/r/4\n2' ctl get --prefix ctl/r/ --order DESCEND --limit 2
  check 'get --sort-by value' $'1\n2\n3b\n4\n5' ctl get --prefix ctl/r/ --sort-by VALUE --order ASCEND --print-value-only
  check 'get --sort-by modification' $'3b\n1\n2\n4\n5' ctl get --prefix ctl/r/ --sort-by MODIFY --order DESCEND --print-value-only
  check 'get --sort-by version' $'3b' ctl get --prefix ctl/r/ --sort-by VERSION --order DESCEND --print-value-only --limit 1
  check 'get --sort-by creation' $'1' ctl get --prefix ctl/r/ --sort-by CREATE --order DESCEND --print-value-only --limit 1
  check 'get --consistency serializable' $'ctl/r/1\n5' ctl get ctl/r/1 --consistency=s
  check 'get --min-mod-rev' $'3b' ctl get --prefix ctl/r/ --min-mod-rev "$(field ctl/r/3 mod_revision)" --print-value-only
  check 'get --max-create-rev' $'5' ctl get --prefix ctl/r/ --max-create-rev "$(field ctl/r/1 create_revision)" --print-value-only
  check 'get --min-create-rev' $'2\n1' ctl get --prefix ctl/r/ --min-create-rev "$(field ctl/r/4 create_revision)" --print-value-only
  check 'get --max-mod-rev' $'5\n4' ctl get --prefix ctl/r/ --max-mod-rev "$(field ctl/r/2 mod_revision)" --print-value-only
  check 'del of a range' 2 ctl del --range ctl/r/1 ctl/r/3
  check 'del --prefix --prev-kv' $'3\nctl/r/3\n3b\nctl/r/4\n2\nctl/r/5\n1' ctl del --prefix ctl/r/ --prev-kv
  check 'del --from-key of nothing' 0 ctl del --from-key ctl/zzz
}

# Last, as it takes the past away.
history() {
  local before
  ctl put ctl/h old >/dev/null
  before=$(revision)
  ctl put ctl/h new >/dev/null
  check 'get --rev' $'ctl/h\nold' ctl get ctl/h --rev "$before"
  check 'get --rev of the future' "$(refused 'etcdserver: mvcc: required revision is a future revision')" ctl get ctl/h --rev $((before + 1000))
  check 'compaction' "compacted revision $((before + 1))" ctl compaction $((before + 1))
  check 'compaction again' "$(refused 'etcdserver: mvcc: required revision has been compacted')" ctl compaction $((before + 1))
  check 'compaction --physical' "compacted revision $((before + 2))" eval "ctl put ctl/h newer >/dev/null; ctl compaction --physical $((before + 2))"
  check 'compaction of the future' "$(refused 'etcdserver: mvcc: required revision is a future revision')" ctl compaction $((before + 1000))
  check 'get --rev of the compacted past' "$(refused 'etcdserver: mvcc: required revision has been compacted')" ctl get ctl/h --rev "$before"
  check 'get after a compaction' $'ctl/h\nnewer' ctl get ctl/h
  check 'watch --rev of the compacted past' "$(printf 'watch was canceled (etcdserver: mvcc: required revision has been compacted)\nError: watch is canceled by the server\nexit 5')" \
    ctl watch ctl/h --rev 1
}
