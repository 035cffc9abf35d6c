"""What the parts share: comparing, and telling an answer without what differs from store to store."""

import base64
import http.client
import json
import urllib.parse


class Checks:
    def __init__(self, kubekv):
        self.kubekv = kubekv

    def check(self, name, found, expected=True):
        if found == expected:
            print(f"ok gateway {name}", flush=True)
        else:
            print(f"not ok gateway {name}\n    expected {expected!r}\n    found    {found!r}", flush=True)

    def differ(self, name, found, expected, of_kubekv, reason):
        """Where kubekv is known to answer otherwise."""
        if self.kubekv and found == of_kubekv:
            print(f"differs gateway {name}: {reason}", flush=True)
        else:
            self.check(name, found, of_kubekv if self.kubekv else expected)


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Plain:
    """One call after the other on one connection, as curl makes them."""

    def __init__(self, url):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=20)

    def raw(self, path, body=None, method=None, headers=None):
        self.connection.request(method or ("GET" if body is None else "POST"), path, body, headers or {})
        answer = self.connection.getresponse()
        return answer.status, answer.getheader("content-type"), answer.read().decode()

    def call(self, path, **body):
        status, _, text = self.raw(path, json.dumps(body))
        return status, json.loads(text)

    def told(self, path, **body):
        """Status and answer but for the header."""
        status, answer = self.call(path, **body)
        answer.pop("header", None)
        return status, answer
