"""Watches of the gateway: JSON objects one after the other on a connection of their own."""

import json

from checks import Plain, b64

PREFIX, END = b64("stream/"), b64("stream0")


class Stream(Plain):
    """A call whose answers come one a line while it goes on."""

    def __init__(self, url, path, **body):
        super().__init__(url)
        self.connection.request("POST", path, json.dumps(body))
        self.answer = self.connection.getresponse()

    def next(self):
        line = self.answer.readline().strip()
        return json.loads(line or self.answer.readline() or "{}")

    def result(self):
        """The next without what differs from store to store."""
        told = self.next().get("result", {})
        told.get("header", {}).clear()
        return told

    def end(self):
        self.connection.close()


def events(result):
    return [(each.get("type", "PUT"), each["kv"]["key"], each["kv"].get("value"), each.get("prev_kv", {}).get("value")) for each in result["events"]]


def run(url, checks):
    plain = Plain(url)
    watch = Stream(url, "/v3/watch", create_request={"key": PREFIX, "range_end": END, "prev_kv": True})
    checks.check("a watch is created", watch.result(), {"header": {}, "created": True})
    checks.check("its answer is a stream", (watch.answer.status, watch.answer.getheader("content-type")), (200, "application/json"))
    a, b = b64("stream/a"), b64("stream/b")
    revision = plain.call("/v3/kv/put", key=a, value=b64("1"))[1]["header"]["revision"]
    checks.check("a put", events(watch.result()), [("PUT", a, b64("1"), None)])
    plain.call("/v3/kv/txn", success=[{"request_put": {"key": b, "value": b64("2")}}, {"request_delete_range": {"key": a}}])
    checks.check("a txn at once", events(watch.result()), [("PUT", b, b64("2"), None), ("DELETE", a, None, b64("1"))])
    watch.end()
    past = Stream(url, "/v3/watch", create_request={"key": a, "start_revision": revision, "filters": ["NODELETE"]})
    past.result()
    checks.check("from a revision, filtered", events(past.result()), [("PUT", a, b64("1"), None)])
    past.end()
    chosen = Stream(url, "/v3/watch", create_request={"key": a, "watch_id": "7"})
    checks.check("an id of the client", chosen.result().get("watch_id"), "7")
    chosen.end()
    now = plain.call("/v3/kv/put", key=b)[1]["header"]["revision"]
    plain.call("/v3/kv/compaction", revision=now)
    late = Stream(url, "/v3/watch", create_request={"key": a, "start_revision": revision})
    late.result()
    checks.check("of the compacted past", late.result(), {"header": {}, "canceled": True, "compact_revision": now})
    late.end()
    observe(url, plain, checks)
    plain.call("/v3/kv/deleterange", key=PREFIX, range_end=END)


def observe(url, plain, checks):
    lease = plain.call("/v3/lease/grant", TTL="60")[1]["ID"]
    name = b64("stream/vote")
    leader = plain.call("/v3/election/campaign", name=name, lease=lease, value=b64("me"))[1]["leader"]
    observed = Stream(url, "/v3/election/observe", name=name)
    checks.check("observe", observed.result()["kv"]["value"], b64("me"))
    plain.call("/v3/election/proclaim", leader=leader, value=b64("again"))
    checks.check("observe goes on", observed.result()["kv"]["value"], b64("again"))
    observed.end()
    plain.call("/v3/lease/revoke", ID=lease)
