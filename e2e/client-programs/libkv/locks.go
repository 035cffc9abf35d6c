package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/libkv/store"
	"kubekv.io/e2e/libkv/turns"
)

const (
	rounds          = 25
	handOvers       = 9
	longestHandOver = 100 * time.Millisecond
)

func lock(s store.Store, key, value string, ttl time.Duration, renew chan struct{}) store.Locker {
	made, err := s.NewLock(key, &store.LockOptions{Value: []byte(value), TTL: ttl, RenewLock: renew})
	must(err)
	return made
}

func locks(s store.Store) {
	lockAndUnlock(s)
	lockIsLost(s)
	contenders()
	handOver(s)
	renewal(s)
}

func lockAndUnlock(s store.Store) {
	k := root + "/lock/one"
	one := lock(s, k, "mine", 20*time.Second, nil)
	lost, err := one.Lock(nil)
	check("lock", err, nil)
	check("the lock's value", value(s, k), "mine")
	select {
	case <-lost:
		check("the lock is held", "lost", "held")
	case <-time.After(300 * time.Millisecond):
		check("the lock is held", "held", "held")
	}
	check("unlock", one.Unlock(), nil)
	after := "mine"
	if !onConsul() {
		after = store.ErrKeyNotFound.Error()
	}
	check("the key after the unlock", value(s, k), after)
	_, err = one.Lock(nil)
	check("lock again", err, nil)
	check("unlock again", one.Unlock(), nil)
}

// Somebody deletes the key of a lock that is held.
func lockIsLost(s store.Store) {
	k := root + "/lock/lost"
	held := lock(s, k, "mine", 3*time.Second, nil)
	lost, err := held.Lock(nil)
	must(err)
	must(connect().Delete(k))
	select {
	case <-lost:
		check("the loss of a lock is told", "told", "told")
	case <-time.After(longestEvent):
		check("the loss of a lock is told", "not told", "told")
	}
}

// Two clients take turns; none may find the other inside.
func contenders() {
	k := root + "/lock/contended"
	together, failures := turns.Take(rounds, lock(connect(), k, "a", 20*time.Second, nil), lock(connect(), k, "b", 20*time.Second, nil))
	check("two contenders: none fails", failures, 0)
	check("two contenders: never both inside", together, 0)
}

// The time from the release to the waiter's Lock returning, several times.
func handOver(s store.Store) {
	k := root + "/lock/handed"
	holder, waiter := lock(s, k, "holder", 20*time.Second, nil), lock(connect(), k, "waiter", 20*time.Second, nil)
	var times []time.Duration
	for range handOvers {
		_, err := holder.Lock(nil)
		must(err)
		got := make(chan time.Time, 1)
		go func() {
			_, err := waiter.Lock(nil)
			must(err)
			got <- time.Now()
		}()
		time.Sleep(untilItWatches)
		released := time.Now()
		must(holder.Unlock())
		times = append(times, (<-got).Sub(released))
		must(waiter.Unlock())
	}
	slices.Sort(times)
	middle := times[len(times)/2]
	fmt.Printf("libkv-%s: a waiter has the lock %s ms after its release\n", backend, millis(times))
	check("a waiter has the lock within 100 ms of its release", middle <= longestHandOver, true)
	check("no waiter had it before", times[0] >= 0, true)
}

func millis(times []time.Duration) string {
	var texts []string
	for _, time := range times {
		texts = append(texts, fmt.Sprintf("%.1f", float64(time.Microseconds())/1000))
	}
	return strings.Join(texts, " ")
}

// A lock outlives its time to live while its holder renews it, and not for long after.
func renewal(s store.Store) {
	k := root + "/lock/renewed"
	renew := make(chan struct{})
	held := lock(s, k, "holder", 3*time.Second, renew)
	_, err := held.Lock(nil)
	must(err)
	waiter := lock(connect(), k, "waiter", 3*time.Second, nil)
	got := make(chan struct{})
	go func() {
		_, err := waiter.Lock(nil)
		must(err)
		close(got)
	}()
	select {
	case <-got:
		check("a renewed lock is kept from the waiter", "taken", "kept")
	case <-time.After(4 * time.Second):
		check("a renewed lock is kept from the waiter", "kept", "kept")
	}
	close(renew)
	select {
	case <-got:
		check("the waiter has it when it is no longer renewed", value(s, k), "waiter")
		must(waiter.Unlock())
	case <-time.After(10 * time.Second):
		check("the waiter has it when it is no longer renewed", "not within 10 s", "waiter")
	}
}

// A waiter that is told to stop, which Consul's client notices between its queries of 15 seconds: begun first, looked at last.
func stopsWaiting() func() {
	k := root + "-stop"
	holder := lock(connect(), k, "holder", 60*time.Second, nil)
	_, err := holder.Lock(nil)
	must(err)
	stop := make(chan struct{})
	done := make(chan string, 1)
	go func() {
		lost, err := lock(connect(), k, "waiter", 60*time.Second, nil).Lock(stop)
		done <- fmt.Sprint(lost == nil, err)
	}()
	time.Sleep(untilItWatches)
	close(stop)
	return func() {
		expected := "true <nil>"
		if !onConsul() {
			expected = "true lock operation aborted"
		}
		select {
		case told := <-done:
			check("a waiter that stops has no lock", told, expected)
		case <-time.After(20 * time.Second):
			check("a waiter that stops has no lock", "it waits", expected)
		}
		check("the lock it did not wait for", holder.Unlock(), nil)
		_ = connect().Delete(k)
	}
}
