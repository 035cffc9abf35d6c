package main

import (
	"fmt"
	"net/rpc"
	"slices"
	"strings"
	"time"

	"github.com/docker/libnetwork/datastore"
)

const (
	counted       = "counted"
	countsBefore  = 130
	countsAfter   = 270
	networks      = 40
	longestChange = 5 * time.Second
)

func networkNames() []string {
	names := make([]string, networks)
	for i := range names {
		names[i] = fmt.Sprintf("net%02d", i)
	}
	return names
}

// makeNetworks has both make the same ones, and hands on who made which.
func makeNetworks(engines []*rpc.Client) map[string]string {
	names := networkNames()
	made := both[[]string, []string](engines, "Networks", names, names)
	check("each network has one maker", sorted(slices.Concat(made...)), names)
	makers := map[string]string{}
	for i, engine := range []string{"a", "b"} {
		for _, name := range made[i] {
			makers[name] = engine
		}
	}
	return makers
}

// countEndpoints has both count down and then up, and somebody watch it. So the last count is one that is not there before.
// On ZooKeeper libkv misses what happens between an event and its next watch: there nobody watches.
func countEndpoints(engines []*rpc.Client, store datastore.DataStore, unwatched bool) {
	count := &record{kind: endpointCountKind, ID: counted, Count: countsBefore}
	must(store.PutObjectAtomic(count))
	seen := func() {}
	if !unwatched {
		seen = watchCount(store, count)
	}
	lost := both[Steps, int](engines, "Count", Steps{counted, 60, 150}, Steps{counted, 70, 120})
	check("endpoint count", one[int](engines[0], "EndpointCount", counted), countsAfter)
	check("the two came into each other's way", lost[0]+lost[1] > 0, true)
	seen()
}

// watchCount begins a watch, whose end it hands on: when it has been told of the last count.
func watchCount(store datastore.DataStore, count *record) func() {
	stop := make(chan struct{})
	changes, err := store.Watch(count, stop)
	must(err)
	seen := make(chan struct{})
	go func() {
		for (<-changes).(*record).Count != countsAfter {
		}
		close(seen)
	}()
	return func() {
		defer close(stop)
		select {
		case <-seen:
			check("a watch sees the endpoint count", countsAfter, countsAfter)
		case <-time.After(longestChange):
			check("a watch sees the endpoint count", "nothing", countsAfter)
		}
	}
}

func deleteNetworks(engines []*rpc.Client, later *rpc.Client) {
	names := networkNames()
	deleted := both[[]string, []string](engines, "DeleteNetworks", names, names)
	// Consul takes a conditional delete of what is gone already for done, so both may have been told so
	check("each network is deleted by one at least", slices.Compact(sorted(slices.Concat(deleted...))), names)
	check("no network is left", one[map[string]string](later, "ListNetworks", true), map[string]string{})
}

// nothingIsLeft but the parents, which are empty, and the list of subnets, which is.
func nothingIsLeft(url string, store datastore.DataStore) {
	must(store.DeleteObject(&record{kind: endpointCountKind, ID: counted}))
	left := []string{}
	for _, pair := range everything(url, store) {
		if len(pair.Value) > 0 {
			left = append(left, strings.Trim(pair.Key, "/"))
		}
	}
	check("nothing is left but parents", left, []string{strings.Trim(datastore.Key(subnetLists, addressSpace), "/")})
}
