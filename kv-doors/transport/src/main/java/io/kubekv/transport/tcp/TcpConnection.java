package io.kubekv.transport.tcp;

import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Turn;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.limits.Use;
import io.kubekv.transport.requests.RequestMeters.Outcome;
import io.netty.channel.Channel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One client's connection. Used on the event loop alone, but for {@link #loop}. */
public final class TcpConnection {
  private final NetSocket socket;
  private final Channel channel;
  private final TcpListener listener;
  private final String origin;
  private final long opened = System.nanoTime();
  private final Unsent.Line line;
  private Budget budget;
  private boolean arrived;
  private boolean open = true;

  /** It will be closed in a moment, since its client takes too little; said on any thread. */
  private volatile boolean cut;

  TcpConnection(NetSocket socket, TcpListener listener, String origin) {
    this.socket = socket;
    this.channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
    this.listener = listener;
    this.origin = origin;
    this.budget = listener.budgets().of(origin);
    this.line = listener.budgets().unsent().open(origin, this::cutAsSlow);
  }

  /** Where it comes from, as far as one client can be told from another by it. */
  public String origin() {
    return origin;
  }

  /** The address of the client. */
  public SocketAddress remote() {
    return channel.remoteAddress();
  }

  /** The thread that everything of this connection is done on. */
  public Executor loop() {
    return channel.eventLoop();
  }

  /** What its client has shown in the handshake of TLS. */
  public Optional<X509Certificate> certificate() {
    @Nullable SSLSession session = socket.sslSession();
    try {
      return session != null && session.getPeerCertificates()[0] instanceof X509Certificate own
          ? Optional.of(own)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  @Nullable SSLSession session() {
    return socket.sslSession();
  }

  /** It has said who it is, and may be quiet from now on. */
  public void arrived() {
    arrived = true;
  }

  boolean isLate(long now, long mostNanos) {
    return !arrived && now - opened > mostNanos;
  }

  /** What is asked on it from now on is on this user's budget. */
  public void belongsTo(String user) {
    budget = listener.budgets().of("user " + user);
  }

  /**
   * Its client waits for one thing more that happens, which is on its budget.
   *
   * @return to be run once it waits for it no more
   * @throws OverLimitException when it, or all of them, wait for too much
   */
  public Runnable waits() {
    Budget own = budget;
    own.watchOpens();
    return own::watchCloses;
  }

  /** Sends some bytes; what its client does not take is counted, and bounded. */
  public void send(Buffer bytes) {
    if (isOpen()) {
      int length = bytes.length();
      line.add(length);
      socket.write(bytes).onComplete(done -> line.taken(length));
    }
  }

  /** Reads no more until {@link #resume}. */
  public void pause() {
    socket.pause();
  }

  public void resume() {
    socket.resume();
  }

  /** Closes it once what was sent has left. */
  public void end() {
    socket.end();
  }

  /**
   * Closes it, whatever its client has not taken: Vert.x would wait until it has. What was sent in
   * this turn of the loop is given to the system before. May be repeated.
   */
  public void close() {
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
  }

  private void cutAsSlow() {
    cut = true;
    listener.cut(Limit.SLOW_CLIENT);
    close();
  }

  void closed() {
    open = false;
    line.close();
  }

  /** Whether it is not closed, nor about to be: then nothing is sent, and nothing is counted. */
  public boolean isOpen() {
    return open && !cut;
  }

  /**
   * Begins a request when it is its client's turn: at once, or later on the event loop; never when
   * the connection is closed before.
   *
   * @param target what it names
   * @param refused is told instead when it is not its turn for too long
   */
  public void begin(
      String verb,
      String target,
      Consumer<TcpRequest> begun,
      Consumer<OverLimitException> refused) {
    Optional<Use> now = budget.tryBegin();
    if (now.isPresent()) {
      begun.accept(begun(verb, target, now.get()));
      return;
    }
    budget.await(
        new Turn() {
          @Override
          public void begin(Use use) {
            loop().execute(() -> begins(verb, target, use, begun));
          }

          @Override
          public void refuse(OverLimitException why) {
            loop().execute(() -> refused.accept(why));
          }

          @Override
          public boolean isGone() {
            return !channel.isOpen();
          }
        });
  }

  private void begins(String verb, String target, Use use, Consumer<TcpRequest> begun) {
    TcpRequest request = begun(verb, target, use);
    if (open) {
      begun.accept(request);
    } else {
      request.end(Outcome.REFUSED, 0);
    }
  }

  private TcpRequest begun(String verb, String target, Use use) {
    use.goesOnIn(loop());
    return listener.request(verb, target, use);
  }
}
