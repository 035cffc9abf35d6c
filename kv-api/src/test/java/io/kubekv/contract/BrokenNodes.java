package io.kubekv.contract;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** Stores that have other nodes than ZooKeeper, or lose what is kept with them: promise 3. */
final class BrokenNodes {
  private BrokenNodes() {}

  private static PutRequest flat(PutRequest request) {
    return request.layout() == Layout.NODES ? request.withLayout(Layout.FLAT) : request;
  }

  static final class NeedsNoParent extends DelegatingStore {
    NeedsNoParent(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return super.put(flat(request));
    }
  }

  static final class DeletesWhatHasOthersBelow extends DelegatingStore {
    DeletesWhatHasOthersBelow(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
      return super.delete(
          request.layout() == Layout.NODES
              ? DeleteRequest.of(request.key()).withPrecondition(request.precondition())
              : request);
    }
  }

  static final class HasNodesBelowEphemerals extends DelegatingStore {
    HasNodesBelowEphemerals(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            return outcome instanceof Refused refused
                    && refused.reason() == Refused.Reason.EPHEMERAL_PARENT
                ? Await.change(super.put(flat(request)))
                : outcome;
          });
    }
  }

  /** Two who saw it without an entry both put it: the second finds what the first has not seen. */
  static final class ForgetsThatItWasSeen extends DelegatingStore {
    ForgetsThatItWasSeen(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            return outcome instanceof PutOutcome.Stored stored
                    && stored.previous().isEmpty()
                    && stored.entry().version() > 1
                ? madeAnew(request, inner())
                : outcome;
          });
    }
  }

  /** The entry is made, as if nobody had seen its node. */
  private static PutOutcome madeAnew(PutRequest request, KeyValueStore store) {
    Await.change(store.delete(DeleteRequest.of(request.key())));
    return Await.change(store.put(value(request)));
  }

  private static PutRequest value(PutRequest request) {
    return PutRequest.of(request.key(), request.value());
  }

  static final class IgnoresVersions extends DelegatingStore {
    IgnoresVersions(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return super.put(
          request.precondition() instanceof Precondition.VersionIs
              ? request.withPrecondition(Precondition.PRESENT)
              : request);
    }
  }

  /** Counts entries alone, as if a key had no other parents than those that were put. */
  static final class CountsNoImpliedNodes extends DelegatingStore {
    CountsNoImpliedNodes(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
      return Answered.by(
          () -> {
            DirectoryLookup counted = Await.read(super.directory(directory, freshness));
            ListRequest children = ListRequest.oneLevel(new Range.WithPrefix(directory));
            long entries = Await.read(list(children, freshness)).entries().size();
            return new DirectoryLookup(
                counted.creates(), entries, counted.changed(), counted.revision());
          });
    }
  }

  static final class LosesMetadata extends DelegatingStore {
    LosesMetadata(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      boolean refused = request.metadata().size() > Limits.MAX_METADATA_BYTES;
      return super.put(refused ? request : request.withMetadata(Bytes.EMPTY));
    }
  }

  static final class SetsMetadataBlindly extends DelegatingStore {
    SetsMetadataBlindly(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      List<TransactionOperation> operations =
          request.operations().stream().map(SetsMetadataBlindly::blind).toList();
      return super.transact(request.withOperations(operations));
    }

    private static TransactionOperation blind(TransactionOperation operation) {
      return operation instanceof TransactionOperation.SetMetadata set
          ? new TransactionOperation.SetMetadata(set.key(), OptionalInt.empty(), set.content())
          : operation;
    }
  }

  /** Puts the entry again, so that watches see it. */
  static final class TellsOfMetadata extends DelegatingStore {
    TellsOfMetadata(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      return Answered.by(
          () -> {
            TransactionOutcome outcome = Await.change(super.transact(request));
            if (outcome instanceof TransactionOutcome.Committed
                && request.operations().getFirst()
                    instanceof TransactionOperation.SetMetadata set) {
              Await.change(super.put(again(set.key())));
            }
            return outcome;
          });
    }

    private PutRequest again(Key key) {
      Entry entry = Await.read(get(key, Freshness.LINEARIZABLE)).entry().orElseThrow();
      return PutRequest.of(key, entry.value()).withAttachment(Attachment.KEEP);
    }
  }
}
