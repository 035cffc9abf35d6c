# Sourced: watch and make-mirror.

watches() {
  local from
  soon ctl put ctl/w/k now
  check 'watch' $'PUT\nctl/w/k\nnow' until_said 3 watch ctl/w/k
  from=$(($(revision) + 1))
  ctl put ctl/w/k 1 >/dev/null
  ctl put ctl/w/j 2 >/dev/null
  ctl del ctl/w/k >/dev/null
  ctl put ctl/x/k 3 >/dev/null
  check 'watch --rev of a key' $'PUT\nctl/w/k\n1\nDELETE\nctl/w/k' until_said 6 watch ctl/w/k --rev "$from"
  check 'watch --prefix' $'PUT\nctl/w/k\n1\nPUT\nctl/w/j\n2\nDELETE\nctl/w/k' until_said 9 watch --prefix ctl/w/ --rev "$from"
  check 'watch --prev-kv' $'PUT\nctl/w/k\nnow\nctl/w/k\n1\nDELETE\nctl/w/k\n1\nctl/w/k' until_said 10 watch --prev-kv ctl/w/k --rev "$from"
  check 'watch of a range' $'PUT\nctl/w/j\n2' until_said 3 watch ctl/w/a ctl/w/k --rev "$from"
  check 'watch with a command' $'"ctl/w/j" "2" "PUT"' \
    eval "until_said 4 watch ctl/w/j --rev $from -- sh -c 'echo \$ETCD_WATCH_KEY \$ETCD_WATCH_VALUE \$ETCD_WATCH_EVENT_TYPE' | tail -1"
  check 'watch of several, interactively' $'PUT\nctl/w/j\n2\nPUT\nctl/x/k\n3' interactive_watches "$from"
  check 'watch -w json' '"type":1' eval "until_said 2 watch ctl/w/k --rev $from -w json | grep -o '\"type\":1'"
  check 'watch --progress-notify' $'PUT\nctl/w/j\n2' until_said 3 watch --progress-notify ctl/w/j --rev "$from"
  check 'make-mirror' $'ctl/mirror/j\n2' mirrored
}

# Two watches and a request for progress through one stream: what is told, in the order in which it was put.
interactive_watches() {
  local said=$folder/interactive
  { echo "watch ctl/w/j --rev $1"; sleep 0.5; echo "watch --rev $1 ctl/x/k"; sleep 0.5; echo progress; sleep 0.5; } |
    timeout 10 "$E2E_ETCDCTL" --endpoints "$url" watch -i >"$said" 2>&1 &
  wait $!
  grep -vE '^progress|^Error: error reading watch request line: EOF' "$said"
}

mirrored() {
  timeout 10 "$E2E_ETCDCTL" --endpoints "$url" make-mirror --prefix ctl/w/ --dest-prefix ctl/mirror/ "${url#http://}" >/dev/null 2>&1 &
  local pid=$!
  for _ in $(seq 80); do
    [ -z "$(ctl get ctl/mirror/j)" ] || break
    sleep 0.1
  done
  kill $pid
  wait $pid 2>/dev/null
  ctl get ctl/mirror/j
}
