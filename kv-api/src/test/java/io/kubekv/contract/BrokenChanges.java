package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.ListRequest;
import io.kubekv.Lookup;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.TreeRules;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Stores that change wrongly: promises 1 and 3. */
final class BrokenChanges {
  private BrokenChanges() {}

  /** As an API server drops an update that changes nothing. */
  static final class DropsSameValue extends DelegatingStore {
    DropsSameValue(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            Optional<Entry> same =
                request.equals(PutRequest.of(request.key(), request.value()))
                    ? Await.read(get(request.key(), Freshness.LINEARIZABLE))
                        .entry()
                        .filter(entry -> entry.value().equals(request.value()))
                        .filter(entry -> entry.expiry().isEmpty())
                    : Optional.empty();
            return same.<PutOutcome>map(entry -> new PutOutcome.Stored(entry, same))
                .orElseGet(() -> Await.change(super.put(request)));
          });
    }
  }

  /** What has not been changed yet has no revision. */
  static final class BeginsAtZero extends DelegatingStore {
    BeginsAtZero(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Revision> revision(Freshness freshness) {
      return super.revision(freshness)
          .thenApply(at -> at.equals(new Revision(1)) ? Revision.ZERO : at);
    }
  }

  static final class ReplacesLikeAnUpdate extends DelegatingStore {
    ReplacesLikeAnUpdate(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            boolean plain = request.kind() == Kind.VALUE && request.layout() == Layout.FLAT;
            return Await.change(
                super.put(
                    plain && request.mode() == PutMode.REPLACE
                        ? request.withMode(PutMode.UPDATE)
                        : request));
          });
    }
  }

  /** Who has seen the version of the entry before takes it for that of the new one. */
  static final class CountsAnewWhenItReplaces extends DelegatingStore {
    CountsAnewWhenItReplaces(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            boolean anew =
                outcome instanceof PutOutcome.Stored
                    && request.mode() == PutMode.REPLACE
                    && request.layout() == Layout.FLAT
                    && request.precondition() instanceof Precondition.VersionIs;
            if (!anew) {
              return outcome;
            }
            Await.change(super.delete(DeleteRequest.of(request.key())));
            return Await.change(super.put(request.withPrecondition(Precondition.NONE)));
          });
    }
  }

  /** The precondition is looked at first, and the change made later. */
  static final class ChecksThenActs extends DelegatingStore {
    ChecksThenActs(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            if (request.layout() == Layout.TREE
                || request.precondition().equals(Precondition.NONE)) {
              return Await.change(super.put(request));
            }
            Lookup now = Await.read(get(request.key(), Freshness.LINEARIZABLE));
            Optional<Refused> refused = request.precondition().refusal(now.entry(), now.revision());
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
            return refused.isPresent()
                ? refused.get()
                : Await.change(super.put(request.withPrecondition(Precondition.NONE)));
          });
    }
  }

  static final class RefusesWithoutEntry extends DelegatingStore {
    RefusesWithoutEntry(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            return outcome instanceof Refused refused && refused.reason() == Refused.Reason.EXISTS
                ? new Refused(refused.reason(), Optional.empty(), refused.revision())
                : outcome;
          });
    }
  }

  static final class DeletesWholeDirectories extends DelegatingStore {
    DeletesWholeDirectories(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
      return Answered.by(
          () -> {
            DeleteOutcome outcome = Await.change(super.delete(request));
            if (outcome instanceof Refused refused
                && refused.reason() == Refused.Reason.NOT_EMPTY) {
              RangeDeleted deleted = Await.change(deleteRange(new Range.Tree(request.key())));
              return new DeleteOutcome.Deleted(deleted.revision(), deleted.top().orElseThrow());
            }
            return outcome;
          });
    }
  }

  static final class DeletesOneByOne extends DelegatingStore {
    DeletesOneByOne(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
      Range range = request.range();
      return Answered.by(
          () -> {
            if (!(range instanceof Range.WithPrefix)) {
              return Await.change(super.deleteRange(request));
            }
            long count = 0;
            Revision last = Await.read(revision(Freshness.LINEARIZABLE));
            for (Entry entry :
                Await.read(list(ListRequest.of(range), Freshness.LINEARIZABLE)).entries()) {
              if (Await.change(delete(DeleteRequest.of(entry.key()).withAuthor(request.author())))
                  instanceof DeleteOutcome.Deleted deleted) {
                count++;
                last = deleted.revision();
              }
            }
            return new RangeDeleted(count, Optional.empty(), last);
          });
    }
  }

  /** Some puts that are refused take numbers that no change has. */
  static final class CountsRefusals extends DelegatingStore {
    CountsRefusals(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            boolean absent = request.precondition().equals(Precondition.ABSENT);
            if (outcome instanceof Refused && absent && request.key().text().equals("counted")) {
              SessionSpec unseen = SessionSpec.of(SessionId.random());
              Await.change(sessions().create(unseen));
              Await.change(sessions().destroy(unseen.id()));
            }
            return outcome;
          });
    }
  }

  /** The parents of some puts are puts of their own. */
  static final class MakesParentsBefore extends DelegatingStore {
    MakesParentsBefore(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            if (request.key().text().startsWith("made/")) {
              TreeRules rules =
                  new TreeRules(
                      key -> Await.read(get(key, Freshness.LINEARIZABLE)).entry(), key -> false);
              rules.missingParents(request.key()).stream()
                  .map(parent -> PutRequest.directory(parent).withPrecondition(Precondition.ABSENT))
                  .forEach(parent -> Await.change(super.put(parent)));
            }
            return Await.change(super.put(request));
          });
    }
  }

  /** Names are chosen before the put, in the order of the calls. */
  static final class NamesBeforehand extends DelegatingStore {
    NamesBeforehand(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            if (request.naming() == Naming.GIVEN) {
              return Await.change(super.put(request));
            }
            long next = Await.read(revision(Freshness.LINEARIZABLE)).next().value();
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            return Await.change(super.put(request.named(next)));
          });
    }
  }
}
