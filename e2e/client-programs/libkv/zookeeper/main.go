// Uses a store through libkv's ZooKeeper store and says of each thing whether it went as on ZooKeeper: "ok NAME" or "not ok NAME".
// libkv does not do on ZooKeeper what it does on etcd and Consul: what it does there is what is expected. usage: program URL
package main

import (
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/docker/libkv"
	"github.com/docker/libkv/store"
	"github.com/docker/libkv/store/zookeeper"
	"github.com/go-zookeeper/zk"
)

const root = "libkv"

var address string

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: program URL")
		os.Exit(2)
	}
	zk.DefaultLogger = log.New(io.Discard, "", 0)
	zookeeper.Register()
	place, err := url.Parse(os.Args[1])
	must(err)
	address = place.Host
	client := connect()
	values(client)
	conditions(client)
	trees(client)
	watches(client)
	mortal(client)
	locks()
}

// a client of its own; without a configuration, as Docker makes it
func connect() store.Store {
	client, err := libkv.NewStore(store.ZK, []string{address}, nil)
	must(err)
	return client
}

func must(err error) {
	if err != nil {
		fmt.Printf("not ok libkv-zk: breaks off\n    %v\n", err)
		os.Exit(1)
	}
}

// check compares the two as they are printed.
func check(name string, found, expected any) {
	if one, other := fmt.Sprint(found), fmt.Sprint(expected); one == other {
		fmt.Printf("ok libkv-zk %s\n", name)
	} else {
		fmt.Printf("not ok libkv-zk %s\n    expected %q\n    found    %q\n", name, other, one)
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

// told is a list of pairs in one line; ZooKeeper tells children in any order.
func told(pairs []*store.KVPair) string {
	var texts []string
	for _, pair := range pairs {
		texts = append(texts, fmt.Sprintf("%s=%s", pair.Key, pair.Value))
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

func list(client store.Store, key string) string {
	pairs, err := client.List(key)
	if err != nil {
		return err.Error()
	}
	return told(pairs)
}

// within waits until something holds, and says whether it did.
func within(longest time.Duration, holds func() bool) bool {
	begun := time.Now()
	for !holds() {
		if time.Since(begun) > longest {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}
