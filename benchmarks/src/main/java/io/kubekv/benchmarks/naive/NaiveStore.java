package io.kubekv.benchmarks.naive;

import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Locking;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TreeRules;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * The store that a first attempt would be: each get is a call of the API, each list is a LIST, each
 * watch a watch of the API, each write a read and a write. It remembers nothing but the timers of
 * the entries that it gave a time to live, which a restart forgets. As good as that allows: the API
 * server picks out what a list or a watch is for ({@link Selection}).
 *
 * <p>It keeps promises 1, 3 (for one key), 6 by saying that it does not know, 7 and 8 of the port.
 * It has no sessions, locks, fences and transactions, and refuses them by name. Its watches do not
 * tell the entry before a change, an expiry is told as a delete, and a deletion's revision is one
 * at or after it: the API does not say.
 */
final class NaiveStore implements KeyValueStore {
  private static final int ATTEMPTS = 100;

  private final ObjectApi api;
  private final long id;
  private final ScheduledExecutorService timers =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /** Takes over the API's client. */
  NaiveStore(ObjectApi api, String namespace) {
    this.api = api;
    this.id = 0x6e61_6976_6500_0000L | (namespace.hashCode() & 0xffffffL);
  }

  /** Each call waits for the API on a virtual thread of its own. */
  private static <T> CompletableFuture<T> onThread(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, Thread::startVirtualThread);
  }

  @Override
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return onThread(() -> lookup(key));
  }

  private Lookup lookup(Key key) {
    Optional<Entry> entry = find(key);
    // a miss says nothing of when
    return new Lookup(entry, entry.map(Entry::modifyRevision).orElseGet(this::now));
  }

  private Optional<Entry> find(Key key) {
    ObjectApi.Answer answer = api.get(Selection.objectName(key));
    return answer.isThere()
        ? Optional.of(StoredJson.entry(require(answer, 200)))
        : Optional.empty();
  }

  private Revision now() {
    return StoredJson.revision(require(api.list("limit=1"), 200));
  }

  private static JsonNode require(ObjectApi.Answer answer, int status) {
    if (answer.status() != status) {
      throw new UnavailableException(
          "the API answered "
              + answer.status()
              + ": "
              + answer.body().path("message").asString(""));
    }
    return answer.body();
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return onThread(() -> listing(request));
  }

  private Listing listing(ListRequest request) {
    JsonNode page = require(api.list(Selection.query(request.range())), 200);
    List<Entry> entries = new ArrayList<>();
    Set<String> prefixes = new TreeSet<>();
    for (JsonNode object : page.path("items")) {
      Entry entry = StoredJson.entry(object);
      if (request.range().contains(entry.key())) {
        Optional<String> cut = cut(request, entry.key());
        cut.ifPresentOrElse(prefixes::add, () -> entries.add(entry));
      }
    }
    entries.sort(Comparator.comparing(Entry::key));
    return new Listing(
            entries, prefixes.stream().map(Prefix::new).toList(), StoredJson.revision(page))
        .first(request.limit());
  }

  private static Optional<String> cut(ListRequest request, Key key) {
    if (request.delimiter().isEmpty()) {
      return Optional.empty();
    }
    String delimiter = request.delimiter().get();
    return request
        .range()
        .below()
        .filter(prefix -> prefix.matches(key))
        .map(prefix -> key.text().indexOf(delimiter, prefix.text().length()))
        .filter(at -> at >= 0)
        .map(at -> key.text().substring(0, at + delimiter.length()));
  }

  @Override
  public CompletableFuture<Revision> revision(Freshness freshness) {
    return onThread(this::now);
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return onThread(() -> stored(request));
  }

  private PutOutcome stored(PutRequest request) {
    Limits.DEFAULT.check(request);
    if (!(request.locking() instanceof Locking.None) || request.fence().isPresent()) {
      throw new UnsupportedOperationException("the naive store has no locks and no fences");
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<PutOutcome> outcome = tryPut(request);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    throw new UnavailableException("others keep changing " + request.key());
  }

  /** Empty when somebody else changed the key meanwhile. */
  private Optional<PutOutcome> tryPut(PutRequest request) {
    Optional<Entry> current = find(request.key());
    Optional<Refused> refused = refusal(request, current);
    if (refused.isPresent()) {
      return Optional.of(refused.get());
    }
    JsonNode object = StoredJson.object(request, current);
    ObjectApi.Answer answer =
        current.isPresent()
            ? api.replace(Selection.objectName(request.key()), object)
            : api.create(object);
    if (answer.status() == 409 || !answer.isThere()) {
      return Optional.empty();
    }
    Entry stored = StoredJson.entry(require(answer, current.isPresent() ? 200 : 201));
    request.timeToLive().ifPresent(ttl -> endAfter(ttl.toNanos(), stored));
    return Optional.of(new PutOutcome.Stored(stored, current));
  }

  /** What stands above a key that is there was looked at when it was made. */
  private Optional<Refused> refusal(PutRequest request, Optional<Entry> current) {
    if (current.isEmpty()) {
      Optional<Refused> above =
          request.layout() == Layout.TREE ? makeParents(request.key()) : Optional.empty();
      boolean needed =
          request.mode() == PutMode.REFRESH
              || request.precondition().refusal(current, Revision.ZERO).isPresent();
      return above.or(
          () ->
              needed
                  ? Optional.of(new Refused(Refused.Reason.MISSING, Optional.empty(), now()))
                  : Optional.empty());
    }
    Revision at = current.get().modifyRevision();
    return request.layout() == Layout.TREE
        ? new TreeRules(key -> current.filter(entry -> entry.key().equals(key)), key -> false)
            .refusal(request, at)
        : request.precondition().refusal(current, at);
  }

  /** Makes the directories that are missing above a key; the value that stands there, if one. */
  private Optional<Refused> makeParents(Key key) {
    List<Key> missing = new ArrayList<>();
    for (Optional<Key> at = key.parent(); at.isPresent(); at = at.get().parent()) {
      Optional<Entry> there = find(at.get());
      if (there.isPresent() && !there.get().isDirectory()) {
        return Optional.of(
            Refused.of(Refused.Reason.NOT_A_DIRECTORY, there.get(), there.get().modifyRevision()));
      }
      if (there.isPresent()) {
        break;
      }
      missing.addFirst(at.get());
    }
    missing.forEach(directory -> api.create(StoredJson.parent(directory)));
    return Optional.empty();
  }

  private void endAfter(long nanos, Entry stored) {
    String name = Selection.objectName(stored.key());
    var unused =
        timers.schedule(
            () ->
                Thread.startVirtualThread(
                    () -> api.delete(name, stored.modifyRevision().toString())),
            nanos,
            TimeUnit.NANOSECONDS);
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return onThread(() -> removed(request));
  }

  private DeleteOutcome removed(DeleteRequest request) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Entry> current = find(request.key());
      Optional<Refused> refused = refusal(request, current);
      if (refused.isPresent()) {
        return refused.get();
      }
      if (deleted(current.orElseThrow())) {
        return new DeleteOutcome.Deleted(now(), current.get());
      }
    }
    throw new UnavailableException("others keep changing " + request.key());
  }

  private Optional<Refused> refusal(DeleteRequest request, Optional<Entry> current) {
    if (current.isEmpty()) {
      return Optional.of(new Refused(Refused.Reason.MISSING, current, now()));
    }
    Revision at = current.get().modifyRevision();
    return request.layout() == Layout.TREE
        ? new TreeRules(key -> current.filter(entry -> entry.key().equals(key)), this::hasChildren)
            .refusal(request, at)
        : request.precondition().refusal(current, at);
  }

  private boolean hasChildren(Key key) {
    return !listing(ListRequest.of(new Range.WithPrefix(key.below()))).entries().isEmpty();
  }

  /** False when somebody else has changed it meanwhile. */
  private boolean deleted(Entry entry) {
    ObjectApi.Answer answer =
        api.delete(Selection.objectName(entry.key()), entry.modifyRevision().toString());
    return answer.status() < 300;
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    return onThread(() -> rangeDeleted(request.range()));
  }

  private RangeDeleted rangeDeleted(Range range) {
    List<Entry> entries = listing(ListRequest.of(range)).entries();
    Optional<Entry> top =
        range
            .self()
            .flatMap(self -> entries.stream().filter(e -> e.key().equals(self)).findFirst());
    long count = 0;
    for (Entry entry : entries.reversed()) {
      count += removed(DeleteRequest.of(entry.key())) instanceof DeleteOutcome.Deleted ? 1 : 0;
    }
    return new RangeDeleted(count, top, now());
  }

  @Override
  public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("the naive store counts nothing"));
  }

  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("the naive store has no history"));
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("the naive store has no transactions"));
  }

  @Override
  public Watch watch(WatchRequest request) {
    Revision start =
        switch (request.start()) {
          case WatchRequest.Now now -> now();
          case WatchRequest.From from -> new Revision(from.first().value() - 1);
          case WatchRequest.Oldest oldest -> now();
        };
    String query =
        "allowWatchBookmarks=true&resourceVersion=" + start + Selection.query(request.range());
    try {
      HttpResponse<InputStream> frames = api.watch(query);
      if (frames.statusCode() != 200) {
        throw new UnavailableException("a watch was answered " + frames.statusCode());
      }
      return new NaiveWatch(request.range(), start, frames.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", e);
    }
  }

  @Override
  public Sessions sessions() {
    throw new UnsupportedOperationException("the naive store has no sessions");
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.DURABLE);
  }

  @Override
  public Limits limits() {
    return Limits.DEFAULT;
  }

  @Override
  public long id() {
    return id;
  }

  /** Knows no revision: that would be a call. */
  @Override
  public StoreStatus status() {
    return new StoreStatus(true, "", Revision.ZERO, Revision.ZERO, 0, 0);
  }

  @Override
  public void close() {
    timers.shutdownNow();
    api.close();
  }
}
