package io.kubekv.server.http;

import io.netty.channel.Channel;
import io.vertx.core.http.impl.HttpServerConnection;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One client connection and what it is doing, for the limits on time. */
final class Connection {
  private enum Phase {
    /** Between requests. */
    IDLE,
    /** Since it opened, or since a request's headers came: the rest is awaited. */
    RECEIVING,
    /** A thread works on the answer. */
    ANSWERING,
    /** Headers are out, the body comes when it comes. */
    STREAMING
  }

  private final HttpServerConnection wire;
  private final LongAdder cuts;
  private volatile Phase phase = Phase.RECEIVING;
  private volatile long since = System.nanoTime();
  private @Nullable Thread worker;
  private volatile @Nullable Optional<X509Certificate> clientCertificate;

  Connection(HttpServerConnection wire, LongAdder cuts) {
    this.wire = wire;
    this.cuts = cuts;
  }

  /** Runs what it is given on the connection's event loop, after what the loop is doing now. */
  Executor loop() {
    return wire.channelHandlerContext().executor();
  }

  /** What the client has shown; the same object at each call. */
  Optional<X509Certificate> clientCertificate() {
    Optional<X509Certificate> known = clientCertificate;
    if (known == null) {
      known = shown(wire.sslSession());
      clientCertificate = known;
    }
    return known;
  }

  private static Optional<X509Certificate> shown(@Nullable SSLSession session) {
    try {
      return session != null && session.getPeerCertificates()[0] instanceof X509Certificate own
          ? Optional.of(own)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  void receiving() {
    enter(Phase.RECEIVING);
  }

  void answering() {
    enter(Phase.ANSWERING);
  }

  /** Names the thread that works on the answer, to be interrupted when it takes too long. */
  synchronized void work(Thread thread) {
    worker = thread;
  }

  /** Detaches the thread, so that no interrupt meets it later. */
  synchronized void workDone(Thread thread) {
    if (thread.equals(worker)) {
      worker = null;
    }
  }

  void streaming() {
    enter(Phase.STREAMING);
  }

  void idle() {
    enter(Phase.IDLE);
  }

  private void enter(Phase next) {
    since = System.nanoTime();
    phase = next;
  }

  /** Cuts or interrupts what has taken longer than the limits allow. */
  void enforce(HttpLimits limits, long now) {
    long age = now - since;
    switch (phase) {
      case IDLE -> {
        if (age > limits.idleTimeout().toNanos()) {
          close();
        }
      }
      case RECEIVING -> {
        if (age > limits.readTimeout().toNanos()) {
          cut();
        }
      }
      case ANSWERING -> {
        if (age > limits.requestTimeout().toNanos()) {
          interruptWorker();
        }
      }
      case STREAMING -> {}
    }
  }

  private synchronized void interruptWorker() {
    if (worker != null) {
      worker.interrupt();
    }
  }

  /** Closes it because a limit was passed. */
  void cut() {
    cuts.increment();
    close();
  }

  /**
   * Closes it at once. Vert.x's own close first waits until the client has taken what was sent,
   * which one that does not read never does.
   */
  void close() {
    Channel channel = wire.channelHandlerContext().channel();
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
  }
}
