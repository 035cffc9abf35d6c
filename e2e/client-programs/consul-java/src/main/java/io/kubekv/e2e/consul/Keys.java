package io.kubekv.e2e.consul;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Keys, listings and compare-and-swap. */
final class Keys {
  private final Client client;
  private final Checks checks;

  Keys(Client client, Checks checks) {
    this.client = client;
    this.checks = checks;
  }

  void run() {
    entries();
    values();
    names();
    flags();
    listings();
    deletions();
    conditions();
  }

  private Entry entry(String key) {
    return client.get(key, Query.PLAIN).value().orElseThrow();
  }

  private void entries() {
    String key = checks.key("k");
    checks.check("get of a missing key", checks.get(key), "nothing");
    checks.check("put", checks.put(key, "one"), true);
    checks.check("get", checks.get(key), "k=one");
    Entry first = entry(key);
    checks.check("index of a key", client.get(key, Query.PLAIN).index(), first.modifyIndex());
    checks.check("indexes of a new key", first.createIndex(), first.modifyIndex());
    checks.check("get consistent", checks.tell(client.get(key, Query.in("consistent")).value()), "k=one");
    checks.check("get stale", checks.tell(client.get(key, Query.in("stale")).value()), "k=one");
    checks.put(key, "two");
    Entry second = entry(key);
    checks.check("put again", checks.tell(second), "k=two");
    checks.check("create index kept", second.createIndex(), first.createIndex());
    checks.check("modify index grown", second.modifyIndex() > first.modifyIndex(), true);
    checks.put(key, "two");
    checks.check("put of the same value", entry(key).modifyIndex() > second.modifyIndex(), true);
    checks.check("another data center", checks.refusal(() -> client.get(key, Query.at("elsewhere"))), "500 No path to datacenter");
  }

  private void values() {
    String key = checks.key("v");
    checks.put(key, "a b\n+&=ü€%41<>");
    checks.check("odd value", checks.get(key), "v=a b\n+&=ü€%41<>");
    client.put(key, new byte[0], Put.PLAIN);
    checks.check("empty value", entry(key).value(), Optional.empty());
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    client.put(key, bytes, Put.PLAIN);
    checks.check("binary value", Arrays.equals(entry(key).value().orElseThrow(), bytes), true);
    checks.check("largest value", client.put(key, new byte[512 * 1024], Put.PLAIN), true);
    checks.check("largest value read", entry(key).value().orElseThrow().length, 512 * 1024);
    checks.check("too large a value", checks.refusal(() -> client.put(key, new byte[512 * 1024 + 1], Put.PLAIN)), "413 Value exceeds 524288 byte limit");
  }

  private void names() {
    String odd = checks.key("k:1 +&ü%41@\"<");
    checks.put(odd, "v");
    checks.check("odd key", checks.get(odd), "k:1 +&ü%41@\"<=v");
    checks.put(checks.key("slash/"), "with");
    checks.check("key with a slash at the end", checks.get(checks.key("slash/")), "slash/=with");
    checks.check("the same key without", checks.get(checks.key("slash")), "nothing");
  }

  private void flags() {
    String key = checks.key("f");
    for (long number : new long[] {42, 3304740253564472344L, client.largestFlags()}) {
      checks.put(key, "1", Put.PLAIN.withFlags(number));
      checks.check("flags " + Long.toUnsignedString(number), entry(key).flags(), number);
    }
    checks.put(key, "2");
    checks.check("put without flags", checks.get(key), "f=2");
  }

  private void listings() {
    for (String name : List.of("b", "a/2", "a/1", "a-", "a")) {
      checks.put(checks.key("l/" + name), name);
    }
    checks.check("keys", keys("l/", ""), List.of("l/a", "l/a-", "l/a/1", "l/a/2", "l/b"));
    checks.check("keys of a part of a name", keys("l/a", ""), List.of("l/a", "l/a-", "l/a/1", "l/a/2"));
    checks.check("keys with a separator", keys("l/", "/"), List.of("l/a", "l/a-", "l/a/", "l/b"));
    checks.check("keys with a separator, without a slash", keys("l", "/"), List.of("l/"));
    checks.check("keys with a separator of two characters", keys("l/", "/1"), List.of("l/a", "l/a-", "l/a/1", "l/a/2", "l/b"));
    checks.check("keys of nothing", keys("l/none/", ""), List.of());
    checks.check("recurse", list("l/a/"), List.of("l/a/1=a/1", "l/a/2=a/2"));
    checks.check("recurse on a part of a name", list("l/a"), List.of("l/a=a", "l/a-=a-", "l/a/1=a/1", "l/a/2=a/2"));
    checks.check("recurse on nothing", list("l/none/"), List.of());
    Client.Answer<List<Entry>> all = client.list(checks.key("l/"), Query.PLAIN);
    checks.check("index of a listing", all.index(), all.value().stream().mapToLong(Entry::modifyIndex).max().orElseThrow());
  }

  private List<String> keys(String prefix, String separator) {
    return client.keys(checks.key(prefix), separator).stream().map(key -> key.substring(checks.key("").length())).toList();
  }

  private List<String> list(String prefix) {
    return client.list(checks.key(prefix), Query.PLAIN).value().stream().map(checks::tell).toList();
  }

  private void deletions() {
    String key = checks.key("d");
    checks.put(key, "file");
    client.delete(key);
    checks.check("get after delete", checks.get(key), "nothing");
    client.delete(key);
    for (String name : List.of("", "/a", "/a/b", "z")) {
      checks.put(key + name, "1");
    }
    client.deleteTree(key + "/");
    checks.check("keys after the delete of a tree", keys("d", ""), List.of("d", "dz"));
    client.deleteTree(key + "/");
    client.deleteTree(key);
    checks.check("keys after the delete by a part of a name", keys("d", ""), List.of());
  }

  private void conditions() {
    String key = checks.key("c");
    checks.check("cas with an index on a missing key", checks.put(key, "0", Put.cas(7)), false);
    checks.check("cas 0", checks.put(key, "1", Put.cas(0).withFlags(5)), true);
    checks.check("cas 0 on a key that exists", checks.put(key, "2", Put.cas(0)), false);
    long index = entry(key).modifyIndex();
    checks.check("cas refused", checks.put(key, "2", Put.cas(index - 1)), false);
    checks.check("get after the refusals", checks.get(key), "c=1 flags 5");
    checks.check("cas", checks.put(key, "2", Put.cas(index)), true);
    checks.check("cas a second time", checks.put(key, "3", Put.cas(index)), false);
    checks.check("get after cas", checks.get(key), "c=2");
  }
}
