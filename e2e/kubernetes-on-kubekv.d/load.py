"""What kubectl is too slow for, and what must be counted.

usage: load.py URL PKI NAMESPACE fill COUNT | write STATE PROGRESS | pages COUNT | token | expired TOKEN | verify STATE COUNT
Prints its figures; exits with 1 when something is wrong, and says what.
"""

import json
import os
import signal
import sys
import threading
import time

from api import Api, Refused, content_of, name_of, version_of
from watcher import Watcher
from writers import OBJECTS, fill, writers

WRITERS = 4


def wrong(problems):
    if problems:
        print("; ".join(map(str, problems[:3])) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else ""))
        sys.exit(1)


def fill_with(make, count):
    began = time.monotonic()
    wrong(fill(make, [f"object-{number:05}" for number in range(int(count))]))
    print(f"{int(count) / (time.monotonic() - began):.0f} a second")


def write(make, state_file, progress_file):
    """Until SIGTERM; the acknowledged state goes into a file, and how many writes were acknowledged into another meanwhile."""
    stop, ended = threading.Event(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    watch = Watcher(make(), version_of(make().page(1)), ended)
    watch.start()
    started = writers(WRITERS, make, stop)
    while any(each.is_alive() for each in started):
        with open(progress_file + ".new", "w") as progress:
            progress.write(str(sum(each.acknowledged for each in started)))
        os.replace(progress_file + ".new", progress_file)
        time.sleep(0.1)
    state = {name: content for each in started for name, content in each.state.items()}
    missing = watch.await_last(state)
    with open(state_file, "w") as file:
        json.dump(state, file)
    problems = [fault for each in (*started, watch) for fault in each.faults]
    problems += [f"the watch has not seen the last of {name}" for name in missing] + watch.gaps(OBJECTS)
    wrong(problems)
    counts = sum(each.acknowledged for each in started), sum(each.unknown for each in started), max(each.longest for each in started)
    print("%d writes acknowledged, %d answers lost, at most %.1f s without one" % counts, end="; ")
    print(f"the watch saw {watch.events} changes and broke {watch.breaks} times, {watch.lists} of them for a new list")


def read_pages(api, limit, between=lambda: None):
    """All pages of one state, and the version of each page."""
    page = api.page(limit)
    entries, versions = page["items"], [version_of(page)]
    between()
    while token := page["metadata"].get("continue"):
        page = api.page(limit, token)
        entries += page["items"]
        versions.append(version_of(page))
    return entries, versions


def pages(make, count):
    """While pages are read, one of the last objects is deleted and one is made behind it: neither may be seen."""
    api, other, count = make(), make(), int(count)
    last = f"object-{count - 1:05}"

    def meddle():
        other.delete(last)
        other.create("object-99999", "late")

    entries, versions = read_pages(api, max(10, count // 20), meddle)
    names = [name_of(each) for each in entries if name_of(each).startswith("object-")]
    problems = [] if names == [f"object-{number:05}" for number in range(count)] else [f"{len(names)} objects, the last {names[-1:]}"]
    problems += [] if len(set(versions)) == 1 else [f"pages of the states {versions}"]
    other.delete("object-99999")
    other.create(last, last)
    wrong(problems)
    print(f"{len(versions)} pages")


def token(make):
    page = make().page(1)
    print(version_of(page), page["metadata"]["continue"])


def expired(make, continued):
    """The rest of a list whose state is forgotten is refused, with a token for what is there now."""
    try:
        make().page(1, continued)
        wrong(["the old state is still there"])
    except Refused as refused:
        fresh = refused.body.get("metadata", {}).get("continue")
        if refused.status != 410 or not fresh:
            wrong([refused])
        wrong([] if make().page(1, fresh)["items"] else ["nothing at the fresh token"])


def verify(make, state_file, count):
    """That all is there as it was acknowledged, and nothing else."""
    with open(state_file) as file:
        expected = {name: content for name, content in json.load(file).items() if content is not None}
    expected |= {f"object-{number:05}": f"object-{number:05}" for number in range(int(count))}
    entries, _ = read_pages(make(), 500)
    found = {name_of(each): content_of(each) for each in entries if name_of(each) != "kube-root-ca.crt"}
    problems = [f"{name} is lost" for name in expected.keys() - found.keys()]
    problems += [f"{name} is there" for name in found.keys() - expected.keys()]
    problems += [f"{name} holds {found[name]!r}, not {expected[name]!r}" for name in expected.keys() & found.keys() if found[name] != expected[name]]
    wrong(problems)
    print(f"{len(expected)} objects as acknowledged")


def main():
    url, pki, namespace, action, *rest = sys.argv[1:]

    def make():
        return Api(url, pki, namespace)

    {"fill": fill_with, "write": write, "pages": pages, "token": token, "expired": expired, "verify": verify}[action](make, *rest)


main()
