package io.kubekv.e2e.consul;

import java.util.List;

/** What becomes of locks when sessions end, and when those end that are not renewed. */
final class Ends {
  private final Client client;
  private final Checks checks;

  Ends(Client client, Checks checks) {
    this.client = client;
    this.checks = checks;
  }

  void run() throws InterruptedException {
    release();
    delete();
    lockDelay();
    noLockDelay();
    expiry();
    renewal();
  }

  private void release() {
    String key = checks.key("e-release");
    String id = client.createSession(Settings.USUAL);
    checks.put(key, "1", Put.acquire(id).withFlags(3));
    long before = client.get(key, Query.PLAIN).index();
    client.destroy(id);
    checks.check("end of a session releases", checks.get(key), "e-release=1 flags 3 lock 1");
    checks.check("and is a change", client.get(key, Query.PLAIN).index() > before, true);
  }

  private void delete() {
    String id = client.createSession(Settings.USUAL.deleting().delaying(20));
    String key = checks.key("e-delete/a");
    checks.put(key, "1", Put.acquire(id));
    checks.put(checks.key("e-delete/b"), "1", Put.acquire(id));
    checks.put(checks.key("e-delete/c"), "not held");
    client.destroy(id);
    checks.check("end of a session deletes", client.keys(checks.key("e-delete/"), ""), List.of(checks.key("e-delete/c")));
    String other = client.createSession(Settings.USUAL);
    checks.check("acquire of a deleted key in its lock delay", checks.put(key, "2", Put.acquire(other)), false);
    checks.check("put of it", checks.put(key, "3"), true);
    checks.check("get of it", checks.get(key), "e-delete/a=3");
    client.destroy(other);
  }

  private void lockDelay() throws InterruptedException {
    String key = checks.key("e-delay");
    String id = client.createSession(Settings.USUAL.delaying(1));
    String other = client.createSession(Settings.USUAL);
    checks.put(key, "1", Put.acquire(id));
    long since = System.nanoTime();
    client.destroy(id);
    checks.check("acquire in the lock delay", checks.put(key, "2", Put.acquire(other)), false);
    long milliseconds = Checks.until(since, () -> checks.put(key, "3", Put.acquire(other)));
    checks.check("lock delay", Checks.between(1000, milliseconds, 1500), "in time");
    checks.check("get after the lock delay", checks.get(key), "e-delay=3 lock 2 session " + other);
    client.destroy(other);
  }

  private void noLockDelay() {
    String key = checks.key("e-at-once");
    String id = client.createSession(Settings.USUAL.delaying(0));
    String other = client.createSession(Settings.USUAL);
    checks.put(key, "1", Put.acquire(id));
    client.destroy(id);
    checks.check("acquire without a lock delay", checks.put(key, "2", Put.acquire(other)), true);
    client.destroy(other);
  }

  /** Not before the time to live is over, and at twice that at the latest. */
  private void expiry() throws InterruptedException {
    long since = System.nanoTime();
    String releasing = client.createSession(Settings.USUAL.lasting("1s").delaying(0));
    String deleting = client.createSession(Settings.USUAL.lasting("1s").deleting());
    String kept = checks.key("e-kept");
    String deleted = checks.key("e-deleted");
    checks.put(kept, "1", Put.acquire(releasing));
    checks.put(deleted, "1", Put.acquire(deleting));
    long milliseconds = Checks.until(since, () -> client.session(releasing).isEmpty() && client.session(deleting).isEmpty());
    checks.check("expiry", Checks.between(1000, milliseconds, 2000), "in time");
    checks.check("expiry releases", checks.get(kept), "e-kept=1 lock 1");
    checks.check("expiry deletes", checks.get(deleted), "nothing");
    checks.check("renew after the expiry", checks.refusal(() -> client.renew(releasing)), "404 Session id '" + releasing + "' not found");
    String other = client.createSession(Settings.USUAL);
    checks.check("acquire after the expiry", checks.put(kept, "2", Put.acquire(other)), true);
    client.destroy(other);
  }

  private void renewal() throws InterruptedException {
    String key = checks.key("e-renewed");
    String id = client.createSession(Settings.USUAL.lasting("1s"));
    checks.put(key, "1", Put.acquire(id));
    for (long since = System.nanoTime(); Checks.millisecondsSince(since) < 3000; Thread.sleep(300)) {
      client.renew(id);
    }
    checks.check("renewed for three times its time", checks.get(key), "e-renewed=1 lock 1 session " + id);
    client.destroy(id);
  }
}
