package io.kubekv.transport.http;

import io.kubekv.transport.limits.Limit;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.http.impl.HttpServerConnection;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.Executor;
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
    /** The answer is complete, and the client has to take it. */
    SENDING,
    /** Headers are out, the body comes when it comes. */
    STREAMING
  }

  /** Of a body that comes in the second between two looks. */
  private static final long FAST_BYTES = 16 << 10;

  private final HttpServerConnection wire;
  private final Source source;
  private final Cuts cuts;
  private long held;
  private boolean closed;
  private boolean tooMany;
  private long unsent = Long.MAX_VALUE;
  private volatile Phase phase = Phase.RECEIVING;
  private volatile long since = System.nanoTime();
  private volatile boolean stopping;
  private @Nullable Incoming incoming;
  private @Nullable Thread worker;
  private @Nullable Runnable onBadBody;
  private volatile @Nullable Optional<X509Certificate> clientCertificate;

  /** What is told of those that are cut off. */
  interface Cuts {
    void cut(Limit why);
  }

  Connection(HttpServerConnection wire, Source source, Cuts cuts) {
    this.wire = wire;
    this.source = source;
    this.cuts = cuts;
  }

  /** It is one too many: its first request is told so. */
  void tellItIsTooMany() {
    tooMany = true;
  }

  boolean isTooMany() {
    return tooMany;
  }

  /** Where it comes from. */
  Source source() {
    return source;
  }

  /** Bytes are held for it until they are {@link #release released}, or it is closed. */
  void hold(long bytes) {
    synchronized (this) {
      if (closed) {
        return;
      }
      held += bytes;
    }
    source.take(bytes);
  }

  /** Bytes are held no longer. */
  void release(long bytes) {
    synchronized (this) {
      if (closed) {
        return;
      }
      held -= bytes;
    }
    source.give(bytes);
  }

  /**
   * It is gone.
   *
   * @return the bytes that were held for it; nothing is held or released any more
   */
  long closed() {
    Incoming body = incoming;
    if (body != null) {
      body.end();
    }
    synchronized (this) {
      closed = true;
      return held;
    }
  }

  /** The body that arrives; null: none does. */
  void receives(@Nullable Incoming body) {
    incoming = body;
  }

  /** Runs what it is given on the connection's event loop, after what the loop is doing now. */
  Executor loop() {
    return wire.channelHandlerContext().executor();
  }

  boolean isOnLoop() {
    return wire.channelHandlerContext().executor().inEventLoop();
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

  /** A body is received; {@code bad} is run, once, if it cannot be read. On the event loop. */
  void receiving(Runnable bad) {
    receiving();
    onBadBody = bad;
  }

  /** Tells that the body cannot be read; false when none is received. On the event loop. */
  boolean bodyIsBad() {
    Runnable tell = onBadBody;
    onBadBody = null;
    if (tell == null) {
      return false;
    }
    tell.run();
    return true;
  }

  void answering() {
    onBadBody = null;
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

  /** What comes next comes when something happens: it waits, for a watch or a blocking query. */
  void streaming() {
    enter(Phase.STREAMING);
    if (stopping) {
      close();
    }
  }

  /** Cuts it if it waits for something to happen, or as soon as it does: no stop waits for that. */
  void stopWaiting() {
    stopping = true;
    if (phase == Phase.STREAMING) {
      close();
    }
  }

  /** An answer is on its way that the client may be slow to take. */
  void sending() {
    unsent = Long.MAX_VALUE;
    enter(Phase.SENDING);
  }

  /** The client has taken it. */
  void sent() {
    if (phase == Phase.SENDING) {
      idle();
    }
  }

  void idle() {
    enter(Phase.IDLE);
  }

  private void enter(Phase next) {
    since = System.nanoTime();
    phase = next;
  }

  /**
   * Cuts or interrupts what has taken longer than the limits allow.
   *
   * @param hurry whether others wait for the memory that answers have
   */
  void enforce(HttpLimits limits, long now, boolean hurry) {
    long age = now - since;
    switch (phase) {
      case IDLE -> {
        if (age > limits.idleTimeout().toNanos()) {
          close();
        }
      }
      case RECEIVING -> {
        if (age > limits.readTimeout().toNanos() || age > limits.hurry().toNanos() && holdsUp()) {
          cut(Limit.SLOW_CLIENT);
        }
      }
      case SENDING -> {
        boolean soon = hurry || source.isWaitedFor();
        if (takesNothing() && age > (soon ? limits.hurry() : limits.readTimeout()).toNanos()) {
          cut(Limit.SLOW_CLIENT);
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

  /** Whether a body comes so slowly that others wait for what is held for it. */
  private boolean holdsUp() {
    Incoming body = incoming;
    return body != null && source.isWaitedFor() && body.isSlowerThan(FAST_BYTES);
  }

  private synchronized void interruptWorker() {
    if (worker != null) {
      worker.interrupt();
    }
  }

  /**
   * Whether the client has taken nothing since this was asked last; its time begins anew if it has.
   */
  private boolean takesNothing() {
    ChannelOutboundBuffer buffer = wire.channelHandlerContext().channel().unsafe().outboundBuffer();
    long now = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    if (now >= unsent) {
      return true;
    }
    unsent = now;
    since = System.nanoTime();
    return false;
  }

  /** The client takes of its answer: its time begins anew. */
  void takes() {
    since = System.nanoTime();
  }

  /** Closes it because its client takes too little of what it is sent. */
  void cutAsSlow() {
    cut(Limit.SLOW_CLIENT);
  }

  /** Closes it because a limit was passed. */
  void cut(Limit why) {
    cuts.cut(why);
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
