package io.kubekv.transport.grpc;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.kubekv.UnauthenticatedException;
import io.kubekv.transport.tls.Certificates;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses calls on connections whose client has shown a certificate that is not good any more, and
 * ends the streams that are open on them. Thread-safe.
 */
final class GoodCertificates implements ServerInterceptor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GoodCertificates.class);

  /** As often as HTTP connections are looked at. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Certificates certificates;
  private final Executor threads;
  private final Refusals refusals;
  private final Set<EndableCall<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kubekv-grpc-clients").factory());
  private boolean failing;

  /**
   * Looks at open streams every second from now on.
   *
   * @param threads virtual ones, which end streams; not taken over
   */
  GoodCertificates(Certificates certificates, Executor threads, Refusals refusals) {
    this.certificates = certificates;
    this.threads = threads;
    this.refusals = refusals;
    var unused =
        looking.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (!certificates.areGood(session)) {
      return refusals.refuse(call, over());
    }
    if (session == null || isShort(call)) {
      return next.startCall(call, headers);
    }
    EndableCall<Q, A> stream =
        new EndableCall<>(
            call,
            () -> certificates.areGood(session),
            open::remove,
            ended -> refusals.end(ended, over()));
    ServerCall.Listener<Q> listener = stream.listener(next.startCall(stream, headers));
    open.add(stream);
    return listener;
  }

  /** One message each way: such a call ends soon by itself. */
  private static boolean isShort(ServerCall<?, ?> call) {
    return call.getMethodDescriptor().getType().serverSendsOneMessage()
        && call.getMethodDescriptor().getType().clientSendsOneMessage();
  }

  /** What a former client is told. */
  private static UnauthenticatedException over() {
    return new UnauthenticatedException(
        "the client's certificate is over, or of an authority that is trusted no"
            + " more: connect again with another");
  }

  /** Each ends on a thread of its own: what it was asked for last may take its time. */
  @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a concurrent set
  private void look() {
    try {
      for (EndableCall<?, ?> stream : open) {
        if (!stream.isGood()) {
          open.remove(stream);
          threads.execute(stream::end);
        }
      }
      failing = false;
    } catch (RuntimeException unexpected) {
      if (!failing) {
        log.error("the streams of former clients could not be ended; tried again", unexpected);
      }
      failing = true;
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
