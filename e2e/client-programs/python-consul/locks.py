"""Acquire and release, alone and in contention."""
import threading
import time

from checks import NO_SESSION, ROOT, Beside, check, refusal, tell


def run(store):
    mine, other = (store.session.create(lock_delay=0) for _ in range(2))
    held(store.kv, mine, other)
    written(store.kv, mine, other)
    refused(store.kv, mine)
    for one in mine, other:
        store.session.destroy(one)
    contention(store)


def held(kv, mine, other):
    key = ROOT + '/lock'

    def get():
        return tell(kv.get(key)[1])

    check('release of a key that is not there', kv.put(key, 'x', release=mine), False)
    check('acquire', kv.put(key, '1', flags=9, acquire=mine), True)
    check('get of a lock', get(), f'/lock=1 flags 9 lock 1 session {mine}')
    check('acquire by another', kv.put(key, 'x', acquire=other), False)
    check('get after the refusal', get(), f'/lock=1 flags 9 lock 1 session {mine}')
    check('acquire again', kv.put(key, '2', acquire=mine), True)
    check('get after it', get(), f'/lock=2 lock 1 session {mine}')
    check('release by another', kv.put(key, 'x', release=other), False)
    check('release', kv.put(key, '3', release=mine), True)
    check('get after the release', get(), '/lock=3 lock 1')
    check('release of a free key', kv.put(key, 'x', release=mine), False)
    check('acquire by the other', kv.put(key, '4', acquire=other), True)
    check('get of its lock', get(), f'/lock=4 lock 2 session {other}')
    check('delete of a held key', kv.delete(key), True)
    check('acquire of the deleted key', kv.put(key, '5', acquire=mine), True)
    check('get of the new lock', get(), f'/lock=5 lock 1 session {mine}')


def written(kv, mine, other):
    """A write without a session is no matter of the lock."""
    key = ROOT + '/written'
    kv.put(key, '1', acquire=mine)
    check('put of a held key', kv.put(key, '2'), True)
    entry = kv.get(key)[1]
    check('get of the held key', tell(entry), f'/written=2 session {mine}')
    check('cas of a held key', kv.put(key, '3', cas=entry['ModifyIndex']), True)
    check('the lock is still held', kv.put(key, 'x', acquire=other), False)
    check('get of the key after cas', tell(kv.get(key)[1]), f'/written=3 session {mine}')


def refused(kv, mine):
    key = ROOT + '/no'
    check('acquire with an unknown session', refusal(kv.put, key, 'x', acquire=NO_SESSION), f'500 invalid session "{NO_SESSION}"')
    check('acquire with what is no session id', refusal(kv.put, key, 'x', acquire='abc'), '500 failed session lookup: index error: UUID must be 36 characters')
    check('release with an unknown session', kv.put(key, 'x', release=NO_SESSION), False)
    check('acquire and cas', refusal(kv.put, key, 'x', acquire=mine, cas=0), f'400 Conflicting flags: acquire={mine}&cas=0')
    check('nothing was written', tell(kv.get(key)[1]), 'nothing')


class Holders:
    """Counts who holds the lock at the same time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.now = self.most = self.taken = 0

    def enter(self):
        with self.lock:
            self.taken += 1
            self.now += 1
            self.most = max(self.most, self.now)

    def leave(self):
        with self.lock:
            self.now -= 1


def contention(store):
    """Four contenders that wait for the key to change take the lock five times each."""
    key = ROOT + '/contended'
    holders = Holders()

    def contender():
        one = store.session.create(lock_delay=0, ttl=60)
        for _ in range(5):
            index = store.kv.get(key)[0]
            while not store.kv.put(key, one, acquire=one):
                index = store.kv.get(key, index=index, wait='10s')[0]
            holders.enter()
            time.sleep(0.005)
            holders.leave()
            store.kv.put(key, '', release=one)
        store.session.destroy(one)

    for each in [Beside(contender) for _ in range(4)]:
        each.answer()
    check('contention', [holders.taken, holders.most], [20, 1])
