"""A watch that goes on where it was when its connection breaks."""

import http.client
import json
import threading
import time
import urllib.parse

from api import Unknown, content_of, name_of, version_of


class Watcher(threading.Thread):
    """Notes every change from a version on; a version that is not above the one before is a fault.

    A kube-apiserver that was started again has no cache of what was before, and may refuse to go on there. Then all is listed, as every client does it.
    """

    def __init__(self, api, version, stop):
        super().__init__(name="watcher", daemon=True)
        self.api, self.version, self.stop = api, version, stop
        self.seen = {}  # name: contents in their order, None for a deletion, each with the number of lists before it
        self.events = self.breaks = self.lists = 0
        self.faults = []

    def run(self):
        while not self.stop.is_set():
            try:
                self.follow()
            except (Unknown, OSError, http.client.HTTPException, json.JSONDecodeError):
                self.breaks += 1
                self.api.close()
                time.sleep(0.1)

    def follow(self):
        query = urllib.parse.urlencode({"watch": 1, "resourceVersion": self.version, "allowWatchBookmarks": "true", "timeoutSeconds": 300})
        answer = self.api.open("GET", f"{self.api.maps}?{query}", timeout=300)
        if answer.status != 200:
            text = answer.read()
            if answer.status == 410:
                return self.list()
            raise Unknown(f"{answer.status} {text[:200]!r}")
        while line := answer.readline():
            event = json.loads(line)
            if event["type"] == "ERROR" and event["object"].get("code") == 410:
                self.api.close()
                return self.list()
            self.take(event)
        raise Unknown("it ended")

    def list(self):
        page = self.api.call("GET", self.api.maps)
        if int(version_of(page)) < int(self.version):
            self.faults.append(f"a list is of {version_of(page)} after {self.version}")
        self.lists += 1
        self.version = version_of(page)
        found = {name_of(each): content_of(each) for each in page["items"] if "content" in each.get("data", {})}
        for name in found.keys() | self.seen.keys():
            self.note(name, found.get(name))

    def note(self, name, content):
        self.seen.setdefault(name, []).append((content, self.lists))

    def take(self, event):
        entry = event["object"]
        if event["type"] == "ERROR":
            raise Unknown(str(entry))
        version = version_of(entry)
        if event["type"] != "BOOKMARK":
            if int(version) <= int(self.version):
                self.faults.append(f"{name_of(entry)} at {version} came after {self.version}")
            self.events += 1
            self.note(name_of(entry), None if event["type"] == "DELETED" else content_of(entry))
        self.version = version

    def await_last(self, state, seconds=30):
        """Until it has seen the last change of everything; what it has not."""
        deadline = time.monotonic() + seconds
        while True:
            missing = [name for name, content in state.items() if self.last(name) != content]
            if not missing or time.monotonic() > deadline:
                return missing
            time.sleep(0.1)

    def last(self, name):
        return self.seen.get(name, [(None, 0)])[-1][0]

    def gaps(self, step):
        """Counters of which the watch left a change out, told one twice or in another order; they count in steps."""
        wrong = []
        for name, contents in self.seen.items():
            if name.startswith("counter-"):
                told = [(int(content.split("/")[1]), lists) for content, lists in contents]
                steps = {after[0] - before[0] for before, after in zip(told, told[1:]) if before[1] == after[1]}
                wrong += [f"{name} in steps of {sorted(steps)}"] if steps - {step} else []
        return wrong
