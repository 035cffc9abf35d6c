package io.kubekv.server;

import static io.kubekv.server.AuthorizationRequests.change;
import static io.kubekv.server.AuthorizationRequests.need;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.CompactedException;
import io.kubekv.Comparison;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.FutureRevisionException;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Naming;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.transport.access.Verb;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** kubekv's own API by gRPC. */
final class AuthorizationGrpc implements AuthorizationRequests {
  private static final Duration FIRST = Duration.ofMillis(20);
  private static final Duration SHORT = Duration.ofMillis(2);
  private static final int MOST_EVENTS = 5;

  private final AuthorizationRig rig;
  private final AuthorizationWorld world;

  AuthorizationGrpc(AuthorizationRig rig, AuthorizationWorld world) {
    this.rig = rig;
    this.world = world;
  }

  private interface StoreCall {
    void on(KeyValueStore store) throws InterruptedException;
  }

  @Override
  public AuthorizationRequest next(Random random) {
    Key key = world.leaf();
    Range exact = new Range.Exact(key);
    Range range = range(random);
    return switch (random.nextInt(40)) {
      case 0, 1, 2 ->
          request(
              "list",
              List.of(need(Verb.GET, range)),
              store -> Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE)));
      case 3 ->
          request(
              "list one level",
              List.of(need(Verb.GET, range)),
              store -> Await.read(store.list(ListRequest.oneLevel(range), Freshness.LINEARIZABLE)));
      case 4, 5 -> request("watch", List.of(need(Verb.GET, range)), store -> watch(store, range));
      case 6 ->
          request(
              "delete range",
              change(Verb.DELETE, range),
              store -> Await.change(store.deleteRange(range)));
      case 7, 8 ->
          request(
              "delete",
              change(Verb.DELETE, exact),
              store -> Await.change(store.delete(DeleteRequest.of(key))));
      case 9, 10 ->
          request(
              "compare",
              change(Verb.PUT, exact),
              store ->
                  Await.change(store.put(world.put(key).withPrecondition(Precondition.ABSENT))));
      case 11 -> transaction(key, range);
      case 12 -> choice(key, range);
      case 13 ->
          sessions(
              List.of(Verb.PUT),
              store -> Await.change(store.sessions().create(SessionSpec.random())));
      case 14 ->
          sessions(
              List.of(Verb.GET),
              store -> Await.read(store.sessions().list(Freshness.LINEARIZABLE)));
      case 22 ->
          sessions(
              List.of(Verb.GET),
              store ->
                  Await.read(store.sessions().keys(SessionId.random(), Freshness.LINEARIZABLE)));
      case 15 -> request("status", List.of(), KeyValueStore::status);
      case 16 ->
          request(
              "put under a name of the store",
              change(Verb.PUT, new Range.WithPrefix(key.below())),
              store ->
                  Await.change(
                      store.put(
                          PutRequest.of(key, Bytes.utf8("of nobody"))
                              .withNaming(key.below(), Naming.REVISION))));
      case 17 ->
          request(
              "get at a revision",
              List.of(need(Verb.GET, exact)),
              store -> getAt(store, key, new Revision(1 + random.nextInt(9))));
      case 24 ->
          request(
              "directory",
              List.of(need(Verb.GET, new Range.WithPrefix(key.below()))),
              store -> Await.read(store.directory(key.below(), Freshness.LINEARIZABLE)));
      case 23 ->
          request(
              "compact", change(Verb.DELETE, Range.all()), AuthorizationGrpc::compactToTheFirst);
      case 18, 19, 20, 21 ->
          request("put", change(Verb.PUT, exact), store -> Await.change(store.put(world.put(key))));
      default ->
          request(
              "get",
              List.of(need(Verb.GET, exact)),
              store -> Await.read(store.get(key, Freshness.LINEARIZABLE)));
    };
  }

  private Range range(Random random) {
    Key any = world.any();
    return switch (random.nextInt(4)) {
      case 0 -> new Range.WithPrefix(new Prefix(any.text()));
      case 1 -> new Range.WithPrefix(any.below());
      case 2 -> random.nextInt(4) == 0 ? Range.all() : new Range.Exact(any);
      default -> new Range.Tree(any);
    };
  }

  private AuthorizationRequest transaction(Key key, Range range) {
    return request(
        "transaction",
        List.of(
            need(Verb.PUT, new Range.Exact(key)),
            need(Verb.GET, new Range.Exact(key)),
            need(Verb.GET, range)),
        store ->
            Await.change(
                store.transact(
                    TransactionRequest.of(
                        new TransactionOperation.ListRange(ListRequest.of(range)),
                        new TransactionOperation.Put(world.put(key))))));
  }

  private static void getAt(KeyValueStore store, Key key, Revision revision) {
    try {
      Await.read(store.get(key, new Freshness.At(revision)));
    } catch (CompactedException | FutureRevisionException told) {
      // no more than the status tells everybody
    }
  }

  /** What forgets nothing of what other requests ask for. */
  private static void compactToTheFirst(KeyValueStore store) {
    try {
      Await.change(store.compact(new Revision(1)));
    } catch (CompactedException before) {
      // it was allowed
    }
  }

  /** What is compared tells of the range, and what is not done needs a grant as well. */
  private AuthorizationRequest choice(Key key, Range range) {
    return request(
        "choice",
        List.of(
            need(Verb.DELETE, new Range.Exact(key)),
            need(Verb.GET, new Range.Exact(key)),
            need(Verb.GET, range)),
        store ->
            Await.change(
                store.transact(
                    TransactionRequest.of(
                        new TransactionOperation.Choice(
                            List.of(
                                new Comparison(
                                    range, new Comparison.Version(1), Comparison.Relation.EQUAL)),
                            List.of(new TransactionOperation.Get(key)),
                            List.of(
                                new TransactionOperation.DeleteRange(new Range.Exact(key))))))));
  }

  /** Hears what there was, from the first change on. */
  private static void watch(KeyValueStore store, Range range) throws InterruptedException {
    try (Watch watch = store.watch(WatchRequest.from(range, new Revision(1)))) {
      Optional<WatchEvent> event = watch.next(FIRST);
      for (int i = 0; i < MOST_EVENTS && event.isPresent(); i++) {
        event = watch.next(SHORT);
      }
    }
  }

  private AuthorizationRequest request(
      String name, List<AuthorizationRequest.Need> needs, StoreCall call) {
    return new AuthorizationRequest(
        "grpc " + name + " " + needs, needs, List.of(), false, answered(call));
  }

  private AuthorizationRequest sessions(List<Verb> needs, StoreCall call) {
    return new AuthorizationRequest(
        "grpc sessions " + needs, List.of(), needs, false, answered(call));
  }

  private AuthorizationRequest.Call answered(StoreCall call) {
    return (user, granted) -> {
      AuthorizationClient client = rig.client(user);
      client.heard();
      try {
        call.on(client.store());
        return new AuthorizationAnswer(false, client.heard());
      } catch (PermissionDeniedException denied) {
        return new AuthorizationAnswer(true, client.heard() + denied.getMessage());
      }
    };
  }

  @Override
  public void close() {
    // the rig ends its clients
  }
}
