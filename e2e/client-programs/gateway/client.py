"""etcd3gw, the client of OpenStack."""

import time
import urllib.parse

import etcd3gw
from etcd3gw import exceptions

ROOT = "gw/"


def run(url, checks):
    address = urllib.parse.urlsplit(url)
    store = etcd3gw.client(host=address.hostname, port=address.port, timeout=20)
    keys(store, checks)
    transactions(store, checks)
    leases(store, checks)
    locks(store, checks)
    watches(store, checks)
    server(store, checks, url)
    store.delete_prefix(ROOT)


def refusal(call):
    try:
        return f"not refused: {call()}"
    except exceptions.Etcd3Exception as refused:
        return f"{type(refused).__name__} {refused.detail_text}"


def told(entries):
    return [f"{entry['key'].decode().removeprefix(ROOT)}={value.decode()}" for value, entry in entries]


def keys(store, checks):
    check = checks.check
    check("the path by the version", store.api_path, "/v3/")
    check("put", store.put(ROOT + "a", "one"))
    check("get", store.get(ROOT + "a"), [b"one"])
    check("get of a missing key", store.get(ROOT + "none"), [])
    store.put(ROOT + "a", "two")
    value, entry = store.get(ROOT + "a", metadata=True)[0]
    check("an entry", (value, entry["version"], int(entry["mod_revision"]) - int(entry["create_revision"])), (b"two", "2", 1))
    store.put(ROOT + "empty", "")
    check("an empty value", store.get(ROOT + "empty"), [b""])
    store.put(ROOT + "bytes", bytes([0, 255, 10]))
    check("a value of bytes", store.get(ROOT + "bytes"), [bytes([0, 255, 10])])
    for number in range(1, 5):
        store.put(f"{ROOT}r/{number}", str(5 - number))
    check("get_prefix", told(store.get_prefix(ROOT + "r/")), ["r/1=4", "r/2=3", "r/3=2", "r/4=1"])
    check("descending", told(store.get_prefix(ROOT + "r/", "descend", "key")), ["r/4=1", "r/3=2", "r/2=3", "r/1=4"])
    check("by value", told(store.get_prefix(ROOT + "r/", "ascend", "value")), ["r/4=1", "r/3=2", "r/2=3", "r/1=4"])
    check("limit", told(store.get(ROOT + "r/", True, range_end=ROOT + "r0", limit=2)), ["r/1=4", "r/2=3"])
    check("keys only", told(store.get(ROOT + "r/", True, range_end=ROOT + "r0", keys_only=True, limit=1)), ["r/1="])
    check("get_all", len(store.get_all()) >= 7)
    check("delete", store.delete(ROOT + "a"))
    check("delete of a missing key", store.delete(ROOT + "a"), False)
    check("delete_prefix", store.delete_prefix(ROOT + "r/"))
    check("get_prefix afterwards", store.get_prefix(ROOT + "r/"), [])


def transactions(store, checks):
    checks.check("create", store.create(ROOT + "t", "1"))
    checks.check("create again", store.create(ROOT + "t", "2"), False)
    checks.check("replace", store.replace(ROOT + "t", "1", "2"))
    checks.check("replace refused", store.replace(ROOT + "t", "1", "3"), False)
    checks.check("what it left", store.get(ROOT + "t"), [b"2"])


def leases(store, checks):
    lease = store.lease(100)
    store.put(ROOT + "l", "x", lease=lease)
    checks.check("ttl", 90 < lease.ttl() <= 100)
    checks.check("keys", lease.keys(), [(ROOT + "l").encode()])
    checks.check("refresh", lease.refresh(), 100)
    checks.check("revoke", lease.revoke())
    checks.check("revoke takes its keys", store.get(ROOT + "l"), [])
    checks.check("refresh after the end", lease.refresh(), -1)
    checks.check("ttl after the end", lease.ttl(), -1)
    gone = '{"code":5,"message":"etcdserver: requested lease not found"}'
    checks.check("revoke after the end", refusal(lease.revoke), f"Etcd3Exception {gone}")
    brief = store.lease(2)
    store.put(ROOT + "brief", "x", lease=brief)
    deadline = time.monotonic() + 10
    while store.get(ROOT + "brief") and time.monotonic() < deadline:
        time.sleep(0.1)
    checks.check("a lease that runs out takes its keys", store.get(ROOT + "brief"), [])


def locks(store, checks):
    first, second = store.lock(ROOT + "lock", ttl=60), store.lock(ROOT + "lock", ttl=60)
    checks.check("lock", first.acquire())
    checks.check("is_acquired", (first.is_acquired(), second.is_acquired()), (True, False))
    checks.check("another has it not", second.acquire(), False)
    checks.check("lock refresh", first.refresh(), 60)
    checks.check("release", first.release())
    checks.check("then another has it", second.acquire())
    second.release()


def watches(store, checks):
    events, cancel = store.watch_prefix(ROOT + "w/")
    store.put(ROOT + "w/a", "1")
    store.delete(ROOT + "w/a")
    seen = [next(events), next(events)]
    cancel()
    checks.check("watch_prefix", [(each.get("type", "PUT"), each["kv"]["key"]) for each in seen], [("PUT", b"gw/w/a"), ("DELETE", b"gw/w/a")])
    revision = int(seen[0]["kv"]["mod_revision"])
    once = store.watch_once(ROOT + "w/a", 10, start_revision=revision)
    checks.check("watch_once from a revision", (once["kv"]["value"], int(once["kv"]["mod_revision"])), (b"1", revision))
    try:
        store.watch_once(ROOT + "w/quiet", 1)
        checks.check("watch_once of a quiet key", False)
    except exceptions.WatchTimedOut:
        checks.check("watch_once of a quiet key", True)


def server(store, checks, url):
    status = store.status()
    checks.check("status", (status["version"], status["leader"] == status["header"]["member_id"]), ("3.6.16", True))
    checks.check("members", [each["clientURLs"] for each in store.members()], [[url]])
