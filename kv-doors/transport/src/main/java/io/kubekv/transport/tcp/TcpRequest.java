package io.kubekv.transport.tcp;

import io.kubekv.transport.limits.Use;
import io.kubekv.transport.requests.RequestIds;
import io.kubekv.transport.requests.RequestMeters;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.requests.Tracer;

/** One request whose turn has come: its budget, its id and its span. */
public final class TcpRequest {
  private final Use use;
  private final RequestMeters meters;
  private final Tracer.Span span;
  private final String verb;
  private final String id;
  private final long begun;

  TcpRequest(Use use, RequestMeters meters, Tracer.Span span, String verb) {
    this.use = use;
    this.meters = meters;
    this.span = span;
    this.verb = verb;
    this.id = RequestIds.of(null, span.parent());
    this.begun = System.nanoTime();
  }

  /** Does something for the request, on this thread. */
  public void run(Runnable task) {
    RequestIds.within(id, span.parent(), () -> use.run(task));
  }

  /**
   * It is answered, or nobody waits for the answer any more. Only the first call is to be made.
   *
   * @param bytes of request and answer
   */
  public void end(Outcome outcome, long bytes) {
    use.end(bytes);
    meters.record(verb, outcome, System.nanoTime() - begun);
    span.end(verb, outcome);
  }
}
