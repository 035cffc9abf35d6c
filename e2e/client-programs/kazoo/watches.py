"""Watches of one client, of changes by another."""

import queue

from checks import connected

ROOT = "/kazoo/watches"
PATIENCE = 20


def run(client, address, checks):
    client.create(ROOT)
    other = connected(address)
    once(client, other, checks)
    followed(client, other, checks)
    ended(client, other, checks)


def told(events):
    event = events.get(timeout=PATIENCE)
    return event.type, event.path


def once(client, other, checks):
    events = queue.Queue()
    client.exists(ROOT + "/a", watch=events.put)
    other.create(ROOT + "/a", b"1")
    checks.check("told of a creation", told(events), ("CREATED", ROOT + "/a"))
    client.get(ROOT + "/a", watch=events.put)
    other.set(ROOT + "/a", b"2")
    checks.check("told of data", told(events), ("CHANGED", ROOT + "/a"))
    client.get_children(ROOT + "/a", watch=events.put)
    other.create(ROOT + "/a/b")
    checks.check("told of a child", told(events), ("CHILD", ROOT + "/a"))
    other.delete(ROOT + "/a/b")
    client.get(ROOT + "/a", watch=events.put)
    other.delete(ROOT + "/a")
    checks.check("told of a deletion", told(events), ("DELETED", ROOT + "/a"))


def followed(client, other, checks):
    values = queue.Queue()
    client.DataWatch(ROOT + "/d", lambda data, stat: values.put(data))
    checks.check("DataWatch: nothing yet", values.get(timeout=PATIENCE), None)
    other.create(ROOT + "/d", b"1")
    checks.check("DataWatch: created", values.get(timeout=PATIENCE), b"1")
    other.set(ROOT + "/d", b"2")
    checks.check("DataWatch: changed", values.get(timeout=PATIENCE), b"2")
    names = queue.Queue()
    client.ChildrenWatch(ROOT + "/d", lambda children: names.put(sorted(children)))
    checks.check("ChildrenWatch: none", names.get(timeout=PATIENCE), [])
    other.create(ROOT + "/d/x")
    checks.check("ChildrenWatch: one", names.get(timeout=PATIENCE), ["x"])
    other.create(ROOT + "/d/y")
    checks.check("ChildrenWatch: two", names.get(timeout=PATIENCE), ["x", "y"])


def ended(client, other, checks):
    events = queue.Queue()
    other.create(ROOT + "/e", ephemeral=True)
    client.exists(ROOT + "/e", watch=events.put)
    other.stop()
    other.close()
    checks.check("told of a session's end", told(events), ("DELETED", ROOT + "/e"))
