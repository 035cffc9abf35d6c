"""What the parts share: comparing, and telling what a call comes to."""

from kazoo.client import KazooClient


class Checks:
    def check(self, name, found, expected=True):
        if found == expected:
            print(f"ok kazoo {name}", flush=True)
        else:
            print(f"not ok kazoo {name}\n    expected {expected!r}\n    found    {found!r}", flush=True)

    def refused(self, name, call, kind):
        """By an exception of this kind."""
        try:
            self.check(name, call(), kind)
        except Exception as e:  # noqa: BLE001: which one it is, is what is looked at
            self.check(name, type(e).__name__, kind)


def connected(address):
    client = KazooClient(hosts=address, timeout=6.0)
    client.start(timeout=20)
    return client
