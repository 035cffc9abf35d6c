"""Uses a store through the JSON gateway of etcd v3: with etcd3gw, and as curl does.

Says of each call whether it answered as etcd does: "ok NAME", "differs NAME: REASON" where kubekv is known to answer otherwise, or "not ok NAME" with the
difference. usage: program.py URL STORE
"""

import os
import sys

import client
import plain
import streams
from checks import Checks


def main():
    url, store = sys.argv[1:]
    checks = Checks(store == "kubekv")
    client.run(url, checks)
    plain.run(url, checks)
    streams.run(url, checks)
    sys.stdout.flush()
    os._exit(0)  # etcd3gw's watches have threads that do not end


main()
