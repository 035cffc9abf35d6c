#!/usr/bin/env bash
# Uses a store through libkv's etcd store. usage: libkv-etcd.sh URL
exec "$(dirname "${BASH_SOURCE[0]}")/go.sh" libkv etcd "$1"
