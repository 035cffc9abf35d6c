"""Uses a store through kazoo.

Says of each call whether it answered as ZooKeeper does: "ok NAME", or "not ok NAME" with the difference. usage: program.py URL STORE
"""

import sys
import urllib.parse

import nodes
import recipes
import watches
from checks import Checks, connected


def main():
    address = urllib.parse.urlsplit(sys.argv[1]).netloc
    checks = Checks()
    client = connected(address)
    client.ensure_path("/kazoo")
    nodes.run(client, checks)
    watches.run(client, address, checks)
    recipes.run(client, address, checks)
    client.delete("/kazoo", recursive=True)
    client.stop()
    client.close()


main()
