package io.kubekv.embedded;

import io.vertx.core.Context;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * The one answer to a request, sent at once or as late and as wrong as the faults that struck the
 * request say. Used by one thread at a time.
 */
final class Answer {
  private final Exchange exchange;
  private final Context context;
  private final List<Faults.Fault> faults;

  Answer(Exchange exchange, Context context, List<Faults.Fault> faults) {
    this.exchange = exchange;
    this.context = context;
    this.faults = faults;
  }

  void json(int code, JsonNode node) {
    json(code, ObjectJson.MAPPER.writeValueAsBytes(node));
  }

  void json(int code, byte[] body) {
    send(() -> exchange.answer(code, "application/json", body));
  }

  void bytes(int code, String contentType, byte[] body) {
    send(() -> exchange.answer(code, contentType, body));
  }

  void refuse(ApiException refusal) {
    advise(refusal);
    json(refusal.code(), refusal.status());
  }

  private void advise(ApiException refusal) {
    if (refusal.retryAfterSeconds() > 0) {
      exchange.addHeader("Retry-After", Integer.toString(refusal.retryAfterSeconds()));
    }
  }

  private void send(Runnable answer) {
    Runnable last = answer;
    for (Faults.Fault fault : faults) {
      last = wrapped(fault, last);
    }
    last.run();
  }

  private Runnable wrapped(Faults.Fault fault, Runnable answer) {
    return switch (fault) {
      case Faults.Fault.ErrorAfterCommit ignored -> this::injectedError;
      case Faults.Fault.DropAnswer ignored -> exchange::cut;
      case Faults.Fault.LateAnswer late -> () -> after(late.after().toNanos(), answer);
      case Faults.Fault.HoldAnswer hold ->
          () -> hold.until().whenComplete((v, e) -> context.runOnContext(x -> answer.run()));
      case Faults.Fault.Latency ignored -> answer;
      case Faults.Fault.HoldRequest ignored -> answer;
      case Faults.Fault.TooManyRequests ignored -> answer;
      case Faults.Fault.ErrorBeforeCommit ignored -> answer;
      case Faults.Fault.NoSpace ignored -> answer;
      case Faults.Fault.DropRequest ignored -> answer;
    };
  }

  /** Runs {@code perform} after the faults that come before it; some answer instead of it. */
  void begin(Runnable perform) {
    Runnable next = perform;
    for (Faults.Fault fault : faults.reversed()) {
      next = gated(fault, next);
    }
    next.run();
  }

  private Runnable gated(Faults.Fault fault, Runnable perform) {
    return switch (fault) {
      case Faults.Fault.Latency latency -> () -> after(latency.before().toNanos(), perform);
      case Faults.Fault.HoldRequest hold ->
          () -> hold.until().whenComplete((v, e) -> context.runOnContext(x -> perform.run()));
      case Faults.Fault.TooManyRequests many ->
          () ->
              injectedRefusal(Statuses.tooManyRequests("injected fault", many.retryAfterSeconds()));
      case Faults.Fault.ErrorBeforeCommit ignored -> this::injectedError;
      case Faults.Fault.NoSpace ignored ->
          () -> injectedRefusal(Statuses.insufficientStorage("injected fault"));
      case Faults.Fault.DropRequest ignored -> exchange::cut;
      case Faults.Fault.ErrorAfterCommit ignored -> perform;
      case Faults.Fault.DropAnswer ignored -> perform;
      case Faults.Fault.LateAnswer ignored -> perform;
      case Faults.Fault.HoldAnswer ignored -> perform;
    };
  }

  private void injectedError() {
    injectedRefusal(Statuses.internalError("injected fault"));
  }

  private void injectedRefusal(ApiException refusal) {
    advise(refusal);
    exchange.answer(
        refusal.code(), "application/json", ObjectJson.MAPPER.writeValueAsBytes(refusal.status()));
  }

  private void after(long nanos, Runnable work) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    context.owner().setTimer(millis, id -> work.run());
  }
}
