package io.kubekv.e2e.consul;

import org.kiwiproject.consul.KeyValueClient;
import org.kiwiproject.consul.option.ImmutableDeleteOptions;

/** Deletions with a condition, of which the client does not say whether it held. */
final class Deletions {
  private final KeyValueClient keys;
  private final Checks checks;

  Deletions(KeyValueClient keys, Checks checks) {
    this.keys = keys;
    this.checks = checks;
  }

  void run() {
    String key = checks.key("dc");
    checks.put(key, "1");
    long index = keys.getValue(key).orElseThrow().getModifyIndex();
    delete(key, 0);
    checks.check("delete with cas 0", checks.get(key), "dc=1");
    delete(key, index - 1);
    checks.check("delete with cas refused", checks.get(key), "dc=1");
    delete(key, index);
    checks.check("delete with cas", checks.get(key), "nothing");
  }

  private void delete(String key, long index) {
    keys.deleteKey(key, ImmutableDeleteOptions.builder().cas(index).build());
  }
}
