package io.kubekv.transport.http;

import io.kubekv.transport.limits.Unsent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The body of one answer on its way: the connection gets a piece of it when the piece before has
 * left, so that what the client does not take is kept once for all who wait for the same bytes, and
 * not in the memory of the transport. Thread-safe; nothing here blocks.
 */
final class Outgoing {
  private static final int PIECE = 64 << 10;
  private static final int SMALL_PIECE = 4 << 10;

  private final HttpServerResponse response;
  private final Connection connection;
  private final Unsent unsent;
  private final String client;
  private final Unsent.Line line;
  private final boolean counted;
  private final Runnable taken;
  private final Deque<Payload> queue = new ArrayDeque<>(2);
  private int sentOfFirst;
  private long queued;
  private int inTransport;
  private boolean ending;
  private Runnable afterLast = () -> {};
  private volatile Runnable empty = () -> {};
  private boolean pumping;
  private boolean over;

  /**
   * @param client whose it is
   * @param counted whether nobody else counts the memory of what is sent
   * @param taken told when the client's system has taken all of it, or never will
   */
  Outgoing(
      HttpServerResponse response,
      Connection connection,
      Unsent unsent,
      String client,
      boolean counted,
      Runnable taken) {
    this.response = response;
    this.connection = connection;
    this.unsent = unsent;
    this.client = client;
    this.line = unsent.open(client, connection::cutAsSlow);
    this.counted = counted;
    this.taken = taken;
  }

  /** Bytes that have not been taken. */
  synchronized long waiting() {
    return queued + inTransport;
  }

  /** Has it told whenever all that there was has been taken. Must be short. */
  void whenEmpty(Runnable told) {
    empty = told;
  }

  /** Sends something when all before it is sent. */
  void send(Payload payload) {
    if (payload.size() > 0) {
      offer(payload, false);
    }
  }

  /** As {@link #send}, and ends the answer. */
  void end(Payload last) {
    end(last, () -> {});
  }

  /**
   * As above.
   *
   * @param sent told when the last piece has left
   */
  void end(Payload last, Runnable sent) {
    synchronized (this) {
      afterLast = sent;
    }
    offer(last, true);
  }

  private void offer(Payload payload, boolean last) {
    if (counted) {
      line.add(payload.shared());
    }
    if (!queued(payload, last)) {
      return;
    }
    if (connection.isOnLoop()) {
      pump();
    } else {
      connection.loop().execute(this::pump);
    }
  }

  private synchronized boolean queued(Payload payload, boolean last) {
    if (over || ending) {
      return false;
    }
    ending = last;
    queued += payload.size();
    return queue.add(payload);
  }

  /**
   * On the event loop. One piece in each of its turns: a large event of a thousand watchers must
   * not keep others waiting until all of it is sent.
   */
  private void pump() {
    synchronized (this) {
      if (pumping) {
        return;
      }
      pumping = true;
    }
    Buffer piece = next();
    if (piece != null) {
      write(piece);
    }
    if (endTurn()) {
      connection.loop().execute(this::pump);
    }
  }

  /** Ends this turn; whether there is something that can be sent in the next. */
  private synchronized boolean endTurn() {
    pumping = false;
    return !over && !queue.isEmpty() && inTransport == 0;
  }

  private void write(Buffer piece) {
    int bytes = piece.length();
    line.add(bytes);
    boolean last = isLast();
    (last ? response.end(piece) : response.write(piece)).onComplete(done -> left(bytes, last));
  }

  private synchronized boolean isLast() {
    return ending && queue.isEmpty();
  }

  /** What comes next; null when there is nothing, or the piece before is still on its way. */
  private @Nullable Buffer next() {
    Payload whole;
    Buffer piece;
    synchronized (this) {
      whole = queue.peek();
      if (whole == null || inTransport > 0 || over) {
        return null;
      }
      int most = unsent.isTight(client) ? SMALL_PIECE : PIECE;
      int end = (int) Math.min(whole.size(), (long) sentOfFirst + most);
      piece = whole.buffer().slice(sentOfFirst, end);
      queued -= piece.length();
      inTransport = piece.length();
      sentOfFirst = end;
      if (end < whole.size()) {
        return piece;
      }
      queue.remove();
      sentOfFirst = 0;
    }
    if (counted) {
      line.takenShared();
    }
    return piece;
  }

  private void left(int bytes, boolean last) {
    line.taken(bytes);
    connection.takes();
    synchronized (this) {
      inTransport = 0;
    }
    if (last) {
      closed();
      afterLast.run();
    } else {
      pump();
      if (waiting() == 0) {
        empty.run();
      }
    }
  }

  /** Nothing more will be taken. May be repeated. */
  void closed() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      queue.clear();
      queued = 0;
    }
    line.close();
    taken.run();
  }
}
