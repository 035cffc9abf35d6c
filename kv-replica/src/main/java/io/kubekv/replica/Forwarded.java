package io.kubekv.replica;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.kubekv.Revision;
import io.kubekv.transport.requests.RequestIds;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a call says that another replica has passed it on, and how far that replica has shown the
 * store: the metadata {@code kubekv-forwarded}. It takes the request's id along, and its trace.
 */
final class Forwarded {
  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("kubekv-forwarded", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> SECRET =
      Metadata.Key.of("kubekv-replica-secret", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> TRACE =
      Metadata.Key.of(RequestIds.TRACE, Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> REQUEST =
      Metadata.Key.of(RequestIds.HEADER, Metadata.ASCII_STRING_MARSHALLER);

  /** The revision that the replica has shown which passed a call on. */
  static final Context.Key<Revision> SHOWN = Context.key("kubekv-forwarded");

  private Forwarded() {}

  /** The revision that the replica has shown which passed the current call on; empty if none. */
  static Optional<Revision> shown() {
    return Optional.ofNullable(SHOWN.get());
  }

  /**
   * Marks every call of a channel.
   *
   * @param secret what the holder tells in the lease, by which it knows a replica; may be empty
   */
  static ClientInterceptor marking(Supplier<Revision> shown, String secret) {
    return new Marking(shown, secret);
  }

  /** Whether a call shows this secret: only who may read the lease knows it. */
  static boolean shows(String secret, Metadata headers) {
    String shown = headers.get(SECRET);
    return shown != null
        && MessageDigest.isEqual(
            shown.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }

  private record Marking(Supplier<Revision> shown, String secret) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          headers.put(HEADER, shown.get().toString());
          headers.put(SECRET, secret);
          RequestIds.current().ifPresent(id -> headers.put(REQUEST, id));
          RequestIds.currentTrace().ifPresent(trace -> headers.put(TRACE, trace));
          super.start(listener, headers);
        }
      };
    }
  }

  /** Reads the mark of calls that come in. */
  static final class Reading implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String mark = headers.get(HEADER);
      return mark == null
          ? next.startCall(call, headers)
          : Contexts.interceptCall(
              Context.current().withValue(SHOWN, revision(mark)), call, headers, next);
    }

    /** Whoever writes nonsense is not forwarded either. */
    private static Revision revision(String mark) {
      try {
        return Revision.parse(mark);
      } catch (NumberFormatException nonsense) {
        return Revision.ZERO;
      }
    }
  }
}
