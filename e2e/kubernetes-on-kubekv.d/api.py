"""A small client of a kube-apiserver: one connection for each user, JSON both ways."""

import http.client
import json
import ssl
import urllib.parse


class Refused(Exception):
    """The server's own answer that it will not."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body.get('reason', '')}: {body.get('message', '')}")
        self.status = status
        self.body = body


class Unknown(Exception):
    """Nobody said whether it was done."""


class Api:
    """Not for several threads at once.

    Who answers 500, 503 or 504, or not at all, has not said what was done.
    """

    def __init__(self, url, pki, namespace):
        self.address = urllib.parse.urlsplit(url).netloc
        self.tls = ssl.create_default_context(cafile=f"{pki}/ca.crt")
        self.tls.load_cert_chain(f"{pki}/admin.crt", f"{pki}/admin.key")
        self.maps = f"/api/v1/namespaces/{namespace}/configmaps"
        self.connection = None

    def open(self, method, path, body=None, timeout=30, headers=None):
        try:
            if self.connection is None:
                self.connection = http.client.HTTPSConnection(self.address, timeout=timeout, context=self.tls)
            text = None if body is None else json.dumps(body)
            self.connection.request(method, path, text, {"Content-Type": "application/json"} | (headers or {}))
            return self.connection.getresponse()
        except (OSError, http.client.HTTPException) as lost:
            self.close()
            raise Unknown(str(lost)) from lost

    def call(self, method, path, body=None):
        try:
            answer = self.open(method, path, body)
            text = answer.read()
        except (OSError, http.client.HTTPException) as lost:
            self.close()
            raise Unknown(str(lost)) from lost
        if answer.status in (429, 500, 503, 504):
            raise Unknown(f"{answer.status} {text[:200]!r}")
        told = json.loads(text)
        if answer.status >= 400:
            raise Refused(answer.status, told)
        return told

    def create(self, name, content):
        return self.call("POST", self.maps, config_map(name, content))

    def get(self, name):
        """None when it is not there."""
        try:
            return self.call("GET", f"{self.maps}/{name}")
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def replace(self, name, content, version):
        return self.call("PUT", f"{self.maps}/{name}", config_map(name, content, version))

    def delete(self, name):
        return self.call("DELETE", f"{self.maps}/{name}")

    def page(self, limit, token="", **more):
        query = urllib.parse.urlencode({"limit": limit, "continue": token} | more)
        return self.call("GET", f"{self.maps}?{query}")

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def config_map(name, content, version=None):
    metadata = {"name": name} if version is None else {"name": name, "resourceVersion": version}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"content": content}}


def content_of(entry):
    return entry["data"]["content"]


def name_of(entry):
    return entry["metadata"]["name"]


def version_of(entry):
    return entry["metadata"]["resourceVersion"]
