# Sourced: lease grant, revoke, timetolive, list, keep-alive.

grant() { ctl lease grant "$1" | cut -d' ' -f2; }

leases() {
  local long brief
  check 'lease grant' 'lease ID granted with TTL(100s)' eval 'ctl lease grant 100 | sed -E "s/[0-9a-f]{16}/ID/"'
  check 'lease grant takes the least' 'TTL(2s)' eval 'ctl lease grant 1 | grep -o "TTL.*"'
  check 'lease grant of too much' "$(refused 'failed to grant lease (etcdserver: too large lease TTL)')" ctl lease grant 9000000001
  long=$(grant 100)
  check 'put --lease' OK ctl put ctl/l/1 x --lease="$long"
  ctl put ctl/l/2 y --lease="$long" >/dev/null
  check 'the key shows its lease' "$((16#$long))" field ctl/l/1 lease
  check 'lease timetolive' 'granted with TTL(100s), remaining' eval "ctl lease timetolive $long | grep -oE 'granted with TTL.100s., remaining'"
  check 'lease timetolive --keys' 'ctl/l/1 ctl/l/2' eval "echo \$(ctl lease timetolive $long --keys | grep -o 'ctl/l/[0-9]' | sort)"
  check 'lease list' "$long" eval "ctl lease list | grep $long"
  check 'put without a lease lets it go' 'attached keys([ctl/l/1])' eval "ctl put ctl/l/2 y >/dev/null; ctl lease timetolive $long --keys | grep -o 'attached.*'"
  check 'put --ignore-lease keeps it' "$((16#$long))" eval 'ctl put ctl/l/1 z --ignore-lease >/dev/null; field ctl/l/1 lease'
  check 'put --ignore-lease of a missing key' "$(refused 'etcdserver: key not found')" ctl put ctl/nope x --ignore-lease
  check 'lease keep-alive --once' "lease $long keepalived with TTL(100)" ctl lease keep-alive --once "$long"
  check 'lease keep-alive' "lease $long keepalived with TTL(100)" until_said 1 lease keep-alive "$long"
  check 'lease revoke' "lease $long revoked" ctl lease revoke "$long"
  check 'lease revoke takes its keys' $'ctl/l/2\ny' ctl get --prefix ctl/l/
  check 'lease revoke again' "$(refused 'failed to revoke lease (etcdserver: requested lease not found)')" ctl lease revoke "$long"
  check 'lease timetolive of one that has ended' "lease $long already expired" ctl lease timetolive "$long"
  check 'lease keep-alive of one that has ended' "$(printf 'lease %s expired or revoked.\n' "$long")" ctl lease keep-alive "$long"
  brief=$(grant 2)
  ctl put ctl/l/3 brief --lease="$brief" >/dev/null
  until_gone ctl/l/3
  check 'a lease that runs out takes its keys' '' ctl get ctl/l/3
  check 'and is gone' "lease $brief already expired" ctl lease timetolive "$brief"
}
