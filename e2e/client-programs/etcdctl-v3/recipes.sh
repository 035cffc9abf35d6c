# Sourced: lock and elect.

recipes() {
  local pid
  check 'lock with a command' 'held ctl/lock/ID' eval "ctl lock ctl/lock -- sh -c 'echo held \$ETCD_LOCK_KEY' | sed -E 's|/[0-9a-f]+\$|/ID|'"
  check 'lock is free again' '' ctl get --prefix ctl/lock/
  check 'lock tells its key' 'ctl/lock/ID' eval "until_said 1 lock ctl/lock | sed -E 's|/[0-9a-f]+\$|/ID|'"
  check 'lock waits for another' 'second after first' waits
  check 'elect' $'ctl/elect/ID\nme' eval "until_said 2 elect ctl/elect me | sed -E 's|/[0-9a-f]+\$|/ID|'"
  "$E2E_ETCDCTL" --endpoints "$url" elect ctl/elect leader >"$folder/leader" 2>&1 </dev/null &
  pid=$!
  for _ in $(seq 100); do [ ! -s "$folder/leader" ] || break; sleep 0.1; done
  check 'elect --listen' $'ctl/elect/ID\nleader' eval "until_said 2 elect --listen ctl/elect | sed -E 's|/[0-9a-f]+\$|/ID|'"
  kill $pid
  wait $pid 2>/dev/null
}

# A second lock is had when the command of the first has ended.
waits() {
  ctl lock ctl/lock2 -- sh -c 'sleep 1.5; echo first' >"$folder/first" 2>&1 &
  sleep 0.5
  ctl lock ctl/lock2 -- sh -c 'echo second after $(cat '"$folder"'/first)'
  wait $!
}
