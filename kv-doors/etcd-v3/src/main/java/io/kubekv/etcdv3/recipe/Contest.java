package io.kubekv.etcdv3.recipe;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.Comparison;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.call.WaitingCall;
import io.kubekv.etcdv3.keys.Keys;
import io.kubekv.etcdv3.keys.LeaseIds;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The recipe of etcd's locks and elections (etcd 3.6, client/v3/concurrency): who takes part puts a
 * key of its own below the name, with its lease, and waits until all that were created before it
 * are gone. Each waits for the one before it alone.
 */
public final class Contest {
  private final Setup setup;
  private final Set<WaitingCall> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public Contest(Setup setup) {
    this.setup = setup;
  }

  /** A call that waits for its turn; made before the service method returns. */
  WaitingCall waiting(StreamObserver<?> client) {
    WaitingCall call = WaitingCall.of(client, open);
    if (closed) {
      call.stop();
    }
    return call;
  }

  /** Ends what waits, and what comes later. */
  public void close() {
    closed = true;
    open.forEach(WaitingCall::stop);
  }

  /**
   * One that takes part.
   *
   * @param key its key
   * @param created the revision at which that was put
   * @param revision the revision of the answer to that
   * @param known what the key had before; absent when it is new
   */
  record Entrant(Key key, Revision created, Revision revision, Optional<Entry> known) {}

  /** What takes part in the contest of a name begins so. */
  static Prefix prefix(ByteString name) {
    return new Prefix(
        Keys.of(name.concat(ByteString.copyFromUtf8("/")))
            .orElseThrow(() -> Failures.NOT_A_KEY.asRuntimeException())
            .text());
  }

  static Range range(ByteString name) {
    return new Range.WithPrefix(prefix(name));
  }

  /** The key of a lease, in hexadecimal without zeros in front. */
  static Key key(ByteString name, long lease) {
    String number = lease < 0 ? "-" + Long.toHexString(-lease) : Long.toHexString(lease);
    return Key.of(prefix(name).text() + number);
  }

  /** Takes part, unless it does already. */
  CompletableFuture<Entrant> enter(ByteString name, long lease, Bytes value, KeyValueStore store) {
    Key key = key(name, lease);
    PutRequest put =
        PutRequest.of(key, value).withAttachment(new Attachment.To(LeaseIds.session(lease)));
    TransactionRequest entering =
        TransactionRequest.of(
            new TransactionOperation.Choice(
                List.of(createdAt(key, Revision.ZERO)),
                List.of(new TransactionOperation.Put(put)),
                List.of(new TransactionOperation.Get(key))));
    return store
        .transact(entering)
        .thenApply(
            outcome -> {
              TransactionResult.Chosen chosen = chosen(outcome);
              Optional<Entry> known =
                  chosen.results().getFirst() instanceof Lookup lookup
                      ? lookup.entry()
                      : Optional.empty();
              Revision created = known.map(Entry::createRevision).orElse(chosen.revision());
              return new Entrant(key, created, chosen.revision(), known);
            });
  }

  private static Comparison createdAt(Key key, Revision revision) {
    return Comparison.of(key, new Comparison.CreateRevision(revision), Comparison.Relation.EQUAL);
  }

  private static TransactionResult.Chosen chosen(TransactionOutcome outcome) {
    return switch (outcome) {
      case TransactionOutcome.Committed committed ->
          (TransactionResult.Chosen) committed.results().getFirst();
      case TransactionOutcome.RolledBack rolledBack ->
          throw unknown(
              String.valueOf(
                  Failures.of(rolledBack.failures().getFirst().refused()).getDescription()));
    };
  }

  /** Does something while a key is still the one that was created at a revision; else empty. */
  CompletableFuture<Optional<Revision>> whileIn(
      Key key, Revision created, TransactionOperation change, KeyValueStore store) {
    return store
        .transact(
            TransactionRequest.of(
                new TransactionOperation.Choice(
                    List.of(createdAt(key, created)), List.of(change), List.of())))
        .thenApply(Contest::chosen)
        .thenApply(chosen -> chosen.held() ? Optional.of(chosen.revision()) : Optional.empty());
  }

  /** The first of those that take part: the one that has the lock, or leads. */
  static Optional<Entry> first(Listing listing) {
    return listing.entries().stream().min(Comparator.comparing(Entry::createRevision));
  }

  CompletableFuture<Listing> list(ByteString name, KeyValueStore store) {
    return store.list(ListRequest.of(range(name)), Freshness.LINEARIZABLE);
  }

  /**
   * Complete when nobody is left that came before.
   *
   * @param created when the waiting one came
   * @param call gives up when its client has gone
   */
  CompletableFuture<Void> awaitTurn(
      ByteString name, Revision created, KeyValueStore store, WaitingCall call) {
    return list(name, store)
        .thenComposeAsync(
            listing -> {
              Optional<Entry> before =
                  listing.entries().stream()
                      .filter(entry -> entry.createRevision().isBefore(created))
                      .max(Comparator.comparing(Entry::createRevision));
              if (before.isEmpty()) {
                return CompletableFuture.completedFuture(null);
              }
              return call.waitingFor(
                      Gone.of(before.get().key(), listing.revision(), store, setup.threads()))
                  .thenCompose(done -> awaitTurn(name, created, store, call));
            },
            setup.threads());
  }

  /** How etcd's server tells what its own client told it: with the text, and no code. */
  static RuntimeException unknown(String text) {
    return Status.UNKNOWN.withDescription(text).asRuntimeException();
  }
}
