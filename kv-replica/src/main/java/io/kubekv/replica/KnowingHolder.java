package io.kubekv.replica;

import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.Promise;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The way to the holder of the lease for requests that it understands. One of an earlier version
 * passes over what it does not know of a request, and would do something else than was asked; what
 * is switched on in the store, every holder knows.
 */
final class KnowingHolder extends DelegatingStore {
  private final LocalReplica local;

  /**
   * @param local knows what is switched on
   */
  KnowingHolder(KeyValueStore holder, LocalReplica local) {
    super(holder);
    this.local = local;
  }

  @Override
  public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
    return Promise.of(
        () -> {
          local.requireDirectories();
          return inner().directory(directory, freshness);
        });
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return Promise.of(
        () -> {
          require(request);
          return inner().put(request);
        });
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return Promise.of(
        () -> {
          request.puts().forEach(this::require);
          if (request.all().stream().anyMatch(KnowingHolder::isOfNodes)) {
            local.requireNodes();
          }
          return inner().transact(request);
        });
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return Promise.of(
        () -> {
          if (isOfNodes(request.layout(), request.precondition())) {
            local.requireNodes();
          }
          return inner().delete(request);
        });
  }

  private void require(PutRequest request) {
    local.requireFeatures(request);
    if (isOfNodes(request.layout(), request.precondition())) {
      local.requireNodes();
    }
  }

  /** To a holder that does not know these, they are other layouts, and no precondition at all. */
  private static boolean isOfNodes(Layout layout, Precondition precondition) {
    return layout == Layout.NODES || precondition instanceof Precondition.VersionIs;
  }

  private static boolean isOfNodes(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Check check -> isOfNodes(check.layout(), check.precondition());
      case TransactionOperation.Delete delete ->
          isOfNodes(delete.request().layout(), delete.request().precondition());
      case TransactionOperation.SetMetadata set -> true;
      case TransactionOperation.Directory directory -> true;
      case TransactionOperation.CheckSession check -> true;
      case TransactionOperation.Put put -> false; // by itself
      case TransactionOperation.Get get -> false;
      case TransactionOperation.ListRange list -> false;
      case TransactionOperation.CheckHolder check -> false;
      case TransactionOperation.DeleteRange delete -> false;
      case TransactionOperation.Choice choice -> false; // what it does, by itself
    };
  }

  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return Promise.of(
        () -> {
          local.requireCompaction();
          return inner().compact(first);
        });
  }

  @Override
  public Sessions sessions() {
    return new DelegatingSessions(inner().sessions()) {
      @Override
      public CompletableFuture<Session> create(SessionSpec spec) {
        return Promise.of(
            () -> {
              local.requireFeatures(spec);
              return super.create(spec);
            });
      }

      @Override
      public CompletableFuture<Optional<Session>> takeUp(SessionId id) {
        return Promise.of(
            () -> {
              local.requireNodes();
              return super.takeUp(id);
            });
      }
    };
  }
}
