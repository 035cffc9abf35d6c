package io.kubekv.etcdv2;

import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.Refused;
import io.kubekv.StoreException;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.limits.OverLimitException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The requests on keys that an event loop answers: reads, puts and deletes of one key. It goes on
 * when the store has answered; only what turns out to be long gets a thread.
 */
final class KeysOnLoop {
  /** The largest body that is worked on while all other clients wait. */
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** Answers a request; may be tried again as long as it has not. */
  private interface Work {
    void run(LookupsOnLoop lookups) throws EtcdError;
  }

  private final KeyValueStore store;
  private final KeysHandler handler;
  private final Answers answers;
  private final Reads reads;
  private final OperationCounts counts;

  KeysOnLoop(
      KeyValueStore store,
      KeysHandler handler,
      Answers answers,
      Reads reads,
      OperationCounts counts) {
    this.store = store;
    this.handler = handler;
    this.answers = answers;
    this.reads = reads;
    this.counts = counts;
  }

  /** Takes a request, or returns false when it needs a thread. */
  boolean handle(HttpExchange exchange, byte[] path) {
    if (exchange.body().length > MAX_BODY_BYTES) {
      return false;
    }
    try {
      return switch (exchange.method()) {
        case "GET" -> read(exchange, KeysRequest.of(exchange, path));
        case "PUT" -> put(exchange, KeysRequest.of(exchange, path));
        case "DELETE" -> delete(exchange, KeysRequest.of(exchange, path));
        default -> false;
      };
    } catch (EtcdError e) {
      answers.error(exchange, e);
      return true;
    }
  }

  private boolean read(HttpExchange exchange, KeysRequest request) {
    if (request.watch()) {
      return false;
    }
    work(
        exchange,
        lookups ->
            counts.run(
                OperationCounts.Operation.GET, () -> reads.on(lookups).get(exchange, request)));
    return true;
  }

  private boolean put(HttpExchange exchange, KeysRequest request) throws EtcdError {
    Optional<Key> key = request.path().key();
    if (key.isEmpty()) {
      return false;
    }
    Cause cause = request.putCause();
    CompletableFuture<PutOutcome> coming = store.put(Writes.putRequest(key.get(), request));
    after(
        coming,
        exchange,
        lookups -> {
          PutOutcome outcome = counted(cause, coming);
          lookups.requireShort(Lookups.isShort(told(outcome)));
          PutOutcome.Stored stored =
              counts.call(cause, () -> new Writes(store, lookups).stored(outcome, request));
          handler.stored(exchange, request, cause, stored);
        });
    return true;
  }

  /** What an answer shows of what was there. */
  private static Optional<Entry> told(PutOutcome outcome) {
    return switch (outcome) {
      case PutOutcome.Stored stored -> stored.previous();
      case Refused refused -> refused.entry();
    };
  }

  private boolean delete(HttpExchange exchange, KeysRequest request) throws EtcdError {
    Optional<Key> key = request.path().key();
    if (key.isEmpty() || Writes.isOfTree(request)) {
      return false; // who brings the store a large tree works on it
    }
    Cause cause = request.deleteCause();
    CompletableFuture<DeleteOutcome> coming =
        store.delete(Writes.deleteRequest(key.get(), request));
    after(
        coming,
        exchange,
        lookups -> {
          DeleteOutcome outcome = counted(cause, coming);
          lookups.requireShort(Lookups.isShort(told(outcome)));
          Writes.Gone gone =
              counts.call(cause, () -> new Writes(store, lookups).gone(outcome, request));
          handler.deleted(exchange, cause, gone);
        });
    return true;
  }

  private static Optional<Entry> told(DeleteOutcome outcome) {
    return switch (outcome) {
      case DeleteOutcome.Deleted deleted -> Optional.of(deleted.previous());
      case Refused refused -> refused.entry();
    };
  }

  /** The answer of the store, which has come; a failure is counted. */
  private <T> T counted(Cause cause, CompletableFuture<T> come) throws EtcdError {
    return come.isCompletedExceptionally()
        ? counts.call(cause, () -> Await.change(come))
        : Await.change(come);
  }

  private void work(HttpExchange exchange, Work work) {
    work(exchange, new LookupsOnLoop(store), work);
  }

  private void after(CompletableFuture<?> coming, HttpExchange exchange, Work work) {
    if (coming.isDone()) {
      work(exchange, work);
    } else {
      later(coming, exchange, () -> work(exchange, work));
    }
  }

  /** Goes on once something has come, or failed; on the event loop, and on the client's budget. */
  private static void later(CompletableFuture<?> coming, HttpExchange exchange, Runnable next) {
    var unused = coming.whenCompleteAsync((come, failure) -> exchange.run(next), exchange.loop());
  }

  private void work(HttpExchange exchange, LookupsOnLoop lookups, Work work) {
    try {
      work.run(lookups);
    } catch (LookupsOnLoop.NotYet unknown) {
      later(unknown.coming(), exchange, () -> work(exchange, lookups, work));
    } catch (LookupsOnLoop.TooLong forALoop) {
      lookups.mayWait();
      exchange.onThread(() -> work(exchange, lookups, work));
    } catch (EtcdError e) {
      answers.error(exchange, e);
    } catch (StoreException e) {
      answers.failure(exchange, e);
    } catch (OverLimitException over) {
      answers.overLimit(exchange, over);
    } catch (RuntimeException unexpected) {
      exchange.fail(unexpected);
    } catch (Error mistake) {
      exchange.fail(mistake);
      throw mistake;
    }
  }
}
