#!/usr/bin/env bash
# Allocates networks, subnets and addresses through Docker's libnetwork on Consul. usage: libnetwork-consul.sh URL
exec "$(dirname "${BASH_SOURCE[0]}")/go.sh" libnetwork "$1"
