// Uses a store through libkv and says of each thing whether it went as on etcd or Consul: "ok NAME" or "not ok NAME" with the difference.
// usage: program etcd|consul URL
package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/docker/libkv"
	"github.com/docker/libkv/store"
	"github.com/docker/libkv/store/consul"
	"github.com/docker/libkv/store/etcd"
)

const root = "libkv"

var (
	backend store.Backend
	address string
)

func main() {
	if len(os.Args) != 3 || (os.Args[1] != "etcd" && os.Args[1] != "consul") {
		fmt.Fprintln(os.Stderr, "usage: program etcd|consul URL")
		os.Exit(2)
	}
	etcd.Register()
	consul.Register()
	place, err := url.Parse(os.Args[2])
	must(err)
	backend, address = store.Backend(os.Args[1]), place.Host
	client := connect()
	_ = client.DeleteTree(root)
	given := stopsWaiting()
	values(client)
	conditions(client)
	trees(client)
	watches(client)
	timeToLive(client)
	locks(client)
	given()
	must(client.DeleteTree(root))
}

// a client of its own; without a configuration, as Docker makes it
func connect() store.Store {
	client, err := libkv.NewStore(backend, []string{address}, nil)
	must(err)
	return client
}

func onConsul() bool { return backend == store.CONSUL }

func must(err error) {
	if err != nil {
		fmt.Printf("not ok libkv-%s: breaks off\n    %v\n", backend, err)
		os.Exit(1)
	}
}

// check compares the two as they are printed.
func check(name string, found, expected any) {
	if one, other := fmt.Sprint(found), fmt.Sprint(expected); one == other {
		fmt.Printf("ok libkv-%s %s\n", backend, name)
	} else {
		fmt.Printf("not ok libkv-%s %s\n    expected %q\n    found    %q\n", backend, name, other, one)
	}
}

// value is what a key holds, or why there is nothing.
func value(client store.Store, key string) string {
	pair, err := client.Get(key)
	if err != nil {
		return err.Error()
	}
	return string(pair.Value)
}

func index(client store.Store, key string) uint64 {
	pair, err := client.Get(key)
	must(err)
	return pair.LastIndex
}

// told is a list of pairs in one line; etcd says the whole path of a key, Consul the key.
func told(pairs []*store.KVPair) string {
	var text bytes.Buffer
	for _, pair := range pairs {
		fmt.Fprintf(&text, "%s=%s ", strings.TrimPrefix(pair.Key, "/"), pair.Value)
	}
	return text.String()
}

func list(client store.Store, key string) string {
	pairs, err := client.List(key)
	if err != nil {
		return err.Error()
	}
	return told(pairs)
}

// within waits until something holds, and says after how long it did.
func within(longest time.Duration, holds func() bool) (time.Duration, bool) {
	begun := time.Now()
	for !holds() {
		if time.Since(begun) > longest {
			return longest, false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(begun), true
}
