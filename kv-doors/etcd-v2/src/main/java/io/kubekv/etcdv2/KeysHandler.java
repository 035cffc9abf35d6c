package io.kubekv.etcdv2;

import io.kubekv.Cause;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.StoreException;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.watch.Watches;
import java.time.InstantSource;

/** {@code /v2/keys}: reads the request, calls the port, renders the outcome. */
final class KeysHandler {
  private static final String ALLOWED = "HEAD,GET,PUT,POST,DELETE";

  private final Answers answers;
  private final KeysOnLoop onLoop;
  private final Reads reads;
  private final Writes writes;
  private final KeyWatches watches;
  private final EventWriter events;
  private final OperationCounts counts;

  KeysHandler(
      KeyValueStore store,
      Watches watches,
      Answers answers,
      OperationCounts counts,
      InstantSource clock) {
    this.answers = answers;
    this.counts = counts;
    this.events = new EventWriter(clock);
    this.reads = new Reads(Lookups.waiting(store), answers, clock);
    this.writes = new Writes(store, Lookups.waiting(store));
    this.onLoop = new KeysOnLoop(store, this, answers, reads, counts);
    this.watches = new KeyWatches(store, watches, answers, events);
  }

  /** Takes a request that is short work ({@link io.kubekv.transport.http.HttpHandler}). */
  boolean handleAtOnce(HttpExchange exchange, byte[] path) {
    return onLoop.handle(exchange, path);
  }

  /**
   * Answers a request.
   *
   * @param path the decoded path below {@code /v2/keys}
   */
  void handle(HttpExchange exchange, byte[] path) {
    try {
      switch (exchange.method()) {
        case "GET", "HEAD" -> read(exchange, KeysRequest.of(exchange, path));
        case "PUT" -> put(exchange, KeysRequest.of(exchange, path));
        case "POST" -> post(exchange, KeysRequest.of(exchange, path));
        case "DELETE" -> delete(exchange, KeysRequest.of(exchange, path));
        default -> answers.methodNotAllowed(exchange, ALLOWED);
      }
    } catch (EtcdError e) {
      answers.error(exchange, e);
    } catch (StoreException e) {
      answers.failure(exchange, e);
    }
  }

  private void read(HttpExchange exchange, KeysRequest request) throws EtcdError {
    if (request.watch()) {
      watches.watch(exchange, request);
    } else {
      counts.run(OperationCounts.Operation.GET, () -> reads.get(exchange, request));
    }
  }

  private void put(HttpExchange exchange, KeysRequest request) throws EtcdError {
    Cause cause = request.putCause();
    stored(exchange, request, cause, counts.call(cause, () -> writes.put(request)));
  }

  private void post(HttpExchange exchange, KeysRequest request) throws EtcdError {
    stored(exchange, request, Cause.CREATE, counts.call(Cause.CREATE, () -> writes.post(request)));
  }

  void stored(HttpExchange exchange, KeysRequest request, Cause cause, PutOutcome.Stored stored) {
    boolean created = cause == Cause.CREATE || (cause == Cause.SET && stored.previous().isEmpty());
    Payload body =
        request.noValueOnSuccess()
            ? events.actionOnly(cause)
            : events.stored(cause, stored.entry(), stored.previous());
    answers.success(exchange, created ? 201 : 200, stored.entry().modifyRevision(), body);
  }

  private void delete(HttpExchange exchange, KeysRequest request) throws EtcdError {
    Cause cause = request.deleteCause();
    deleted(exchange, cause, counts.call(cause, () -> writes.delete(request)));
  }

  void deleted(HttpExchange exchange, Cause cause, Writes.Gone gone) {
    Payload body = events.deleted(cause, gone.key(), gone.previous(), gone.revision());
    answers.success(exchange, 200, gone.revision(), body);
  }
}
