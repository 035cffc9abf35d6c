#!/usr/bin/env bash
# Uses a store through libkv's ZooKeeper store. usage: libkv-zookeeper.sh URL
exec "$(dirname "${BASH_SOURCE[0]}")/go.sh" libkv/zookeeper "$1"
