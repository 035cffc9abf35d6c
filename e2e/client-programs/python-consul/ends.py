"""What becomes of locks when sessions end, and when those end that are not renewed."""
import time

import consul
from checks import ROOT, between, check, tell, until


def run(store):
    for part in release, remove, lock_delay, no_lock_delay, expiry, renewal:
        part(store.kv, store.session)


def release(kv, session):
    key = ROOT + '/e-release'
    one = session.create(behavior='release')
    kv.put(key, '1', flags=3, acquire=one)
    before = kv.get(key)[1]
    session.destroy(one)
    after = kv.get(key)[1]
    check('end of a session releases', [tell(after), after['ModifyIndex'] > before['ModifyIndex']], ['/e-release=1 flags 3 lock 1', True])


def remove(kv, session):
    one = session.create(behavior='delete', lock_delay=20)
    at = ROOT + '/e-delete/'
    for name in 'a', 'b':
        kv.put(at + name, '1', acquire=one)
    kv.put(at + 'c', 'not held')
    session.destroy(one)
    check('end of a session deletes', kv.get(at, keys=True)[1], [at + 'c'])
    other = session.create()
    check('acquire of a deleted key in its lock delay', kv.put(at + 'a', '2', acquire=other), False)
    check('put of it', kv.put(at + 'a', '3'), True)
    check('get of it', tell(kv.get(at + 'a')[1]), '/e-delete/a=3')
    session.destroy(other)


def lock_delay(kv, session):
    key = ROOT + '/e-delay'
    one = session.create(lock_delay=1)
    other = session.create()
    kv.put(key, '1', acquire=one)
    since = time.monotonic()
    session.destroy(one)
    check('acquire in the lock delay', kv.put(key, '2', acquire=other), False)
    seconds = until(since, lambda: kv.put(key, '3', acquire=other))
    check('lock delay', between(1, seconds, 1.5), True)
    check('get after the lock delay', tell(kv.get(key)[1]), f'/e-delay=3 lock 2 session {other}')
    session.destroy(other)


def no_lock_delay(kv, session):
    key = ROOT + '/e-at-once'
    one = session.create(lock_delay=0)
    other = session.create()
    kv.put(key, '1', acquire=one)
    session.destroy(one)
    check('acquire without a lock delay', kv.put(key, '2', acquire=other), True)
    session.destroy(other)


def expiry(kv, session):
    """Not before the time to live is over, and at twice that at the latest."""
    since = time.monotonic()
    releasing = session.create(ttl=1, lock_delay=0.001)
    deleting = session.create(ttl=1, behavior='delete')
    kv.put(ROOT + '/e-kept', '1', acquire=releasing)
    kv.put(ROOT + '/e-deleted', '1', acquire=deleting)
    seconds = until(since, lambda: session.info(releasing)[1] is None and session.info(deleting)[1] is None)
    check('expiry', between(1, seconds, 2), True)
    check('expiry releases', tell(kv.get(ROOT + '/e-kept')[1]), '/e-kept=1 lock 1')
    check('expiry deletes', tell(kv.get(ROOT + '/e-deleted')[1]), 'nothing')
    try:
        check('renew after the expiry', session.renew(releasing), 'refused')
    except consul.NotFound as e:
        check('renew after the expiry', str(e), f"Session id '{releasing}' not found")
    other = session.create()
    time.sleep(0.05)
    check('acquire after the expiry', kv.put(ROOT + '/e-kept', '2', acquire=other), True)
    session.destroy(other)


def renewal(kv, session):
    key = ROOT + '/e-renewed'
    one = session.create(ttl=1)
    kv.put(key, '1', acquire=one)
    since = time.monotonic()
    while time.monotonic() - since < 3:
        session.renew(one)
        time.sleep(0.3)
    check('renewed for three times its time', tell(kv.get(key)[1]), f'/e-renewed=1 lock 1 session {one}')
    session.destroy(one)
