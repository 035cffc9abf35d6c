package main

import (
	"time"

	"github.com/docker/libkv/store"
)

const (
	// etcd's watch begins after the first value has been read: a change in between is missed
	untilItWatches = 300 * time.Millisecond
	longestEvent   = 5 * time.Second
)

func nextValue(events <-chan *store.KVPair) string {
	select {
	case pair, open := <-events:
		if !open {
			return "the end"
		}
		return string(pair.Value)
	case <-time.After(longestEvent):
		return "nothing"
	}
}

func nextList(events <-chan []*store.KVPair) string {
	select {
	case pairs, open := <-events:
		if !open {
			return "the end"
		}
		return told(pairs)
	case <-time.After(longestEvent):
		return "nothing"
	}
}

func watches(s store.Store) {
	watchOfOneKey(s)
	watchOfMissingKey(s)
	watchOfTree(s)
}

func watchOfOneKey(s store.Store) {
	k := root + "/w"
	must(s.Put(k, []byte("one"), nil))
	stop := make(chan struct{})
	events, err := s.Watch(k, stop)
	must(err)
	check("watch: the value at its beginning", nextValue(events), "one")
	time.Sleep(untilItWatches)
	must(s.Put(k, []byte("two"), nil))
	check("watch: a put", nextValue(events), "two")
	must(s.Put(k, []byte("two"), nil))
	check("watch: a put of the same value", nextValue(events), "two")
	must(s.Put(root+"/wx", []byte("x"), nil))
	must(s.Put(k, []byte("three"), nil))
	check("watch: nothing of a key beside it", nextValue(events), "three")
	close(stop)
	// it looks after the next event
	must(s.Put(k, []byte("four"), nil))
	last := nextValue(events)
	if last == "four" {
		last = nextValue(events)
	}
	check("watch: its end", last, "the end")
}

func watchOfMissingKey(s store.Store) {
	k := root + "/later"
	stop := make(chan struct{})
	events, err := s.Watch(k, stop)
	must(err)
	time.Sleep(untilItWatches)
	must(s.Put(k, []byte("there"), nil))
	if onConsul() {
		check("watch of a missing key: its creation", nextValue(events), "there")
	} else {
		check("watch of a missing key ends", nextValue(events), "the end")
	}
	close(stop)
}

func watchOfTree(s store.Store) {
	dir := root + "/tree"
	must(s.Put(dir+"/a", []byte("1"), nil))
	must(s.Put(dir+"/b", []byte("2"), nil))
	stop := make(chan struct{})
	events, err := s.WatchTree(dir, stop)
	must(err)
	check("watch of a tree: its beginning", nextList(events), "libkv/tree/a=1 libkv/tree/b=2 ")
	time.Sleep(untilItWatches)
	must(s.Put(dir+"/c", []byte("3"), nil))
	check("watch of a tree: a new key", nextList(events), "libkv/tree/a=1 libkv/tree/b=2 libkv/tree/c=3 ")
	must(s.Put(dir+"/a", []byte("4"), nil))
	check("watch of a tree: a changed key", nextList(events), "libkv/tree/a=4 libkv/tree/b=2 libkv/tree/c=3 ")
	must(s.Delete(dir + "/b"))
	check("watch of a tree: a deleted key", nextList(events), "libkv/tree/a=4 libkv/tree/c=3 ")
	close(stop)
	must(s.Put(dir+"/d", nil, nil))
	last := nextList(events)
	if last != "the end" {
		last = nextList(events)
	}
	check("watch of a tree: its end", last, "the end")
}

func timeToLive(s store.Store) {
	k := root + "/ttl"
	options := &store.WriteOptions{TTL: 2 * time.Second}
	check("put with a time to live", s.Put(k, []byte("mortal"), options), nil)
	check("it is there", value(s, k), "mortal")
	begun := time.Now()
	for time.Since(begun) < 3500*time.Millisecond {
		time.Sleep(500 * time.Millisecond)
		must(s.Put(k, []byte("mortal"), options))
	}
	check("it lives while it is put again", value(s, k), "mortal")
	gone := func() bool { return value(s, k) == store.ErrKeyNotFound.Error() }
	took, dead := within(5*time.Second, gone)
	// Consul's sessions may end from half the time on: libkv halves it, for Consul doubles it
	check("it is gone when it is no longer put", dead && took > 900*time.Millisecond, true)
}
