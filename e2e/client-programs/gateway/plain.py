"""Calls as curl makes them: numbers as text, bytes in base 64, fields left out, other paths, and refusals in the gateway's form."""

import json

from checks import Plain, b64

A = b64("curl/a")
END = b64("curl0")
TEXT = "text/plain; charset=utf-8"


def run(url, checks):
    plain = Plain(url)
    server(plain, checks)
    keys(plain, checks)
    forms(plain, checks)
    refusals(plain, checks)
    transactions(plain, checks)
    leases(plain, checks)
    recipes(plain, checks)
    others(plain, checks)
    plain.call("/v3/kv/deleterange", key=b64("curl/"), range_end=END)


def server(plain, checks):
    status, kind, text = plain.raw("/version")
    version = json.loads(text)
    checks.check("/version", (status, kind, version["etcdserver"][:4], version["etcdcluster"]), (200, "application/json", "3.6.", "3.6.0"))
    status, _, text = plain.raw("/health")
    checks.check("/health", (status, json.loads(text)["health"]), (200, "true"))
    for path in ("/livez", "/readyz"):
        status, kind, text = plain.raw(path)
        checks.check(path, (status, kind, text.strip()), (200, TEXT, "ok"))


def keys(plain, checks):
    status, answer = plain.call("/v3/kv/put", key=A, value=b64("one"))
    header = answer.pop("header")
    checks.check("put is a header", (status, answer, sorted(header)), (200, {}, ["cluster_id", "member_id", "raft_term", "revision"]))
    checks.check("numbers are text", {type(each) for each in header.values()}, {str})
    revision = header["revision"]
    entry = {"key": A, "create_revision": revision, "mod_revision": revision, "version": "1", "value": b64("one")}
    checks.check("range", plain.told("/v3/kv/range", key=A), (200, {"kvs": [entry], "count": "1"}))
    checks.check("range of a missing key", plain.told("/v3/kv/range", key=b64("curl/none")), (200, {}))
    checks.check("range at a revision as a number", plain.told("/v3/kv/range", key=A, revision=int(revision)), (200, {"kvs": [entry], "count": "1"}))
    checks.check("put with prev_kv", plain.told("/v3/kv/put", key=A, value=b64("two"), prev_kv=True), (200, {"prev_kv": entry}))
    plain.call("/v3/kv/put", key=b64("curl/b"))
    both = plain.told("/v3/kv/range", key=b64("curl/"), range_end=END, limit="1", sort_order="DESCEND", keys_only=True)[1]
    checks.check("a page, descending", (both["kvs"][0]["key"], "value" in both["kvs"][0], both["more"], both["count"]), (b64("curl/b"), False, True, "2"))
    checks.check("count only", plain.told("/v3/kv/range", key=b64("curl/"), range_end=END, count_only=True), (200, {"count": "2"}))
    checks.check("deleterange", plain.told("/v3/kv/deleterange", key=b64("curl/b"), prev_kv=True)[1]["deleted"], "1")
    checks.check("deleterange of a missing key", plain.told("/v3/kv/deleterange", key=b64("curl/b")), (200, {}))


def forms(plain, checks):
    count = (200, {"count": "1"})
    for path in ("/v3/kv/range", "/v3beta/kv/range"):
        checks.check(path, plain.told(path, key=b64("curl/"), range_end=END, count_only=True), count)
    checks.check("names in camel case", plain.told("/v3/kv/range", key=b64("curl/"), rangeEnd=END, countOnly=True), count)
    checks.check("an order by its number", plain.told("/v3/kv/range", key=b64("curl/"), range_end=END, sort_order=2, count_only=True), count)
    checks.check("unknown fields", plain.told("/v3/kv/range", key=b64("curl/"), range_end=END, count_only=True, later=1), count)
    curl = {"Content-Type": "application/x-www-form-urlencoded"}
    status, kind, text = plain.raw("/v3/kv/range", json.dumps({"key": A, "count_only": True}), headers=curl)
    checks.check("curl's content type", (status, kind, json.loads(text)["count"]), (200, "application/json", "1"))


def refusals(plain, checks):
    def refused(name, status, code, message, path, **body):
        checks.check(name, plain.call(path, **body), (status, {"code": code, "message": message}))

    refused("no key", 400, 3, "etcdserver: key is not provided", "/v3/kv/range")
    refused("a future revision", 400, 11, "etcdserver: mvcc: required revision is a future revision", "/v3/kv/range", key=A, revision="99999999")
    refused("an unknown lease", 404, 5, "etcdserver: requested lease not found", "/v3/kv/put", key=A, lease="77")
    refused("an unknown path", 404, 5, "Not Found", "/v3/nothing")
    refused("too long a time to live", 400, 11, "etcdserver: too large lease TTL", "/v3/lease/grant", TTL="9000000001")
    status, kind, text = plain.raw("/v3/kv/range", "nonsense")
    checks.check("a body that is no JSON", (status, kind, json.loads(text)["code"]), (400, "application/json", 3))
    status, _, text = plain.raw("/v3/kv/range", '{"key": 1}')
    checks.check("a number for bytes", (status, json.loads(text)["code"]), (400, 3))
    status, _, text = plain.raw("/v3/kv/range")
    checks.check("GET", (status, json.loads(text)), (501, {"code": 12, "message": "Method Not Allowed"}))


def transactions(plain, checks):
    is_two = {"key": A, "target": "VALUE", "result": "EQUAL", "value": b64("two")}
    put = {"request_put": {"key": A, "value": b64("three")}}
    read = {"requestRange": {"key": A}}
    status, won = plain.told("/v3/kv/txn", compare=[is_two], success=[put], failure=[read])
    revision = won["responses"][0]["response_put"]["header"].pop("revision")
    checks.check("txn that succeeds", (status, won), (200, {"succeeded": True, "responses": [{"response_put": {"header": {}}}]}))
    status, lost = plain.told("/v3/kv/txn", compare=[is_two], success=[put], failure=[read])
    found = lost["responses"][0]["response_range"]["kvs"][0]
    checks.check("txn that fails", (status, "succeeded" in lost, found["value"], found["mod_revision"]), (200, False, b64("three"), revision))
    created = {"key": b64("curl/new"), "target": "CREATE", "create_revision": "0"}
    checks.check("txn on a missing key", plain.told("/v3/kv/txn", compare=[created], success=[])[1], {"succeeded": True})
    twice = plain.call("/v3/kv/txn", success=[put, put])
    checks.check("the same key twice", twice, (400, {"code": 3, "message": "etcdserver: duplicate key given in txn request"}))


def leases(plain, checks):
    checks.check("grant", plain.told("/v3/lease/grant", TTL="100", ID="4712"), (200, {"ID": "4712", "TTL": "100"}))
    again = (400, {"code": 9, "message": "etcdserver: lease already exists"})
    checks.check("grant again", plain.call("/v3/lease/grant", TTL=100, ID=4712), again)
    plain.call("/v3/kv/put", key=b64("curl/l"), lease="4712")
    for path in ("/v3/lease/timetolive", "/v3/kv/lease/timetolive"):
        told = plain.told(path, ID="4712", keys=True)[1]
        checks.check(path, (told["grantedTTL"], told["keys"]), ("100", [b64("curl/l")]))
    for path in ("/v3/lease/leases", "/v3/kv/lease/leases"):
        checks.check(path, {"ID": "4712"} in plain.told(path)[1]["leases"])
    renewed = plain.call("/v3/lease/keepalive", ID="4712")[1]["result"]
    checks.check("keepalive", (renewed["ID"], renewed["TTL"]), ("4712", "100"))
    checks.check("revoke by the old path", plain.told("/v3/kv/lease/revoke", ID="4712"), (200, {}))
    checks.check("timetolive after the end", plain.told("/v3/lease/timetolive", ID="4712"), (200, {"ID": "4712", "TTL": "-1"}))
    checks.check("revoke again", plain.call("/v3/lease/revoke", ID="4712"), (404, {"code": 5, "message": "etcdserver: requested lease not found"}))


def recipes(plain, checks):
    lease = plain.call("/v3/lease/grant", TTL="60")[1]["ID"]
    locked = plain.told("/v3/lock/lock", name=b64("curl/lock"), lease=lease)[1]
    checks.check("lock", locked["key"], b64(f"curl/lock/{int(lease):x}"))
    checks.check("unlock", plain.told("/v3/lock/unlock", key=locked["key"]), (200, {}))
    name = b64("curl/vote")
    checks.check("no leader", plain.call("/v3/election/leader", name=name), (500, {"code": 2, "message": "election: no leader"}))
    leader = plain.told("/v3/election/campaign", name=name, lease=lease, value=b64("me"))[1]["leader"]
    checks.check("campaign", (leader["name"], leader["lease"], leader["key"]), (name, lease, b64(f"curl/vote/{int(lease):x}")))
    checks.check("proclaim", plain.told("/v3/election/proclaim", leader=leader, value=b64("still me")), (200, {}))
    checks.check("leader", plain.told("/v3/election/leader", name=name)[1]["kv"]["value"], b64("still me"))
    checks.check("resign", plain.told("/v3/election/resign", leader=leader), (200, {}))
    plain.call("/v3/lease/revoke", ID=lease)


def others(plain, checks):
    checks.check("status", plain.told("/v3/maintenance/status")[1]["version"], "3.6.16")
    checks.check("alarm", plain.told("/v3/maintenance/alarm", action="GET"), (200, {}))
    checks.check("defragment", plain.told("/v3/maintenance/defragment"), (200, {}))
    checks.check("hash", plain.told("/v3/maintenance/hash")[1], plain.told("/v3/maintenance/hash")[1])
    checks.check("member list", len(plain.told("/v3/cluster/member/list")[1]["members"]), 1)
    checks.check("auth status", list(plain.told("/v3/auth/status")[1]), ["authRevision"])
    refused = (400, {"code": 9, "message": "etcdserver: authentication is not enabled"})
    checks.check("authenticate", plain.call("/v3/auth/authenticate", name="a", password="b"), refused)
    rbac = {"code": 9, "message": "kubekv: users and what they may do are Kubernetes' RBAC (kubekv's docs/access.md)"}
    checks.differ("role add", plain.told("/v3/auth/role/add", name="curl"), (200, {}), (400, rbac), "users and grants are Kubernetes' RBAC")
    checks.differ("role delete", plain.told("/v3/auth/role/delete", role="curl"), (200, {}), (400, rbac), "users and grants are Kubernetes' RBAC")
    revision = plain.call("/v3/kv/range", key=A)[1]["header"]["revision"]
    checks.check("compaction", plain.told("/v3/kv/compaction", revision=revision, physical=True), (200, {}))
    compacted = (400, {"code": 11, "message": "etcdserver: mvcc: required revision has been compacted"})
    checks.check("compaction again", plain.call("/v3/kv/compaction", revision=revision), compacted)
