package io.kubekv.e2e.jetcd;

import static io.kubekv.e2e.jetcd.Checks.bytes;
import static io.kubekv.e2e.jetcd.Checks.get;
import static io.kubekv.e2e.jetcd.Checks.tell;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Watches of a key, of a prefix, from a revision, filtered, canceled, of what is compacted. */
final class Watches {
  private static final String W = Program.ROOT + "w/";

  private final KV kv;
  private final Watch watches;
  private final Checks checks;

  Watches(Client client, Checks checks) {
    this.kv = client.getKVClient();
    this.watches = client.getWatchClient();
    this.checks = checks;
  }

  /** What a watch was told. */
  private static final class Seen implements AutoCloseable {
    private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    private final Watch.Watcher watcher;

    Seen(Watch watches, String key, WatchOption options) {
      watcher = watches.watch(bytes(W + key), options, answers::add, answers::add);
    }

    /** So many events, or what came within ten seconds. */
    String events(int count) throws InterruptedException {
      List<String> told = new ArrayList<>();
      while (told.size() < count) {
        Object next = Checks.next(answers);
        if (!(next instanceof WatchResponse answer)) {
          told.add(next instanceof Throwable thrown ? Checks.refusal(thrown) : "nothing more");
          break;
        }
        answer.getEvents().forEach(each -> told.add(event(each)));
      }
      return String.join(", ", told).replace(W, "");
    }

    private static String event(WatchEvent event) {
      String previous =
          event.getPrevKV().getKey().isEmpty() ? "" : " after " + tell(event.getPrevKV());
      return event.getEventType() + " " + tell(event.getKeyValue()) + previous;
    }

    @Override
    public void close() {
      watcher.close();
    }
  }

  private long put(String key, String value) throws Exception {
    return get(kv.put(bytes(W + key), bytes(value))).getHeader().getRevision();
  }

  void run() throws Exception {
    try (Seen key = new Seen(watches, "k", WatchOption.builder().withCreateNotify(true).build())) {
      checks.check(
          "createNotify",
          Checks.next(key.answers) instanceof WatchResponse created && created.isCreatedNotify(),
          true);
      put("other", "x");
      put("k", "1");
      checks.check("a key", key.events(1), "PUT k=1");
    }
    long from = put("k", "2");
    put("j", "1");
    get(kv.delete(bytes(W + "k")));
    get(
        kv.txn()
            .Then(
                Op.put(bytes(W + "m"), bytes("1"), PutOption.DEFAULT),
                Op.put(bytes(W + "l"), bytes("1"), PutOption.DEFAULT),
                Op.delete(bytes(W + "j"), DeleteOption.DEFAULT))
            .commit());
    past(
        WatchOption.builder(),
        from,
        "from a revision",
        6,
        "PUT k=2, PUT j=1, DELETE k, PUT m=1, PUT l=1, DELETE j");
    past(
        WatchOption.builder().withPrevKV(true),
        from,
        "with previous values",
        6,
        "PUT k=2 after k=1, PUT j=1, DELETE k after k=2, PUT m=1, PUT l=1, DELETE j after j=1");
    past(WatchOption.builder().withNoPut(true), from, "without puts", 2, "DELETE k, DELETE j");
    past(
        WatchOption.builder().withNoDelete(true),
        from,
        "without deletes",
        4,
        "PUT k=2, PUT j=1, PUT m=1, PUT l=1");
    past(
        WatchOption.builder().withRequireLeader(true),
        from,
        "with a leader",
        1,
        "PUT k=2, PUT j=1, DELETE k, PUT m=1, PUT l=1, DELETE j");
    try (Seen range =
        new Seen(
            watches,
            "j",
            WatchOption.builder().withRange(bytes(W + "k")).withRevision(from).build())) {
      checks.check("a range", range.events(2), "PUT j=1, DELETE j");
    }
    try (Seen tail = new Seen(watches, "", WatchOption.builder().isPrefix(true).build())) {
      watches.requestProgress();
      Object progress = Checks.next(tail.answers);
      checks.check(
          "requestProgress",
          progress instanceof WatchResponse answer
              && answer.isProgressNotify()
              && answer.getHeader().getRevision() > from,
          true);
    }
    long last = put("k", "3");
    get(kv.compact(last));
    try (Seen late = new Seen(watches, "k", WatchOption.builder().withRevision(from).build())) {
      checks.check(
          "of the compacted past",
          late.events(1),
          "OUT_OF_RANGE etcdserver: mvcc: required revision has been compacted");
    }
    Seen closed = new Seen(watches, "k", WatchOption.builder().withCreateNotify(true).build());
    Checks.next(closed.answers);
    closed.close();
    put("k", "4");
    checks.check(
        "a canceled one is told nothing",
        closed.answers.stream().filter(WatchResponse.class::isInstance).count(),
        0L);
  }

  private void past(
      WatchOption.Builder options, long from, String name, int events, String expected)
      throws Exception {
    try (Seen seen = new Seen(watches, "", options.isPrefix(true).withRevision(from).build())) {
      checks.check(name, seen.events(events), expected);
    }
  }
}
