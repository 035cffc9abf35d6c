package io.kubekv.client;

import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.v1.Kv;
import io.kubekv.wire.Values;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A lock that was acquired. It is held until it is closed or {@link #lost}; the server renews its
 * session as long as the connection lasts. Thread-safe.
 *
 * <p>A lock without fencing is not mutual exclusion: this program may be stopped for longer than
 * the lock lasts, and not know. Put what the lock guards with {@link PutRequest#withFence} and the
 * {@link #token}, and late puts of former holders are refused.
 */
public final class HeldLock implements AutoCloseable {
  private final Key key;
  private final SessionId session;
  private final Revision token;
  private final LockStream stream;
  private final Duration patience;

  HeldLock(Key key, Kv.LockResponse.Acquired acquired, LockStream stream, Duration patience) {
    this.key = key;
    this.session = Values.session(acquired.getSession());
    this.token = new Revision(acquired.getFencingToken());
    this.stream = stream;
    this.patience = patience;
  }

  public Key key() {
    return key;
  }

  /** The session that holds the key. */
  public SessionId session() {
    return session;
  }

  /** The fencing token: higher than that of every holder before. */
  public Revision token() {
    return token;
  }

  /** Whether it was neither closed nor lost, as far as is known here. */
  public boolean isHeld() {
    return stream.isHeld();
  }

  /**
   * Completed when the lock is lost; at once when it was. Never completed when it is closed. A
   * function that follows may block.
   */
  public CompletionStage<Loss> lost() {
    return stream.lost().thenApplyAsync(loss -> loss, Thread::startVirtualThread);
  }

  /**
   * Releases the lock and waits until the server has done so, at most for the client's deadline.
   * Does not fail: a server that does not answer releases it when it sees that the stream is cut.
   * May be repeated.
   */
  @Override
  public void close() {
    stream.release(patience);
  }
}
