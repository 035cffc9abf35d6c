package io.kubekv.e2e.consul;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Acquire and release, alone and in contention. */
final class Locks {
  private static final int CONTENDERS = 4;
  private static final int TIMES = 5;

  private final Client client;
  private final Checks checks;

  Locks(Client client, Checks checks) {
    this.client = client;
    this.checks = checks;
  }

  void run() {
    String mine = client.createSession(Settings.USUAL.delaying(0));
    String other = client.createSession(Settings.USUAL.delaying(0));
    held(mine, other);
    handedOn(mine, other);
    written(mine, other);
    refused(mine);
    client.destroy(mine);
    client.destroy(other);
    contention();
  }

  private void held(String mine, String other) {
    String key = checks.key("lock");
    checks.check("release of a key that is not there", checks.put(key, "x", Put.release(mine)), false);
    checks.check("acquire", checks.put(key, "1", Put.acquire(mine).withFlags(9)), true);
    checks.check("get of a lock", checks.get(key), "lock=1 flags 9 lock 1 session " + mine);
    checks.check("acquire by another", checks.put(key, "x", Put.acquire(other)), false);
    checks.check("get after the refusal", checks.get(key), "lock=1 flags 9 lock 1 session " + mine);
    checks.check("acquire again", checks.put(key, "2", Put.acquire(mine)), true);
    checks.check("get after it", checks.get(key), "lock=2 lock 1 session " + mine);
    checks.check("release by another", checks.put(key, "x", Put.release(other)), false);
    checks.check("release", checks.put(key, "3", Put.release(mine)), true);
    checks.check("get after the release", checks.get(key), "lock=3 lock 1");
    checks.check("release of a free key", checks.put(key, "x", Put.release(mine)), false);
  }

  private void handedOn(String mine, String other) {
    String key = checks.key("lock");
    checks.check("acquire by the other", checks.put(key, "4", Put.acquire(other)), true);
    checks.check("get of its lock", checks.get(key), "lock=4 lock 2 session " + other);
    client.delete(key);
    checks.check("acquire of a held key that was deleted", checks.put(key, "5", Put.acquire(mine)), true);
    checks.check("get of the new lock", checks.get(key), "lock=5 lock 1 session " + mine);
  }

  /** A write without a session is no matter of the lock. */
  private void written(String mine, String other) {
    String key = checks.key("written");
    checks.put(key, "1", Put.acquire(mine));
    checks.check("put of a held key", checks.put(key, "2"), true);
    checks.check("get of the held key", checks.get(key), "written=2 session " + mine);
    long index = client.get(key, Query.PLAIN).index();
    checks.check("cas of a held key", checks.put(key, "3", Put.cas(index)), true);
    checks.check("the lock is still held", checks.put(key, "x", Put.acquire(other)), false);
    checks.check("get of the key after cas", checks.get(key), "written=3 session " + mine);
  }

  private void refused(String mine) {
    String key = checks.key("no");
    String unknown = Checks.NO_SESSION;
    checks.check("acquire with an unknown session", put(key, Put.acquire(unknown)), "500 invalid session \"" + unknown + "\"");
    checks.check("acquire with what is no session id", put(key, Put.acquire("abc")), Checks.NO_ID);
    checks.check("acquire with no session", put(key, Put.acquire("")), "500 missing session");
    checks.check("release with an unknown session", checks.put(key, "x", Put.release(unknown)), false);
    checks.check("acquire and cas", put(key, Put.acquire(mine).withCas(0)).replaceFirst("[?: ]\\S*$", ""), "400 Conflicting flags:");
    checks.check("nothing was written", checks.get(key), "nothing");
  }

  private String put(String key, Put put) {
    return checks.refusal(() -> checks.put(key, "x", put));
  }

  /** Contenders that wait for the key to change take the lock several times each. */
  private void contention() {
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    Runnable hold =
        () -> {
          taken.incrementAndGet();
          most.accumulateAndGet(holders.incrementAndGet(), Math::max);
          holders.decrementAndGet();
        };
    List<CompletableFuture<Boolean>> contenders = Stream.generate(() -> Checks.beside(() -> contend(hold))).limit(CONTENDERS).toList();
    contenders.forEach(CompletableFuture::join);
    checks.check("contention", List.of(taken.get(), most.get()), List.of(CONTENDERS * TIMES, 1));
  }

  private boolean contend(Runnable hold) {
    String key = checks.key("contended");
    String id = client.createSession(Settings.USUAL.lasting("60s").delaying(0));
    for (int i = 0; i < TIMES; i++) {
      long index = client.get(key, Query.PLAIN).index();
      while (!checks.put(key, id, Put.acquire(id))) {
        index = client.get(key, Query.behind(index, 10)).index();
      }
      hold.run();
      checks.put(key, "", Put.release(id));
    }
    client.destroy(id);
    return true;
  }
}
