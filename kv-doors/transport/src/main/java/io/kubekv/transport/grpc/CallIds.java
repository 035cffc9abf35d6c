package io.kubekv.transport.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.kubekv.transport.requests.RequestIds;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.kubekv.transport.requests.Tracer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Follows calls, and says in the log to which a line belongs, while a thread works on it. */
final class CallIds implements ServerInterceptor {
  private static final Metadata.Key<String> GIVEN = key(RequestIds.HEADER);
  private static final Metadata.Key<String> TRACE = key(RequestIds.TRACE);

  private final String door;
  private final Tracer tracer;

  /**
   * @param door its name
   */
  CallIds(String door, Tracer tracer) {
    this.door = door;
    this.tracer = tracer;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String parent = headers.get(TRACE);
    String method = call.getMethodDescriptor().getFullMethodName();
    String verb = CallMeters.verb(method);
    Tracer.Span span = tracer.begin(door, verb, method, parent);
    String trace = span.parent();
    String id = RequestIds.of(headers.get(GIVEN), trace == null ? parent : trace);
    ServerCall<Q, A> followed = trace == null ? call : new Followed<>(call, span, verb);
    Begun<ServerCall.Listener<Q>> begun = new Begun<>(() -> next.startCall(followed, headers));
    RequestIds.within(id, trace, begun);
    return new Within<>(begun.result(), id, trace, span, verb);
  }

  private static final class Begun<T> implements Runnable {
    private final Supplier<T> beginning;
    private @Nullable T result;

    Begun(Supplier<T> beginning) {
      this.beginning = beginning;
    }

    @Override
    public void run() {
      result = beginning.get();
    }

    T result() {
      if (result == null) {
        throw new IllegalStateException("it was not begun");
      }
      return result;
    }
  }

  /** Ends the span with the call. */
  private static final class Followed<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Tracer.Span span;
    private final String verb;

    Followed(ServerCall<Q, A> call, Tracer.Span span, String verb) {
      super(call);
      this.span = span;
      this.verb = verb;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      span.end(verb, CallMeters.outcome(status));
      super.close(status, trailers);
    }
  }

  private static final class Within<Q> extends SimpleForwardingServerCallListener<Q> {
    private final String id;
    private final @Nullable String trace;
    private final Tracer.Span span;
    private final String verb;

    Within(
        ServerCall.Listener<Q> listener,
        String id,
        @Nullable String trace,
        Tracer.Span span,
        String verb) {
      super(listener);
      this.id = id;
      this.trace = trace;
      this.span = span;
      this.verb = verb;
    }

    @Override
    public void onMessage(Q message) {
      RequestIds.within(id, trace, () -> super.onMessage(message));
    }

    /** Where calls with one question are answered. */
    @Override
    public void onHalfClose() {
      RequestIds.within(id, trace, super::onHalfClose);
    }

    @Override
    public void onCancel() {
      RequestIds.within(id, trace, super::onCancel);
      span.end(verb, Outcome.REFUSED);
    }
  }
}
