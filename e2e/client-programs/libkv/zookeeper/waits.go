package main

import (
	"time"

	"github.com/docker/libkv/store"
	"kubekv.io/e2e/libkv/turns"
)

const (
	rounds = 25
	// a watch begins after the first value has been read: a change in between is missed
	untilItWatches = 300 * time.Millisecond
	longestEvent   = 5 * time.Second
)

func next[T any](events <-chan T, text func(T) string) string {
	select {
	case event, open := <-events:
		if !open {
			return "the end"
		}
		return text(event)
	case <-time.After(longestEvent):
		return "nothing"
	}
}

func held(pair *store.KVPair) string { return string(pair.Value) }

func watches(s store.Store) {
	k := root + "/w"
	must(s.Put(k, []byte("one"), nil))
	stop := make(chan struct{})
	events, err := s.Watch(k, stop)
	must(err)
	check("watch: the value at its beginning", next(events, held), "one")
	for _, value := range []string{"two", "two", "three"} {
		time.Sleep(untilItWatches)
		must(s.Put(k, []byte(value), nil))
		check("watch: a put of "+value, next(events, held), value)
	}
	close(stop)
	check("watch: its end", next(events, held), "the end")
	_, err = s.Watch(root+"/none", nil)
	check("watch of a missing key", err, store.ErrKeyNotFound)
	watchOfTree(s)
}

func watchOfTree(s store.Store) {
	dir := root + "/tree"
	must(s.Put(dir+"/a", []byte("1"), nil))
	stop := make(chan struct{})
	events, err := s.WatchTree(dir, stop)
	must(err)
	check("watch of a tree: its beginning", next(events, told), "a=1")
	time.Sleep(untilItWatches)
	// the event is of the node's creation, which comes before its value
	_, _, err = s.AtomicPut(dir+"/b", []byte("2"), nil, nil)
	must(err)
	check("watch of a tree: a new key", next(events, told), "a=1 b=2")
	time.Sleep(untilItWatches)
	must(s.Put(dir+"/a", []byte("3"), nil))
	must(s.Delete(dir + "/b"))
	check("watch of a tree: nothing of a value, but of a deletion", next(events, told), "a=3")
	close(stop)
	check("watch of a tree: its end", next(events, told), "the end")
}

// A time to live makes a node that ends with its session, whatever the time.
func mortal(s store.Store) {
	k := root + "/ttl"
	must(s.Put(root, nil, nil))
	other := connect()
	check("put with a time to live", other.Put(k, []byte("mortal"), &store.WriteOptions{TTL: time.Second}), nil)
	check("it is there", value(s, k), "mortal")
	other.Close()
	gone := func() bool { return value(s, k) == store.ErrKeyNotFound.Error() }
	check("it is gone with its client", within(longestEvent, gone), true)
}

func lock(s store.Store, key, value string) store.Locker {
	made, err := s.NewLock(key, &store.LockOptions{Value: []byte(value), TTL: 20 * time.Second})
	must(err)
	return made
}

func locks() {
	a, b := connect(), connect()
	k := root + "/lock"
	one := lock(a, k, "mine")
	_, err := one.Lock(nil)
	check("lock", err, nil)
	check("the lock's value", value(a, k), "mine")
	check("unlock", one.Unlock(), nil)
	together, failures := turns.Take(rounds, lock(a, k, "a"), lock(b, k, "b"))
	check("two contenders: none fails", failures, 0)
	check("two contenders: never both inside", together, 0)
	abandoned(a, b, k)
}

// A holder that goes away leaves its lock to the waiter.
func abandoned(holder, waiter store.Store, k string) {
	_, err := lock(holder, k, "holder").Lock(nil)
	must(err)
	got := make(chan error, 1)
	go func() {
		_, err := lock(waiter, k, "waiter").Lock(nil)
		got <- err
	}()
	select {
	case <-got:
		check("a held lock is kept from the waiter", "taken", "kept")
	case <-time.After(untilItWatches):
		check("a held lock is kept from the waiter", "kept", "kept")
	}
	holder.Close()
	select {
	case err := <-got:
		check("the waiter has it when its holder is gone", err, nil)
	case <-time.After(20 * time.Second):
		check("the waiter has it when its holder is gone", "not within 20 s", nil)
	}
	check("its value", value(waiter, k), "waiter")
}
