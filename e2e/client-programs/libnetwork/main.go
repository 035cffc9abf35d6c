// Two engines, each a process of its own, allocate subnets, addresses, networks and endpoint counts at the same time through Docker's libnetwork, on Consul or ZooKeeper.
// Says of each thing whether it went as it must: "ok NAME" or "not ok NAME" with the difference. usage: program http://HOST:PORT|zk://HOST:PORT
package main

import (
	"fmt"
	"net/rpc"
	"os"
	"slices"
	"strings"

	kv "github.com/docker/libkv/store"
	"github.com/docker/libnetwork/datastore"
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
	clear(url, store)
	engines := []*rpc.Client{start(url, "a"), start(url, "b")}
	subnets := takeSubnets(engines)
	held := takeAddresses(engines)
	comeAndGo(engines)
	made := makeNetworks(engines)
	countEndpoints(engines, store, onZooKeeper(url))
	later := start(url, "c")
	sees(later, subnets, held, made)
	releaseAddresses(engines, later, held)
	releaseSubnets(engines, later, subnets)
	deleteNetworks(engines, later)
	nothingIsLeft(url, store)
	for _, engine := range append(engines, later) {
		must(engine.Close())
	}
	clear(url, store)
}

func onZooKeeper(url string) bool { return strings.HasPrefix(url, "zk:") }

// clear deletes what is there. On ZooKeeper libkv's trees are a node's children, and those may have no children of their own.
func clear(url string, store datastore.DataStore) {
	if !onZooKeeper(url) {
		_ = store.KVStore().DeleteTree(root + "/")
		return
	}
	for _, pair := range slices.Backward(everything(url, store)) {
		must(store.KVStore().Delete(pair.Key))
	}
}

// everything is what is there, parents first.
func everything(url string, store datastore.DataStore) []*kv.KVPair {
	if onZooKeeper(url) {
		return below(store.KVStore(), root)
	}
	pairs, err := store.KVStore().List(root + "/")
	must(err)
	return pairs
}

// below is the tree of a node, for ZooKeeper's list is of children alone.
func below(store kv.Store, directory string) []*kv.KVPair {
	children, err := store.List(directory)
	if err == kv.ErrKeyNotFound {
		return nil
	}
	must(err)
	var all []*kv.KVPair
	for _, child := range children {
		child.Key = directory + "/" + child.Key
		all = append(append(all, child), below(store, child.Key)...)
	}
	return all
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
