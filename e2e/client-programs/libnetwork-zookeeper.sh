#!/usr/bin/env bash
# Allocates networks, subnets and addresses through Docker's libnetwork on ZooKeeper. usage: libnetwork-zookeeper.sh URL
exec "$(dirname "${BASH_SOURCE[0]}")/go.sh" libnetwork "zk://${1#http://}"
