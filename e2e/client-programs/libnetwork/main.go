// Two engines, each a process of its own, allocate subnets, addresses, networks and endpoint counts at the same time through Docker's libnetwork, on Consul.
// Says of each thing whether it went as it must: "ok NAME" or "not ok NAME" with the difference. usage: program URL
package main

import (
	"fmt"
	"net/rpc"
	"os"
)

const root = "libnetwork"

func main() {
	switch len(os.Args) {
	case 2:
		run(os.Args[1])
	case 3:
		serve(os.Args[1], os.Args[2])
	default:
		fmt.Fprintln(os.Stderr, "usage: program URL")
		os.Exit(2)
	}
}

func run(url string) {
	store := connect(url)
	_ = store.KVStore().DeleteTree(root + "/")
	engines := []*rpc.Client{start(url, "a"), start(url, "b")}
	subnets := takeSubnets(engines)
	held := takeAddresses(engines)
	comeAndGo(engines)
	made := makeNetworks(engines)
	countEndpoints(engines, store)
	later := start(url, "c")
	sees(later, subnets, held, made)
	releaseAddresses(engines, later, held)
	releaseSubnets(engines, later, subnets)
	deleteNetworks(engines, later)
	nothingIsLeft(store)
	for _, engine := range append(engines, later) {
		must(engine.Close())
	}
	must(store.KVStore().DeleteTree(root + "/"))
}

func must(err error) {
	if err != nil {
		fmt.Printf("not ok libnetwork: breaks off\n    %v\n", err)
		os.Exit(1)
	}
}

// check compares the two as they are printed.
func check(name string, found, expected any) {
	if one, other := fmt.Sprint(found), fmt.Sprint(expected); one == other {
		fmt.Printf("ok libnetwork %s\n", name)
	} else {
		fmt.Printf("not ok libnetwork %s\n    expected %q\n    found    %q\n", name, other, one)
	}
}
