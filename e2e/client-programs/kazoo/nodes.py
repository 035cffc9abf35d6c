"""The basic verbs, conditions, transactions and lists of who may."""

from kazoo.security import make_acl, make_digest_acl

ROOT = "/kazoo/nodes"


def run(client, checks):
    values(client, checks)
    sequences(client, checks)
    transactions(client, checks)
    lists(client, checks)


def values(client, checks):
    checks.check("create", client.create(ROOT, b"one", makepath=True), ROOT)
    checks.refused("create again", lambda: client.create(ROOT, b"x"), "NodeExistsError")
    checks.refused("create below none", lambda: client.create(ROOT + "/none/x", b""), "NoNodeError")
    checks.refused("get of none", lambda: client.get(ROOT + "/none"), "NoNodeError")
    checks.check("exists of none", client.exists(ROOT + "/none"), None)
    value, stat = client.get(ROOT)
    checks.check("get", (value, stat.version, stat.dataLength, stat.numChildren), (b"one", 0, 3, 0))
    checks.check("set", client.set(ROOT, b"two", version=0).version, 1)
    checks.refused("set of an old version", lambda: client.set(ROOT, b"x", version=0), "BadVersionError")
    path, stat = client.create(ROOT + "/a", b"\x00\xff", include_data=True)
    checks.check("create with a stat", (path, stat.version, stat.czxid == stat.mzxid), (ROOT + "/a", 0, True))
    checks.check("get of bytes", client.get(ROOT + "/a")[0], b"\x00\xff")
    client.create(ROOT + "/b")
    names, stat = client.get_children(ROOT, include_data=True)
    checks.check("children", (sorted(names), stat.cversion, stat.numChildren), (["a", "b"], 2, 2))
    checks.refused("delete with children", lambda: client.delete(ROOT), "NotEmptyError")
    checks.refused("delete of an old version", lambda: client.delete(ROOT + "/a", version=3), "BadVersionError")
    checks.check("delete", client.delete(ROOT + "/a"), True)
    checks.refused("delete of none", lambda: client.delete(ROOT + "/a"), "NoNodeError")
    checks.check("sync", client.sync(ROOT), ROOT)


def sequences(client, checks):
    client.create(ROOT + "/q")
    made = [client.create(ROOT + "/q/n-", sequence=True) for _ in range(3)]
    checks.check("a sequence", made, [f"{ROOT}/q/n-000000000{i}" for i in range(3)])
    client.delete(made[2])
    checks.check("it goes on", client.create(ROOT + "/q/n-", ephemeral=True, sequence=True), ROOT + "/q/n-0000000003")
    checks.check("the ephemeral's owner", client.exists(ROOT + "/q/n-0000000003").ephemeralOwner, client.client_id[0])
    checks.refused("below it", lambda: client.create(ROOT + "/q/n-0000000003/x"), "NoChildrenForEphemeralsError")


def transactions(client, checks):
    t = client.transaction()
    t.create(ROOT + "/t", b"1")
    t.check(ROOT + "/t", 0)
    t.set_data(ROOT + "/t", b"2")
    t.delete(ROOT + "/b")
    results = t.commit()
    checks.check("a transaction", (results[0], results[1], results[2].version, results[3]), (ROOT + "/t", True, 1, True))
    t = client.transaction()
    t.create(ROOT + "/u")
    t.check(ROOT + "/t", 9)
    t.create(ROOT + "/v")
    checks.check(
        "one that fails",
        [type(each).__name__ for each in t.commit()],
        ["RolledBackError", "BadVersionError", "RuntimeInconsistency"],
    )
    checks.check("nothing of it is there", client.exists(ROOT + "/u"), None)


def lists(client, checks):
    checks.check("open", client.get_acls(ROOT)[0], [make_acl("world", "anyone", all=True)])
    mine = make_digest_acl("ann", "secret", all=True)
    client.create(ROOT + "/l", b"x", acl=[mine])
    checks.refused("get by a stranger", lambda: client.get(ROOT + "/l"), "NoAuthError")
    client.add_auth("digest", "ann:secret")
    checks.check("get by its owner", client.get(ROOT + "/l")[0], b"x")
    checks.check("its list", client.get_acls(ROOT + "/l")[0], [mine])
    both = [mine, make_acl("world", "anyone", read=True)]
    checks.check("set of the list", client.set_acls(ROOT + "/l", both, version=0).acl_version, 1)
    checks.refused("set of an old list", lambda: client.set_acls(ROOT + "/l", both, version=0), "BadVersionError")
    checks.refused("a list of nobody", lambda: client.create(ROOT + "/x", acl=[make_acl("none", "x")]), "InvalidACLError")
