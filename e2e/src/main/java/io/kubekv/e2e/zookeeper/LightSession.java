package io.kubekv.e2e.zookeeper;

import io.kubekv.zookeeper.probes.Wired;
import io.kubekv.zookeeper.wire.Op;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * A session that costs its client next to nothing: a connection that never blocks, of which a
 * process may have ten thousand in one thread. It waits for no events. Everything is told by
 * futures, which are done in {@link #ready}. For one thread at a time.
 */
final class LightSession {
  private static final int ROOM = 512;
  private static final int PING = -2;

  /** A request that is not answered. */
  private record UnderWay(int number, CompletableFuture<ZooKeeperSession.Answer> answer) {}

  private final Selector selector;
  private final Duration timeout;
  private final ByteBuffer in = ByteBuffer.allocate(ROOM);
  private final Queue<UnderWay> underWay = new ArrayDeque<>();
  private ByteBuffer out = ByteBuffer.allocate(0);
  private ZooKeeperSession.Identity identity = ZooKeeperSession.Identity.NONE;
  private @Nullable SocketChannel channel;
  private @Nullable CompletableFuture<Boolean> opening;
  private int asked;

  /**
   * @param timeout that it asks for
   */
  LightSession(Selector selector, Duration timeout) {
    this.selector = selector;
    this.timeout = timeout;
  }

  /** The number of the session; zero before it has begun. */
  long id() {
    return identity.id();
  }

  /**
   * Connects, and begins the session or goes on with it; a former connection is closed.
   *
   * @return false when there is no such session any more
   */
  CompletableFuture<Boolean> connect(InetSocketAddress server) throws IOException {
    leave();
    CompletableFuture<Boolean> opened = new CompletableFuture<>();
    SocketChannel own = SocketChannel.open();
    channel = own;
    opening = opened;
    try {
      own.configureBlocking(false);
      out = ByteBuffer.wrap(Wired.frame(greeting()));
      boolean now = own.connect(server);
      own.register(selector, now ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
    } catch (IOException failed) {
      end(failed);
    }
    return opened;
  }

  private ConnectRequest greeting() {
    int millis = (int) timeout.toMillis();
    return new ConnectRequest(0, identity.seen(), millis, identity.id(), identity.password());
  }

  /** Asks; several requests may be under way. */
  CompletableFuture<ZooKeeperSession.Answer> ask(Op what, Record... request) throws IOException {
    SocketChannel own = channel;
    if (own == null) {
      return CompletableFuture.failedFuture(new EOFException("there is no connection"));
    }
    int number = what == Op.PING ? PING : ++asked;
    UnderWay begun = new UnderWay(number, new CompletableFuture<>());
    underWay.add(begun);
    Record[] all = new Record[request.length + 1];
    all[0] = new RequestHeader(number, what.number());
    System.arraycopy(request, 0, all, 1, request.length);
    byte[] frame = Wired.frame(all);
    out =
        ByteBuffer.allocate(out.remaining() + frame.length)
            .put(out)
            .put(frame)
            .flip(); // mostly none
    try {
      write(own);
    } catch (IOException failed) {
      end(failed);
    }
    return begun.answer();
  }

  /** Something can be done on the connection. */
  @SuppressWarnings("ReferenceEquality")
  void ready(SelectionKey key) {
    SocketChannel own = channel;
    if (own == null || key.channel() != own) {
      return;
    }
    try {
      if (key.isConnectable()) {
        boolean unused = own.finishConnect();
      }
      if (key.isConnectable() || key.isWritable()) {
        write(own);
      }
      if (key.isReadable()) {
        read(own);
      }
    } catch (IOException failed) {
      end(failed);
    }
  }

  private void write(SocketChannel own) throws IOException {
    int unused = own.write(out);
    int further = out.hasRemaining() ? SelectionKey.OP_WRITE : 0;
    own.keyFor(selector).interestOps(SelectionKey.OP_READ | further);
  }

  private void read(SocketChannel own) throws IOException {
    int came = own.read(in);
    if (came < 0) {
      throw new EOFException("the server closed a connection");
    }
    in.flip();
    while (isWhole()) {
      byte[] message = new byte[in.getInt()];
      in.get(message);
      take(new Wired.Message(message));
    }
    in.compact();
  }

  /** Whether the next message has come; it must have room. */
  private boolean isWhole() throws IOException {
    if (in.remaining() < Integer.BYTES) {
      return false;
    }
    int length = in.getInt(in.position());
    if (length < 0 || length > ROOM - Integer.BYTES) {
      throw new IOException("a message of " + length + " bytes came");
    }
    return in.remaining() >= Integer.BYTES + length;
  }

  private void take(Wired.Message message) throws IOException {
    CompletableFuture<Boolean> greeted = opening;
    if (greeted == null) {
      answered(message);
      return;
    }
    opening = null;
    ConnectResponse told = message.read(new ConnectResponse());
    boolean lives = told.getTimeOut() > 0;
    if (lives) {
      identity =
          new ZooKeeperSession.Identity(told.getSessionId(), told.getPasswd(), identity.seen());
    }
    greeted.complete(lives);
  }

  private void answered(Wired.Message message) throws IOException {
    ReplyHeader header = message.read(new ReplyHeader());
    UnderWay first = underWay.peek();
    if (first == null) {
      throw new IOException("an answer to " + header.getXid() + " came to nobody");
    }
    ZooKeeperSession.requireOrder(header, first.number(), identity.seen());
    underWay.remove();
    identity = new ZooKeeperSession.Identity(identity.id(), identity.password(), header.getZxid());
    first
        .answer()
        .complete(new ZooKeeperSession.Answer(header.getErr(), header.getZxid(), message));
  }

  /** Closes the connection, and leaves the session to itself. */
  void leave() {
    end(new EOFException("its client closed the connection"));
  }

  private void end(IOException why) {
    SocketChannel own = channel;
    channel = null;
    if (own != null) {
      try {
        own.close();
      } catch (IOException gone) {
        // so it is closed
      }
    }
    in.clear();
    out = ByteBuffer.allocate(0);
    CompletableFuture<Boolean> greeted = opening;
    opening = null;
    if (greeted != null) {
      greeted.completeExceptionally(why);
    }
    for (UnderWay next = underWay.poll(); next != null; next = underWay.poll()) {
      next.answer().completeExceptionally(why);
    }
  }
}
