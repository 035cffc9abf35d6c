"""Uses a store through python-consul and says of each call whether it answered as Consul does: "ok NAME" or "not ok NAME" with the difference.

usage: python3 -O program.py URL. Without -O the client asserts that a time to live is 10 seconds at least, whatever the store takes.
"""
import sys
from urllib.parse import urlsplit

import consul

import checks
import ends
import keys
import locks
import others
import sessions
import waits

url = urlsplit(sys.argv[1])
store = consul.Consul(host=url.hostname, port=url.port)
for part in keys, waits, sessions, locks, ends, others:
    part.run(store)
store.kv.delete(checks.ROOT + '/', recurse=True)
