"""Does what the Java example of the documents does, and a little more, through code generated from the .proto.

Says of each step whether it went as documented: "ok NAME" or "not ok NAME" with the difference.
usage: program.py HOST:PORT; the generated code is found through PYTHONPATH
"""

import queue
import sys
import threading
import uuid

import grpc
from kubekv.v1 import kubekv_pb2 as kv
from kubekv.v1 import kubekv_pb2_grpc as services

DEADLINE = 20  # seconds
ROOT = "python/" + uuid.uuid4().hex


def check(name, found, expected=True):
    if found == expected:
        print(f"ok grpc-python {name}", flush=True)
    else:
        print(f"not ok grpc-python {name}\n    expected {expected!r}\n    found    {found!r}", flush=True)


class Lock:
    """A lock stream: requests go in through a queue, because the stream stays open."""

    def __init__(self, locks, **acquire):
        self._requests = queue.SimpleQueue()
        self._requests.put(kv.LockRequest(acquire=kv.LockRequest.Acquire(**acquire)))
        self._answers = locks.Lock(iter(self._requests.get, None), timeout=DEADLINE)

    def next(self):
        answer = next(self._answers)
        return answer.WhichOneof("event"), answer

    def acquired(self):
        event, answer = self.next()
        while event == "waiting":
            event, answer = self.next()
        return answer.acquired

    def release(self):
        self._requests.put(kv.LockRequest(release=kv.LockRequest.Release()))
        event, _ = self.next()
        self._requests.put(None)
        return event


def new_session():
    session = kv.SessionSpec(id=str(uuid.uuid4()), name="python")
    session.time_to_live.FromSeconds(15)
    return session


def keys(store):
    key = f"{ROOT}/greeting"
    stored = store.Put(kv.PutRequest(key=key, value=b"hello"), timeout=DEADLINE).stored.entry
    read = store.Get(kv.GetRequest(key=key), timeout=DEADLINE).entry
    check("get after put", (read.value, read.modify_revision), (b"hello", stored.modify_revision))
    check("get of a missing key", store.Get(kv.GetRequest(key=f"{ROOT}/none"), timeout=DEADLINE).HasField("entry"), False)

    unchanged = kv.Precondition(matches=kv.Precondition.Matches(revision=read.modify_revision))
    swap = kv.PutRequest(key=key, value=b"hello again", precondition=unchanged)
    check("compare and swap", store.Put(swap, timeout=DEADLINE).stored.previous.value, b"hello")
    refused = store.Put(swap, timeout=DEADLINE).refused
    check("compare and swap lost", (refused.reason, refused.entry.value), (kv.Refused.REASON_CHANGED, b"hello again"))

    for name in ("b", "a"):
        store.Put(kv.PutRequest(key=f"{ROOT}/list/{name}"), timeout=DEADLINE)
    below = kv.Range(prefix=f"{ROOT}/list/")
    listed = [entry.key for part in store.List(kv.ListRequest(range=below), timeout=DEADLINE) for entry in part.entries]
    check("list", listed, [f"{ROOT}/list/a", f"{ROOT}/list/b"])
    check("delete range", store.DeleteRange(kv.DeleteRangeRequest(range=below), timeout=DEADLINE).count, 2)
    return read.modify_revision


def errors(store):
    try:
        store.Get(kv.GetRequest(key=""), timeout=DEADLINE)
        check("an empty key is refused", False)
    except grpc.RpcError as error:
        check("an empty key is refused", error.code(), grpc.StatusCode.INVALID_ARGUMENT)


def watch(store, since):
    request = kv.WatchRequest(range=kv.Range(tree=ROOT), from_revision=since)
    events = store.Watch(request, timeout=DEADLINE)
    check("watch begins", next(events).started.revision, since)
    seen = [(event.put.entry.key, event.put.cause) for event in (next(events), next(events))]
    greeting = f"{ROOT}/greeting"
    check("watch from a revision", seen, [(greeting, kv.CAUSE_SET), (greeting, kv.CAUSE_COMPARE_AND_SWAP)])
    store.Put(kv.PutRequest(key=f"{ROOT}/late", value=b"now"), timeout=DEADLINE)
    late = next(e.put.entry.value for e in events if e.WhichOneof("event") == "put" and e.put.entry.key == f"{ROOT}/late")
    check("watch goes on", late, b"now")
    events.cancel()


def lock(store, locks):
    key, guarded = f"{ROOT}/lock", f"{ROOT}/guarded"
    first = Lock(locks, key=key, new_session=new_session())
    held = first.acquired()
    entry = store.Get(kv.GetRequest(key=key), timeout=DEADLINE).entry
    check("lock", (entry.lock.holder, entry.lock.acquire_revision), (held.session, held.fencing_token))

    second = Lock(locks, key=key, new_session=new_session())
    check("lock waits", second.next()[0], "waiting")
    won = []
    waiting = threading.Thread(target=lambda: won.append(second.acquired()))
    waiting.start()
    check("release", first.release(), "released")
    waiting.join(DEADLINE)
    check("lock of the next", won[0].fencing_token > held.fencing_token)

    fenced = kv.PutRequest(key=guarded, value=b"mine", fence=won[0].fencing_token)
    check("fenced put", store.Put(fenced, timeout=DEADLINE).stored.entry.value, b"mine")
    late = kv.PutRequest(key=guarded, value=b"late", fence=held.fencing_token)
    check("late put of a former holder", store.Put(late, timeout=DEADLINE).refused.reason, kv.Refused.REASON_FENCED)
    check("release of the last", second.release(), "released")


def sessions(store, service):
    spec = new_session()
    service.Create(kv.CreateSessionRequest(spec=spec), timeout=DEADLINE)
    acquired = store.Put(kv.PutRequest(key=f"{ROOT}/held", acquire=spec.id), timeout=DEADLINE)
    check("acquire", acquired.stored.entry.lock.holder, spec.id)
    check("renew", service.Renew(kv.RenewSessionRequest(id=spec.id), timeout=DEADLINE).session.spec.name, "python")
    check("destroy", service.Destroy(kv.DestroySessionRequest(id=spec.id), timeout=DEADLINE).existed)
    check("renew after the end", service.Renew(kv.RenewSessionRequest(id=spec.id), timeout=DEADLINE).HasField("session"), False)


def main():
    with grpc.insecure_channel(sys.argv[1]) as channel:
        store = services.KeyValueStub(channel)
        since = keys(store)
        errors(store)
        watch(store, since)
        lock(store, services.LocksStub(channel))
        sessions(store, services.SessionsStub(channel))
        store.DeleteRange(kv.DeleteRangeRequest(range=kv.Range(tree=ROOT)), timeout=DEADLINE)


main()
