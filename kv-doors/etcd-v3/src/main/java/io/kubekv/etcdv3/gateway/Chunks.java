package io.kubekv.etcdv3.gateway;

import io.grpc.Status;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.http.ResponseStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a stream of requests: its status and headers go out with its first message, as
 * etcd's do, and its end says how the call ended. Thread-safe.
 */
final class Chunks {
  /** As much as gRPC's own streams take before they say that it is enough. */
  private static final int READY_BYTES = 64 << 10;

  private final HttpExchange exchange;
  private final Runnable gone;
  private final Runnable room;
  private final Queue<Payload> queue = new ArrayDeque<>(2);
  private long queued;
  private int status = 200;
  private List<Header> headers = List.of();
  private boolean begun;
  private boolean ending;
  private boolean over;
  private @Nullable ResponseStream stream;

  /**
   * @param gone told when the client has gone before the end; may be repeated
   * @param room told when all that was sent has been taken
   */
  Chunks(HttpExchange exchange, Runnable gone, Runnable room) {
    this.exchange = exchange;
    this.gone = gone;
    this.room = room;
  }

  /** Leaves the answer for later. */
  void open() {
    exchange.park(this::over);
  }

  void send(Payload piece) {
    synchronized (this) {
      if (over || ending) {
        return;
      }
      begin(200, Answers.ANSWERED);
      queue.add(piece);
      queued += piece.size();
    }
    exchange.loop().execute(this::flush);
  }

  private void begin(int newStatus, List<Header> newHeaders) {
    if (!begun) {
      begun = true;
      status = newStatus;
      headers = newHeaders;
    }
  }

  void end(Status how) {
    synchronized (this) {
      if (over || ending) {
        return;
      }
      if (how.isOk()) {
        begin(200, List.of());
      } else {
        begin(Answers.httpStatus(how), List.of(Answers.JSON));
        Payload last = MessageWriter.streamError(how.getCode().value(), Answers.text(how));
        queue.add(last);
        queued += last.size();
      }
      ending = true;
    }
    exchange.loop().execute(this::flush);
  }

  /** Whether the client has taken so much of what there was that more may be sent. */
  boolean isReady() {
    ResponseStream now;
    long waiting;
    synchronized (this) {
      now = stream;
      waiting = queued;
    }
    return waiting + (now == null ? 0 : now.waiting()) < READY_BYTES;
  }

  /** On the event loop, where the client goes, too. */
  private void flush() {
    ResponseStream now = opened();
    if (now == null) {
      return;
    }
    for (Payload piece = next(); piece != null; piece = next()) {
      now.write(piece);
    }
    if (isAtEnd()) {
      now.end(Payload.EMPTY);
    }
  }

  /** Null when the client has gone. */
  private @Nullable ResponseStream opened() {
    synchronized (this) {
      if (over || stream != null) {
        return over ? null : stream;
      }
    }
    ResponseStream now = exchange.stream(status, headers, this::over);
    now.whenTaken(room);
    synchronized (this) {
      stream = now;
    }
    return now;
  }

  /** It counts as the stream's from here on, which may say at once that it was taken. */
  private synchronized @Nullable Payload next() {
    Payload piece = queue.poll();
    queued -= piece == null ? 0 : piece.size();
    return piece;
  }

  private synchronized boolean isAtEnd() {
    return ending;
  }

  /** It has ended, or the client has gone. */
  private void over() {
    boolean early;
    synchronized (this) {
      over = true;
      early = !ending;
      queue.clear();
      queued = 0;
    }
    if (early) {
      gone.run();
    }
  }
}
