package io.kubekv.e2e.consul;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.kiwiproject.consul.KeyValueClient;
import org.kiwiproject.consul.model.kv.ImmutableOperation;
import org.kiwiproject.consul.model.kv.Operation;
import org.kiwiproject.consul.model.kv.TxResponse;
import org.kiwiproject.consul.model.kv.Value;
import org.kiwiproject.consul.model.kv.Verb;

/** Transactions: reads, checks and writes, of one key and of several. */
final class Transactions {
  private final KeyValueClient keys;
  private final Client client;
  private final Checks checks;

  Transactions(KeyValueClient keys, Client client, Checks checks) {
    this.keys = keys;
    this.client = client;
    this.checks = checks;
  }

  void run() {
    writes();
    severalKeys();
    reads();
    failures();
    locks();
  }

  private ImmutableOperation.Builder operation(Verb verb, String name) {
    return Operation.builder(verb).key(checks.key(name));
  }

  /** The results, or the refusal. */
  private Object run(ImmutableOperation.Builder... builders) {
    Operation[] operations = new Operation[builders.length];
    for (int i = 0; i < builders.length; i++) {
      operations[i] = builders[i].build();
    }
    try {
      TxResponse answer = keys.performTransaction(operations).getResponse();
      List<String> told = new ArrayList<>();
      answer.results().forEach(result -> told.add(tell(result.get("KV"))));
      return answer.errors().isEmpty() ? told : answer.errors();
    } catch (RuntimeException e) {
      return client.refusal(e).replaceFirst(",\"Index\":0,.*", "}");
    }
  }

  private String tell(Value value) {
    return checks.tell(
        new Entry(
            value.getKey(), value.getValueAsBytes(), value.getFlags(), value.getLockIndex(), value.getSession(), value.getCreateIndex(), value.getModifyIndex()));
  }

  private static BigInteger index(long index) {
    return BigInteger.valueOf(index);
  }

  private void writes() {
    checks.check("txn cas 0", run(operation(Verb.CHECK_AND_SET, "t").index(index(0)).value("0")), List.of("t="));
    checks.check("txn set", run(operation(Verb.SET, "t").value("1").flags(7)), List.of("t= flags 7"));
    checks.check("get after txn set", checks.get(checks.key("t")), "t=1 flags 7");
    BigInteger now = index(client.get(checks.key("t"), Query.PLAIN).index());
    checks.check(
        "txn check-index, cas",
        run(operation(Verb.CHECK_INDEX, "t").index(now), operation(Verb.CHECK_AND_SET, "t").index(now).value("2")),
        List.of("t= flags 7", "t="));
    checks.check("txn delete", run(operation(Verb.DELETE, "t")), List.of());
    checks.check("txn delete-cas of a missing key", run(operation(Verb.DELETE_CHECK_AND_SET, "t").index(now)), List.of());
    checks.check("get after txn delete", checks.get(checks.key("t")), "nothing");
  }

  private void severalKeys() {
    checks.check(
        "txn set, set, get",
        run(operation(Verb.SET, "ts/a").value("1"), operation(Verb.SET, "ts/b").value("2"), operation(Verb.GET, "ts/a")),
        List.of("ts/a=", "ts/b=", "ts/a=1"));
    checks.check(
        "txn set, delete, get of a missing key",
        run(operation(Verb.SET, "ts/a").value("3"), operation(Verb.DELETE, "ts/b"), operation(Verb.GET, "ts/x")),
        refused(2, "key \\\"" + checks.key("ts/x") + "\\\" doesn't exist"));
    checks.check("txn of several keys rolled back", run(operation(Verb.GET_TREE, "ts/")), List.of("ts/a=1", "ts/b=2"));
    checks.check("txn delete-tree, set", run(operation(Verb.DELETE_TREE, "ts/"), operation(Verb.SET, "ts/c").value("4")), List.of("ts/c="));
    checks.check("get-tree after txn delete-tree", run(operation(Verb.GET_TREE, "ts/")), List.of("ts/c=4"));
  }

  private void reads() {
    checks.put(checks.key("tr/a"), "a");
    checks.put(checks.key("tr/b"), "b");
    checks.check("txn get, get", run(operation(Verb.GET, "tr/a"), operation(Verb.GET, "tr/b")), List.of("tr/a=a", "tr/b=b"));
    checks.check("txn get-tree", run(operation(Verb.GET_TREE, "tr/")), List.of("tr/a=a", "tr/b=b"));
    checks.check("txn get-tree of nothing", run(operation(Verb.GET_TREE, "tr/none/")), List.of());
  }

  private void failures() {
    String key = checks.key("tf");
    checks.put(key, "1");
    long now = client.get(key, Query.PLAIN).index();
    checks.check("txn get of a missing key", run(operation(Verb.GET, "tfx")), refused(0, "key \\\"" + key + "x\\\" doesn't exist"));
    checks.check("txn cas refused", run(operation(Verb.CHECK_AND_SET, "tf").index(index(1)).value("2")), refused(0, "failed to set key \\\"" + key + "\\\", index is stale"));
    checks.check(
        "txn check-index refused",
        run(operation(Verb.CHECK_INDEX, "tf").index(index(1)), operation(Verb.SET, "tf").value("2")),
        refused(0, "failed index check for key \\\"" + key + "\\\", current modify index " + now + " != 1"));
    checks.check("txn delete-cas refused", run(operation(Verb.DELETE_CHECK_AND_SET, "tf").index(index(1))), refused(0, "failed to delete key \\\"" + key + "\\\", index is stale"));
    checks.check("txn rolled back", checks.get(key), "tf=1");
  }

  private static String refused(int operation, String what) {
    return "409 {\"Results\":null,\"Errors\":[{\"OpIndex\":" + operation + ",\"What\":\"" + what + "\"}]}";
  }

  private void locks() {
    String mine = client.createSession(Settings.USUAL);
    String other = client.createSession(Settings.USUAL);
    String key = checks.key("tl");
    checks.check("txn lock", run(operation(Verb.LOCK, "tl").value("1").session(mine)), List.of("tl= lock 1 session " + mine));
    checks.check("txn check-session", run(operation(Verb.CHECK_SESSION, "tl").session(mine)), List.of("tl= lock 1 session " + mine));
    checks.check("txn lock by another", run(operation(Verb.LOCK, "tl").value("x").session(other)), refused(0, "failed to lock key \\\"" + key + "\\\", lock is already held"));
    checks.check("txn unlock", run(operation(Verb.UNLOCK, "tl").value("2").session(mine)), List.of("tl= lock 1"));
    checks.check("get after txn unlock", checks.get(key), "tl=2 lock 1");
    client.destroy(mine);
    client.destroy(other);
  }
}
