package io.kubekv.e2e.faults.load;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Locking;
import io.kubekv.OverloadedException;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.client.KubekvClient;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@code kubekv.v1}, by the port over it: a call is sent once. */
final class GrpcDoor implements Door, Sessions, Mortals {
  private final KubekvClient client;
  private final KeyValueStore store;

  GrpcDoor(Endpoint endpoint, Duration timeout) {
    this.client =
        KubekvClient.to(StoreProcess.hostAndPort(endpoint.grpc())).deadline(timeout).connect();
    this.store = client.store();
  }

  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public Set<Action> actions() {
    return EnumSet.complementOf(EnumSet.of(Action.REMOVE));
  }

  @Override
  public Answer call(Action action, String key, String value, long expected) {
    Key named = Key.of(key);
    PutRequest put = PutRequest.of(named, Bytes.utf8(value));
    Precondition unchanged = new Precondition.RevisionIs(new Revision(expected));
    return answer(
        () ->
            switch (action) {
              case GET ->
                  Answer.read(sight(Await.read(store.get(named, Freshness.LINEARIZABLE)).entry()));
              case PUT -> stored(Await.change(store.put(put)));
              case CREATE ->
                  stored(Await.change(store.put(put.withPrecondition(Precondition.ABSENT))));
              case SWAP -> stored(Await.change(store.put(put.withPrecondition(unchanged))));
              case DELETE -> deleted(Await.change(store.delete(DeleteRequest.of(named))));
              case DELETE_IF ->
                  deleted(
                      Await.change(
                          store.delete(DeleteRequest.of(named).withPrecondition(unchanged))));
              case REMOVE -> throw new IllegalArgumentException("not here: " + action);
            });
  }

  @Override
  public Optional<Listing> list(String prefix) {
    try {
      ListRequest request = ListRequest.of(new Range.WithPrefix(new Prefix(prefix)));
      io.kubekv.Listing listing = Await.read(store.list(request, Freshness.LINEARIZABLE));
      List<ListSeen.Item> items =
          listing.entries().stream()
              .filter(entry -> !entry.isDirectory())
              .map(entry -> new ListSeen.Item(entry.key().text(), text(entry), at(entry)))
              .toList();
      return Optional.of(new Listing(items, listing.revision().value()));
    } catch (StoreException failed) {
      return Optional.empty();
    }
  }

  /** Every change after a revision. */
  Watch watch(String prefix, long after) {
    Range range = new Range.WithPrefix(new Prefix(prefix));
    return store.watch(WatchRequest.from(range, new Revision(after).next()));
  }

  @Override
  public Begun begin(Duration timeToLive) {
    SessionSpec spec = SessionSpec.random().withTimeToLive(timeToLive);
    Result result =
        result(
            () -> {
              Await.change(store.sessions().create(spec));
              return Result.DONE;
            });
    return new Begun(result, spec.id().toString());
  }

  @Override
  public Result renew(String id) {
    return result(
        () ->
            Await.change(store.sessions().renew(session(id))).isPresent()
                ? Result.DONE
                : Result.REFUSED);
  }

  @Override
  public Result end(String id) {
    return result(
        () -> Await.change(store.sessions().destroy(session(id))) ? Result.DONE : Result.REFUSED);
  }

  @Override
  public Acquired acquire(String key, String id, String value) {
    PutRequest request =
        PutRequest.of(Key.of(key), Bytes.utf8(value)).withLocking(new Locking.Acquire(session(id)));
    try {
      return switch (Await.change(store.put(request))) {
        case PutOutcome.Stored stored ->
            new Acquired(
                Result.DONE,
                stored.entry().lock().acquireRevision().map(Revision::value).orElse(0L));
        case Refused refused -> new Acquired(Result.REFUSED, 0);
      };
    } catch (StoreException failed) {
      return new Acquired(result(failed), 0);
    }
  }

  @Override
  public Result release(String key, String id) {
    PutRequest request =
        PutRequest.of(Key.of(key), Bytes.EMPTY).withLocking(new Locking.Release(session(id)));
    return answer(() -> stored(Await.change(store.put(request)))).result();
  }

  @Override
  public Result look(String key) {
    Answer answer = call(Action.GET, key, "", 0);
    if (answer.result() != Result.DONE) {
      return Result.FAILED;
    }
    return answer.seen().exists() ? Result.DONE : Result.REFUSED;
  }

  @Override
  public Result put(String key, String value, Duration timeToLive) {
    PutRequest request = PutRequest.of(Key.of(key), Bytes.utf8(value)).withTimeToLive(timeToLive);
    return answer(() -> stored(Await.change(store.put(request)))).result();
  }

  @Override
  public Result refresh(String key, Duration timeToLive) {
    PutRequest request =
        PutRequest.of(Key.of(key), Bytes.EMPTY)
            .withMode(io.kubekv.PutMode.REFRESH)
            .withTimeToLive(timeToLive);
    return answer(() -> stored(Await.change(store.put(request)))).result();
  }

  private static Answer stored(PutOutcome outcome) {
    return switch (outcome) {
      case PutOutcome.Stored stored ->
          new Answer(Result.DONE, sight(stored.previous()), at(stored.entry()));
      case Refused refused -> refused(refused);
    };
  }

  private static Answer deleted(DeleteOutcome outcome) {
    return switch (outcome) {
      case DeleteOutcome.Deleted deleted ->
          new Answer(
              Result.DONE, sight(Optional.of(deleted.previous())), deleted.revision().value());
      case Refused refused -> refused(refused);
    };
  }

  private static Answer refused(Refused refused) {
    return new Answer(Result.REFUSED, sight(refused.entry()), 0);
  }

  private static Answer answer(Supplier<Answer> call) {
    try {
      return call.get();
    } catch (StoreException failed) {
      return new Answer(result(failed), Sight.NONE, 0);
    }
  }

  private static Result result(Supplier<Result> call) {
    try {
      return call.get();
    } catch (StoreException failed) {
      return result(failed);
    }
  }

  private static Result result(StoreException failed) {
    return failed instanceof UnavailableException || failed instanceof OverloadedException
        ? Result.FAILED
        : Result.UNKNOWN;
  }

  /** What an entry tells of its key. */
  static Sight sight(Optional<Entry> entry) {
    return entry.map(found -> Sight.of(text(found), at(found))).orElse(Sight.ABSENT);
  }

  private static String text(Entry entry) {
    return entry.value().asText().orElseThrow();
  }

  private static long at(Entry entry) {
    return entry.modifyRevision().value();
  }

  private static SessionId session(String id) {
    return SessionId.parse(id).orElseThrow();
  }

  @Override
  public void close() {
    client.close();
  }
}
