package io.kubekv.zookeeper.node;

import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.zookeeper.wire.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Reads nodes for one request, each with what is counted of it at the same revision.
 *
 * @param store where
 * @param seen the latest revision that the session was shown; reads are not of an earlier one
 * @param loop goes on with the request
 */
public record Nodes(KeyValueStore store, Revision seen, Executor loop) {
  /** Two operations each, of what a transaction may have. */
  public static final int MOST_AT_ONCE = TransactionRequest.MAX_OPERATIONS / 2;

  private static final DirectoryLookup NOTHING =
      new DirectoryLookup(0, 0, Revision.ZERO, Revision.ZERO);

  /** A node and the names below it. */
  public record WithChildren(Node node, List<String> names) {
    public WithChildren {
      names = List.copyOf(names);
    }
  }

  /** Nodes at one revision, by path. */
  public record Found(Revision revision, Map<String, Node> nodes) {
    public Node of(String path) {
      Node node = nodes.get(path);
      return node == null ? absent(path, revision) : node;
    }
  }

  /** As recent as the session needs it. */
  public Freshness freshness() {
    return new Freshness.AtLeast(seen);
  }

  /** The same future, whose dependents run where the request goes on. */
  public <T> CompletableFuture<T> here(CompletableFuture<T> future) {
    return future.isDone() ? future : future.whenCompleteAsync((done, failed) -> {}, loop);
  }

  /** Which revision the store has. */
  public CompletableFuture<Revision> revision(Freshness freshness) {
    return here(store.revision(freshness));
  }

  /** One that is not there. */
  public static Node absent(String path, Revision at) {
    return new Node(path, Optional.empty(), NOTHING, at);
  }

  public CompletableFuture<Node> one(String path, Freshness freshness) {
    if (Special.is(path) || !Path.isValid(path)) {
      return some(List.of(path), freshness).thenApply(found -> found.of(path));
    }
    return committed(List.of(get(path), directory(path)), freshness)
        .thenApply(done -> node(path, done, 0));
  }

  private static TransactionOperation get(String path) {
    return new TransactionOperation.Get(Path.key(path));
  }

  private static TransactionOperation directory(String path) {
    return new TransactionOperation.Directory(Path.below(path));
  }

  /** Up to {@link #MOST_AT_ONCE} nodes. */
  public CompletableFuture<Found> some(List<String> paths, Freshness freshness) {
    List<String> real =
        paths.stream().filter(path -> Path.isValid(path) && !Special.is(path)).distinct().toList();
    if (real.isEmpty()) {
      return revision(freshness).thenApply(at -> found(paths, at, Map.of()));
    }
    List<TransactionOperation> reads = new ArrayList<>();
    for (String path : real) {
      reads.add(get(path));
      reads.add(directory(path));
    }
    return committed(reads, freshness)
        .thenApply(
            done -> {
              Map<String, Node> nodes = new LinkedHashMap<>();
              for (int i = 0; i < real.size(); i++) {
                nodes.put(real.get(i), node(real.get(i), done, 2 * i));
              }
              return found(paths, done.revision(), nodes);
            });
  }

  private static Found found(List<String> paths, Revision at, Map<String, Node> real) {
    Map<String, Node> nodes = new LinkedHashMap<>(real);
    paths.stream().filter(Special::is).forEach(path -> nodes.put(path, Special.node(path, at)));
    return new Found(at, nodes);
  }

  private static Node node(String path, TransactionOutcome.Committed done, int first) {
    return of(path, done.results().get(first), done.results().get(first + 1), done.revision());
  }

  /** A node from what was read, or stored, and counted of it. */
  public static Node of(
      String path, TransactionResult own, TransactionResult counts, Revision revision) {
    Optional<Entry> entry =
        switch (own) {
          case Lookup lookup -> lookup.entry();
          case PutOutcome.Stored stored -> Optional.of(stored.entry());
          default -> Optional.empty();
        };
    return new Node(path, entry, (DirectoryLookup) counts, revision);
  }

  /** Operations that only read, at one revision. */
  public CompletableFuture<TransactionOutcome.Committed> committed(
      List<TransactionOperation> reads, Freshness freshness) {
    TransactionRequest request = new TransactionRequest(reads, freshness);
    return here(store.transact(request)).thenApply(TransactionOutcome.Committed.class::cast);
  }

  /** A node, and the names of what is directly below it. */
  public CompletableFuture<WithChildren> withChildren(String path, Freshness freshness) {
    if (Special.is(path) || !Path.isValid(path)) {
      return one(path, freshness)
          .thenApply(node -> new WithChildren(node, Special.children(path).orElse(List.of())));
    }
    Prefix below = Path.below(path);
    List<TransactionOperation> reads =
        List.of(
            get(path),
            directory(path),
            new TransactionOperation.ListRange(ListRequest.oneLevel(new Range.WithPrefix(below))));
    return committed(reads, freshness)
        .thenApply(
            done ->
                new WithChildren(
                    node(path, done, 0), names(path, (Listing) done.results().get(2))));
  }

  /** The names that a listing of one level shows below a node. */
  public static List<String> names(String path, Listing listing) {
    int start = Path.below(path).text().length();
    TreeSet<String> names = new TreeSet<>();
    listing.entries().forEach(entry -> names.add(entry.key().text().substring(start)));
    for (Prefix prefix : listing.prefixes()) {
      names.add(prefix.text().substring(start, prefix.text().length() - 1));
    }
    names.removeIf(name -> !Path.isName(name));
    if (path.equals(Path.ROOT)) {
      names.add(Special.NAME);
    }
    return List.copyOf(names);
  }
}
