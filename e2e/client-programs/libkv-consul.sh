#!/usr/bin/env bash
# Uses a store through libkv's Consul store. usage: libkv-consul.sh URL
exec "$(dirname "${BASH_SOURCE[0]}")/go.sh" libkv consul "$1"
