"""Writers that know what they were promised, each the only one of its objects."""

import threading
import time

from api import Api, Refused, Unknown, content_of, version_of

OBJECTS = 4  # of each writer, which count upwards
EVERY = 5  # as many changes after which an object is made, and the one before it deleted


class Writer(threading.Thread):
    """Counts upwards in its objects, and makes and deletes others, until it is told to stop.

    After an answer that did not come it asks what is there: either what was there before or what it wrote. Everything else is a fault.
    """

    def __init__(self, number, api, stop):
        super().__init__(name=f"writer {number}")
        self.number, self.api, self.stop = number, api, stop
        self.state = {}  # name: content, as acknowledged; None when deleted
        self.versions = {}
        self.acknowledged = self.unknown = 0
        self.longest = 0.0  # seconds without an acknowledgement
        self.faults = []

    def run(self):
        turn, last = 0, time.monotonic()
        try:
            while not self.stop.is_set():
                self.turn(turn)
                turn += 1
                self.longest = max(self.longest, time.monotonic() - last)
                last = time.monotonic()
        except Exception as ended:  # a writer that ends by itself is a fault, whatever the reason
            self.faults.append(f"{self.name}: {ended!r}")
        finally:
            self.api.close()

    def turn(self, turn):
        name = f"counter-{self.number}-{turn % OBJECTS}"
        self.write(name, f"{self.number}/{turn}")
        if turn % EVERY == 0:
            self.write(f"made-{self.number}-{turn}", "made")
            if turn >= EVERY:
                self.remove(f"made-{self.number}-{turn - EVERY}")

    def write(self, name, content):
        before, doubtful = self.state.get(name), False
        while True:
            try:
                if before is None:
                    done = self.api.create(name, content)
                else:
                    done = self.api.replace(name, content, self.versions[name])
                return self.acknowledge(name, content, version_of(done))
            except Refused as refused:
                # what an answer was lost of may be done as late as this
                if refused.status != 409 or not doubtful:
                    raise
            except Unknown:
                self.unknown += 1
                doubtful = True
            found = self.look(name)
            there = None if found is None else content_of(found)
            if there == content:
                return self.acknowledge(name, content, version_of(found))
            if there != before:
                self.faults.append(f"{name} holds {there!r}; acknowledged was {before!r}, written {content!r}")
                before = there
            if found is not None:
                self.versions[name] = version_of(found)

    def remove(self, name):
        doubtful = False
        while True:
            try:
                self.api.delete(name)
                return self.acknowledge(name, None, None)
            except Refused as refused:
                # what an answer was lost of may be done as late as this
                if refused.status != 404 or not doubtful:
                    raise
                return self.acknowledge(name, None, None)
            except Unknown:
                self.unknown += 1
                doubtful = True
                if self.look(name) is None:
                    return self.acknowledge(name, None, None)

    def acknowledge(self, name, content, version):
        self.state[name], self.versions[name] = content, version
        self.acknowledged += 1

    def look(self, name):
        deadline = time.monotonic() + 120
        while True:
            try:
                return self.api.get(name)
            except Unknown as away:
                if time.monotonic() > deadline:
                    raise Refused(0, {"reason": "nobody answers", "message": str(away)}) from away
                time.sleep(0.05)


def writers(count, make, stop):
    started = [Writer(number, make(), stop) for number in range(count)]
    for each in started:
        each.start()
    return started


def fill(make, names, threads=8):
    """Makes objects whose content is their name, by several at once; what went wrong."""
    todo, wrong, lock = iter(names), [], threading.Lock()

    def work():
        api: Api = make()
        while True:
            with lock:
                name = next(todo, None)
            if name is None:
                return api.close()
            try:
                api.create(name, name)
            except (Refused, Unknown) as failed:
                wrong.append(f"{name}: {failed}")

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return wrong
