package io.kubekv.server.etcdv2;

import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.server.http.HttpExchange;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The requests on keys that need no thread: short reads, and those and changes that the store
 * begins at once and tells the end of. Whatever turns out to need one gets it, as if it had never
 * been here.
 */
final class KeysAtOnce {
  /** The largest body that is worked on while all other clients wait. */
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** What is answered to a change that the store has told the end of. */
  private interface Answer<T> {
    void to(T outcome) throws EtcdError;
  }

  private final KeyValueStore store;
  private final KeysHandler handler;
  private final Answers answers;
  private final Reads reads;
  private final Writes writes;
  private final OperationCounts counts;

  /**
   * @param reads those on {@link Lookups#atOnce}
   * @param writes likewise
   */
  KeysAtOnce(
      KeyValueStore store,
      KeysHandler handler,
      Answers answers,
      Reads reads,
      Writes writes,
      OperationCounts counts) {
    this.store = store;
    this.handler = handler;
    this.answers = answers;
    this.reads = reads;
    this.writes = writes;
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
    } catch (Lookups.WouldWait later) {
      return false;
    } catch (EtcdError e) {
      answers.error(exchange, e);
    } catch (StoreException e) {
      answers.failure(exchange, e);
    }
    return true;
  }

  private boolean read(HttpExchange exchange, KeysRequest request) throws EtcdError {
    if (request.watch()) {
      return false;
    }
    try {
      counts.run(OperationCounts.Operation.GET, () -> reads.get(exchange, request));
      return true;
    } catch (Lookups.WouldWait notHere) {
      return !request.recursive() && readElsewhere(exchange, request);
    }
  }

  /** A key's value may come from another replica; a directory needs a list, and so a thread. */
  private boolean readElsewhere(HttpExchange exchange, KeysRequest request) {
    Optional<Key> key = request.path().key();
    Optional<CompletableFuture<Lookup>> begun =
        key.flatMap(asked -> store.beginGet(asked, exchange.loop()));
    begun.ifPresent(
        coming ->
            follow(
                exchange,
                coming,
                found ->
                    counts.run(
                        OperationCounts.Operation.GET,
                        () -> reads.on(Lookups.having(key.get(), found)).get(exchange, request))));
    return begun.isPresent();
  }

  private boolean put(HttpExchange exchange, KeysRequest request) throws EtcdError {
    Cause cause = request.putCause();
    Optional<CompletableFuture<PutOutcome>> begun = writes.putAtOnce(request, exchange.loop());
    begun.ifPresent(
        coming ->
            follow(
                exchange,
                coming,
                outcome ->
                    handler.stored(
                        exchange,
                        request,
                        cause,
                        counts.call(cause, () -> writes.stored(outcome, request)))));
    return begun.isPresent();
  }

  private boolean delete(HttpExchange exchange, KeysRequest request) throws EtcdError {
    Cause cause = request.deleteCause();
    Optional<CompletableFuture<DeleteOutcome>> begun =
        writes.deleteAtOnce(request, exchange.loop());
    begun.ifPresent(
        coming ->
            follow(
                exchange,
                coming,
                outcome ->
                    handler.deleted(
                        exchange, cause, counts.call(cause, () -> writes.gone(outcome, request)))));
    return begun.isPresent();
  }

  private <T> void follow(HttpExchange exchange, CompletableFuture<T> coming, Answer<T> answer) {
    coming.whenComplete(
        (outcome, failed) -> {
          try {
            if (failed == null) {
              answer.to(outcome);
            } else {
              failed(exchange, failed);
            }
          } catch (Lookups.WouldWait refusedForReasonsFarAway) {
            exchange.giveToThread();
          } catch (EtcdError e) {
            answers.error(exchange, e);
          } catch (StoreException e) {
            answers.failure(exchange, e);
          } catch (RuntimeException unexpected) {
            exchange.fail(unexpected);
          }
        });
  }

  private void failed(HttpExchange exchange, Throwable failed) {
    @Nullable Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
    if (cause instanceof UnavailableException) {
      exchange.giveToThread(); // nothing was done
    } else if (cause instanceof StoreException known) {
      answers.failure(exchange, known);
    } else {
      exchange.fail(failed);
    }
  }
}
