package io.kubekv.e2e.zookeeper;

import io.kubekv.zookeeper.probes.Wired;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.zookeeper.proto.ConnectRequest;

/**
 * Very many connections that never say who they are, all in the thread that uses this: a quarter
 * says nothing, a quarter sends a part of a message's length, a quarter a part of the handshake,
 * and a quarter sends the handshake so slowly that it is never over.
 */
final class IdleConnections implements AutoCloseable {
  private static final int KINDS = 4;
  private static final int PART_OF_LENGTH = 2;
  private static final int PART_OF_HANDSHAKE = 20;
  private static final Duration SLOWLY = Duration.ofSeconds(2);
  private static final long LOOK_MILLIS = 100;

  private final byte[] handshake;
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocate(256);
  private final List<Idle> slow = new ArrayList<>();
  private long slowlySent;
  private int open;
  private int answered;
  private long earliest = Long.MAX_VALUE;
  private long latest;

  /** One of them, and when it was begun. */
  private static final class Idle {
    final SocketChannel channel;
    final long begun;
    int sent;

    Idle(SocketChannel channel, long begun) {
      this.channel = channel;
      this.begun = begun;
    }
  }

  IdleConnections() throws IOException {
    handshake = Wired.frame(new ConnectRequest(0, 0, 30_000, 0, new byte[16]));
  }

  /** Opens so many more. Blocks until they are open. */
  void open(InetSocketAddress server, int count) throws IOException {
    for (int number = 0; number < count; number++) {
      Idle idle = new Idle(SocketChannel.open(), System.nanoTime());
      try {
        idle.channel.connect(server);
        send(idle, firstBytes(number % KINDS));
        idle.channel.configureBlocking(false);
        idle.channel.register(selector, SelectionKey.OP_READ, idle);
      } catch (IOException refused) {
        idle.channel.close();
        throw refused;
      }
      open++;
      if (number % KINDS == KINDS - 1) {
        slow.add(idle);
      }
    }
    slowlySent = System.nanoTime();
  }

  private static int firstBytes(int kind) {
    return switch (kind) {
      case 0 -> 0;
      case 1 -> PART_OF_LENGTH;
      case 2 -> PART_OF_HANDSHAKE;
      default -> 1;
    };
  }

  private void send(Idle idle, int bytes) throws IOException {
    int unused = idle.channel.write(ByteBuffer.wrap(handshake, idle.sent, bytes));
    idle.sent += bytes;
  }

  /** Waits until the server has closed all of them, at most so long. Blocks. */
  void awaitClosed(Duration atMost) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (open > 0 && System.nanoTime() < deadline) {
      int unused = selector.select(LOOK_MILLIS);
      for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
        look((Idle) keys.next().attachment());
        keys.remove();
      }
      if (System.nanoTime() - slowlySent > SLOWLY.toNanos()) {
        goOn();
      }
    }
  }

  private void look(Idle idle) throws IOException {
    buffer.clear();
    int came;
    try {
      came = idle.channel.read(buffer);
    } catch (IOException reset) {
      came = -1;
    }
    if (came > 0) {
      answered++;
    } else if (came < 0) {
      idle.channel.close();
      open--;
      long lived = System.nanoTime() - idle.begun;
      earliest = Math.min(earliest, lived);
      latest = Math.max(latest, lived);
    }
  }

  /** One byte more of each slow handshake, but for the last. */
  private void goOn() {
    slowlySent = System.nanoTime();
    for (Idle idle : slow) {
      if (idle.channel.isOpen() && idle.sent < handshake.length - 1) {
        try {
          send(idle, 1);
        } catch (IOException closed) {
          // which is seen where it is read
        }
      }
    }
  }

  /** Those that the server has not closed. */
  int stillOpen() {
    return open;
  }

  /** How often something came on one of them. */
  int answered() {
    return answered;
  }

  /** How long that lived which was closed first. */
  Duration earliest() {
    return Duration.ofNanos(earliest);
  }

  /** How long that lived which was closed last. */
  Duration latest() {
    return Duration.ofNanos(latest);
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
