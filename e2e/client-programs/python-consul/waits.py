"""Blocking queries."""
import time

from checks import ROOT, Beside, between, check, refusal, tell


def run(store):
    wake_ups(store.kv)
    listings(store.kv)
    timeouts(store.kv)
    sessions(store.session)


def change(read, index, action):
    """The answer of a read that waits behind an index, once something has been done, whether the index grew, and whether it came soon after that."""
    waiting = Beside(lambda: read(index=index, wait='30s'))
    time.sleep(0.3)
    since = time.monotonic()
    action()
    after, answer = waiting.answer()
    return after, answer, [int(after) > int(index), between(0, time.monotonic() - since, 2)]


WOKEN = [True, True]


def wake_ups(kv):
    key = ROOT + '/w'

    def get(**options):
        return kv.get(key, **options)

    index, _ = get()
    index, entry, woken = change(get, index, lambda: kv.put(key, '1'))
    check('wait for a key to be made', [tell(entry), woken], ['/w=1', WOKEN])
    index, entry, woken = change(get, index, lambda: kv.put(key, '2'))
    check('wait for a change', [tell(entry), woken], ['/w=2', WOKEN])
    index, entry, woken = change(get, index, lambda: kv.put(key, '2'))
    check('wait for a change to the same value', [tell(entry), woken], ['/w=2', WOKEN])
    index, entry, woken = change(get, index, lambda: kv.delete(key))
    check('wait for a deletion', [tell(entry), woken], ['nothing', WOKEN])


def listings(kv):
    at = ROOT + '/wl/'

    def entries(**options):
        index, found = kv.get(at, recurse=True, **options)
        return index, found and [tell(entry) for entry in found]

    def keys(**options):
        return kv.get(at, keys=True, **options)

    kv.put(at + 'a', '1')
    index, _ = entries()
    index, found, woken = change(entries, index, lambda: kv.put(at + 'b/c', '2'))
    check('wait for a key below', [found, woken], [['/wl/a=1', '/wl/b/c=2'], WOKEN])
    index, found, woken = change(keys, index, lambda: kv.put(at + 'a', '3'))
    check('keys wait for a value', [found, woken], [[at + 'a', at + 'b/c'], WOKEN])
    index, found, woken = change(entries, index, lambda: kv.delete(at + 'a'))
    check('wait for a deletion below', [found, woken], [['/wl/b/c=2'], WOKEN])
    index, found, woken = change(entries, index, lambda: kv.delete(at, recurse=True))
    check('wait for the deletion of a tree', [found, woken], [None, WOKEN])


def timeouts(kv):
    key = ROOT + '/wt'
    kv.put(key, '1')
    index, _ = kv.get(key)
    since = time.monotonic()
    waiting = Beside(lambda: kv.get(key, index=index, wait='1s'))
    time.sleep(0.3)
    kv.put(key + 'x', 'beside it')
    after, entry = waiting.answer()
    check('wait for nothing', [tell(entry), after, between(1, time.monotonic() - since, 1.0625)], ['/wt=1', index, True])
    since = time.monotonic()
    kv.get(key, index=int(index) - 1, wait='30s')
    check('wait behind an index that is past', between(0, time.monotonic() - since, 1), True)
    check('wait without a unit', refusal(kv.get, key, index=index, wait='10'), '400 Invalid wait time')
    check('index that is no number', refusal(kv.get, key, index='abc'), '400 Invalid index')


def sessions(session):
    def names(**options):
        index, found = session.list(**options)
        return index, [one['Name'] for one in found]

    made = []
    index, _ = names()
    index, found, woken = change(names, index, lambda: made.append(session.create(name='waited for')))
    check('wait for a session', ['waited for' in found, woken], [True, WOKEN])
    index, found, woken = change(names, index, lambda: session.destroy(made[0]))
    check('wait for the end of a session', ['waited for' in found, woken], [False, WOKEN])
