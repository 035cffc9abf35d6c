package io.kubekv.e2e.consul;

import io.kubekv.e2e.consul.Client.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Blocking queries. */
final class Waits {
  private final Client client;
  private final Checks checks;

  Waits(Client client, Checks checks) {
    this.client = client;
    this.checks = checks;
  }

  void run() throws InterruptedException {
    wakeUps();
    listings();
    timeouts();
  }

  private Answer<String> get(Query query) {
    var answer = client.get(checks.key("w"), query);
    return new Answer<>(answer.index(), checks.tell(answer.value()));
  }

  private Answer<List<String>> list(Query query) {
    var answer = client.list(checks.key("wl/"), query);
    return new Answer<>(answer.index(), answer.value().stream().map(checks::tell).toList());
  }

  private void wakeUps() throws InterruptedException {
    String key = checks.key("w");
    long index = get(Query.PLAIN).index();
    index = change("wait for a key to be made", this::get, index, () -> checks.put(key, "1"), "w=1");
    index = change("wait for a change", this::get, index, () -> checks.put(key, "2"), "w=2");
    index = change("wait for a change to the same value", this::get, index, () -> checks.put(key, "2"), "w=2");
    change("wait for a deletion", this::get, index, () -> client.delete(key), "nothing");
  }

  private void listings() throws InterruptedException {
    String a = checks.key("wl/a");
    checks.put(a, "1");
    long index = list(Query.PLAIN).index();
    index = change("wait for a key below", this::list, index, () -> checks.put(checks.key("wl/b/c"), "2"), List.of("wl/a=1", "wl/b/c=2"));
    index = change("wait for a value below", this::list, index, () -> checks.put(a, "3"), List.of("wl/a=3", "wl/b/c=2"));
    index = change("wait for a deletion below", this::list, index, () -> client.delete(a), List.of("wl/b/c=2"));
    change("wait for the deletion of a tree", this::list, index, () -> client.deleteTree(checks.key("wl/")), List.of());
  }

  /** Waits behind an index, does something, and checks the answer, that the index grew, and that it came soon; the new index. */
  private <T> long change(String name, Function<Query, Answer<T>> read, long index, Runnable action, T expected) throws InterruptedException {
    CompletableFuture<Answer<T>> waiting = Checks.beside(() -> read.apply(Query.behind(index, 30)));
    Thread.sleep(300);
    long since = System.nanoTime();
    action.run();
    Answer<T> answer = waiting.join();
    String soon = Checks.between(0, Checks.millisecondsSince(since), 2000);
    checks.check(name, List.of(answer.value(), answer.index() > index, soon), List.of(expected, true, "in time"));
    return answer.index();
  }

  private void timeouts() throws InterruptedException {
    String key = checks.key("w");
    checks.put(key, "1");
    long index = get(Query.PLAIN).index();
    long since = System.nanoTime();
    CompletableFuture<Answer<String>> waiting = Checks.beside(() -> get(Query.behind(index, 1)));
    Thread.sleep(300);
    checks.put(key + "x", "beside it");
    Answer<String> answer = waiting.join();
    String time = Checks.between(1000, Checks.millisecondsSince(since), 1063);
    checks.check("wait for nothing", List.of(answer.value(), answer.index(), time), List.of("w=1", index, "in time"));
    long again = System.nanoTime();
    get(Query.behind(index - 1, 30));
    checks.check("wait behind an index that is past", Checks.between(0, Checks.millisecondsSince(again), 1000), "in time");
  }
}
