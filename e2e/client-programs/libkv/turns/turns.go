// Package turns has clients of one store take turns with a lock of libkv.
package turns

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/docker/libkv/store"
)

// inside is how long each keeps the lock.
const inside = 2 * time.Millisecond

// Take has each take the lock so many times, all at once. It says how often one of them was inside with another, and how many gave up.
func Take(rounds int, lockers ...store.Locker) (together, failures int) {
	var within, met, failed atomic.Int32
	var all sync.WaitGroup
	for _, own := range lockers {
		all.Go(func() {
			for range rounds {
				if _, err := own.Lock(nil); err != nil {
					failed.Add(1)
					return
				}
				if within.Add(1) != 1 {
					met.Add(1)
				}
				time.Sleep(inside)
				within.Add(-1)
				if own.Unlock() != nil {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	return int(met.Load()), int(failed.Load())
}
