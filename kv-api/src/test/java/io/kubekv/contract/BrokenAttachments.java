package io.kubekv.contract;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Locking;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Stores that do not end with a session what is attached to it: promise 9. */
final class BrokenAttachments {
  private BrokenAttachments() {}

  /** Puts something else than it is asked to. */
  private static final class Puts extends DelegatingStore {
    private final UnaryOperator<PutRequest> lie;

    Puts(KeyValueStore inner, UnaryOperator<PutRequest> lie) {
      super(inner);
      this.lie = lie;
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return super.put(lie.apply(request));
    }
  }

  static KeyValueStore neverDetaches(KeyValueStore inner) {
    return new Puts(
        inner,
        request ->
            request.attachment() instanceof Attachment.Detach
                ? request.withAttachment(Attachment.KEEP)
                : request);
  }

  static KeyValueStore detachesWhatIsKept(KeyValueStore inner) {
    return new Puts(
        inner,
        request ->
            request.attachment() instanceof Attachment.Keep
                ? request.withAttachment(Attachment.DETACH)
                : request);
  }

  static KeyValueStore holdsWhatIsAttached(KeyValueStore inner) {
    return new Puts(
        inner,
        request ->
            request.attachment() instanceof Attachment.To to
                ? request.withLocking(new Locking.Acquire(to.session()))
                : request);
  }

  static KeyValueStore neverMoves(KeyValueStore inner) {
    return new Puts(inner, request -> isAttached(inner, request) ? kept(request) : request);
  }

  private static boolean isAttached(KeyValueStore inner, PutRequest request) {
    return request.attachment() instanceof Attachment.To
        && Await.read(inner.get(request.key(), Freshness.LINEARIZABLE))
            .entry()
            .flatMap(Entry::attachedTo)
            .isPresent();
  }

  private static PutRequest kept(PutRequest request) {
    return request.withAttachment(Attachment.KEEP);
  }

  static final class DetachesWhatIsRefreshed extends DelegatingStore {
    DetachesWhatIsRefreshed(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return super.put(request).thenCompose(outcome -> detached(request, outcome));
    }

    private CompletableFuture<PutOutcome> detached(PutRequest request, PutOutcome outcome) {
      return request.mode() == PutMode.REFRESH
              && outcome instanceof PutOutcome.Stored stored
              && stored.entry().attachedTo().isPresent()
          ? super.put(PutRequest.of(request.key(), stored.entry().value()))
          : CompletableFuture.completedFuture(outcome);
    }
  }

  private static Bytes value(KeyValueStore inner, Key key) {
    return Await.read(inner.get(key, Freshness.LINEARIZABLE))
        .entry()
        .map(Entry::value)
        .orElse(Bytes.EMPTY);
  }

  static final class AttachesToTheDead extends DelegatingStore {
    AttachesToTheDead(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return super.put(request).thenCompose(outcome -> stored(request, outcome));
    }

    private CompletableFuture<PutOutcome> stored(PutRequest request, PutOutcome outcome) {
      return outcome instanceof Refused refused
              && refused.reason() == Refused.Reason.NO_SESSION
              && request.attachment() instanceof Attachment.To
          ? super.put(request.withAttachment(Attachment.DETACH))
          : CompletableFuture.completedFuture(outcome);
    }
  }

  static final class ForgetsInTransactions extends DelegatingStore {
    ForgetsInTransactions(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return super.transact(
          request.withOperations(
              request.operations().stream().map(ForgetsInTransactions::lie).toList()));
    }

    private static TransactionOperation lie(TransactionOperation operation) {
      return operation instanceof TransactionOperation.Put put
          ? new TransactionOperation.Put(put.request().withAttachment(Attachment.DETACH))
          : operation;
    }
  }

  static final class KeepsItSecretInLists extends DelegatingStore {
    KeepsItSecretInLists(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
      return super.list(request, freshness).thenApply(KeepsItSecretInLists::wrong);
    }

    private static Listing wrong(Listing all) {
      return new Listing(
          all.entries().stream().map(KeepsItSecretInLists::wrong).toList(),
          all.prefixes(),
          all.revision(),
          all.more(),
          all.count());
    }

    private static Entry wrong(Entry entry) {
      return new Entry(
          entry.key(),
          entry.kind(),
          entry.value(),
          entry.flags(),
          entry.createRevision(),
          entry.modifyRevision(),
          entry.version(),
          entry.expiry(),
          entry.lock(),
          Optional.empty(),
          entry.metadata(),
          entry.times());
    }
  }

  /** Has other sessions than the store inside. */
  static class OtherSessions extends DelegatingStore {
    OtherSessions(KeyValueStore inner) {
      super(inner);
    }

    Sessions of(Sessions sessions) {
      return new DelegatingSessions(sessions) {
        @Override
        public CompletableFuture<Boolean> destroy(SessionId id) {
          return super.keys(id, Freshness.LINEARIZABLE)
              .thenAccept(found -> ending(found.keys()))
              .thenCompose(done -> inner().destroy(id));
        }

        @Override
        public CompletableFuture<Session> create(SessionSpec spec) {
          return super.create(asked(spec));
        }

        @Override
        public CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness) {
          return super.keys(id, freshness).thenApply(OtherSessions.this::found);
        }
      };
    }

    void ending(List<Key> keys) {}

    SessionSpec asked(SessionSpec spec) {
      return spec;
    }

    SessionKeys found(SessionKeys keys) {
      return keys;
    }

    @Override
    public Sessions sessions() {
      return of(super.sessions());
    }
  }

  static final class KeepsWhatIsAttached extends OtherSessions {
    KeepsWhatIsAttached(KeyValueStore inner) {
      super(inner);
    }

    @Override
    void ending(List<Key> keys) {
      keys.forEach(key -> Await.change(put(PutRequest.of(key, value(inner(), key)))));
    }
  }

  static final class EndsKeyByKey extends OtherSessions {
    EndsKeyByKey(KeyValueStore inner) {
      super(inner);
    }

    @Override
    void ending(List<Key> keys) {
      keys.forEach(key -> Await.change(delete(DeleteRequest.of(key))));
    }
  }

  static final class AlwaysLivesTwice extends OtherSessions {
    AlwaysLivesTwice(KeyValueStore inner) {
      super(inner);
    }

    @Override
    SessionSpec asked(SessionSpec spec) {
      return spec.withSpan(SessionSpan.TWICE);
    }
  }

  static final class ListsNothing extends OtherSessions {
    ListsNothing(KeyValueStore inner) {
      super(inner);
    }

    @Override
    SessionKeys found(SessionKeys keys) {
      return new SessionKeys(keys.session(), List.of(), keys.revision());
    }
  }

  /** Whoever opens the store again finds nothing attached. */
  static KeyValueStore forgetsWhenItOpens(KeyValueStore inner) {
    try {
      for (Session session : Await.read(inner.sessions().list(Freshness.LINEARIZABLE)).sessions()) {
        for (Key key :
            Await.read(inner.sessions().keys(session.id(), Freshness.LINEARIZABLE)).keys()) {
          Optional<Entry> entry = Await.read(inner.get(key, Freshness.LINEARIZABLE)).entry();
          entry.ifPresent(known -> Await.change(inner.put(PutRequest.of(key, known.value()))));
        }
      }
    } catch (UnavailableException cutOff) {
      // then it has to leave things as they are
    }
    return inner;
  }
}
