"""Locks, elections and counters, as kazoo builds them."""

import threading

from checks import connected

ROOT = "/kazoo/recipes"
ROUNDS = 15


def run(client, address, checks):
    clients = [client, connected(address)]
    contended(clients, checks)
    counted(clients, checks)
    lost(clients, checks)
    queued(clients, checks)


def contended(clients, checks):
    inside, together, done = [0], [0], []

    def work(client, name):
        lock = client.Lock(ROOT + "/lock", name)
        for _ in range(ROUNDS):
            with lock:
                inside[0] += 1
                together[0] += inside[0] != 1
                client.get("/kazoo")
                inside[0] -= 1
        done.append(name)

    threads = [threading.Thread(target=work, args=(each, str(i))) for i, each in enumerate(clients)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    checks.check("a lock: both had their turns", sorted(done), ["0", "1"])
    checks.check("a lock: never both inside", together[0], 0)


def counted(clients, checks):
    counters = [each.Counter(ROOT + "/counter") for each in clients]

    def count(counter):
        for _ in range(ROUNDS):
            counter += 1

    threads = [threading.Thread(target=count, args=(each,)) for each in counters]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    checks.check("a counter", counters[0].value, 2 * ROUNDS)


def lost(clients, checks):
    """A holder whose session ends leaves its lock to the next."""
    own, other = clients
    held = other.Lock(ROOT + "/left", "other")
    held.acquire()
    waiter = own.Lock(ROOT + "/left", "own")
    checks.check("a lock that is held", waiter.acquire(blocking=False), False)
    checks.check("its contenders", waiter.contenders(), ["other"])
    other.stop()
    other.close()
    checks.check("a lock that was left", waiter.acquire(timeout=20), True)
    waiter.release()


def queued(clients, checks):
    queue = clients[0].Queue(ROOT + "/queue")
    for value in (b"1", b"2", b"3"):
        queue.put(value)
    checks.check("a queue", [queue.get() for _ in range(4)], [b"1", b"2", b"3", None])
