#!/usr/bin/env bash
# Uses a store through etcdctl 3.6 and says of each command whether it answered as etcd does: "ok NAME", "differs NAME: REASON" where kubekv is known to
# answer otherwise and did so, or "not ok NAME" with the difference. usage: etcdctl-v3.sh URL STORE; the program is E2E_ETCDCTL
set -uo pipefail
url=$1 store=$2
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$folder"' EXIT
parts=$(dirname "${BASH_SOURCE[0]}")/etcdctl-v3
for part in checks keys transactions leases watches recipes server users; do . "$parts/$part.sh" || exit; done

keys
transactions
leases
watches
recipes
history
server
members
users
ctl del --prefix ctl/ >/dev/null
