package io.kubekv.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.Verb;
import io.kubekv.transport.requests.RequestIds;
import io.kubekv.v1.Kv;
import java.util.Optional;

/**
 * What a client is told of its lock, written down first: it is acquired by a put, and freed by one.
 * Used by the thread of the lock's key alone.
 */
final class AuditedLock implements StreamObserver<Kv.LockResponse> {
  private final StreamObserver<Kv.LockResponse> client;
  private final Access access;
  private final Range key;
  private final Optional<String> request = RequestIds.current();
  private boolean held;
  private boolean uncertain;

  AuditedLock(StreamObserver<Kv.LockResponse> client, Access access, Key key) {
    this.client = client;
    this.access = access;
    this.key = new Range.Exact(key);
  }

  @Override
  public void onNext(Kv.LockResponse message) {
    switch (message.getEventCase()) {
      case ACQUIRED -> {
        held = true;
        uncertain = false;
        long token = message.getAcquired().getFencingToken();
        write(Audit.Outcome.DONE, Optional.of(new Revision(token)));
      }
      case RELEASED, LOST -> freed();
      case NOT_ACQUIRED -> write(Audit.Outcome.REFUSED, Optional.empty());
      case WAITING, EVENT_NOT_SET -> {}
    }
    client.onNext(message);
  }

  @Override
  public void onError(Throwable failure) {
    if (endsAnOrderlyLock(Status.fromThrowable(failure).getCode())) {
      freed();
    } else {
      write(Audit.Outcome.FAILED, Optional.empty());
    }
    client.onError(failure);
  }

  /** A put that would have acquired it may have been done: nobody knows. */
  void attemptIsUncertain() {
    uncertain = !held;
  }

  /** The client is gone, its right, or this server. */
  private static boolean endsAnOrderlyLock(Status.Code code) {
    return code == Status.Code.CANCELLED
        || code == Status.Code.PERMISSION_DENIED
        || code == Status.Code.UNAVAILABLE;
  }

  @Override
  public void onCompleted() {
    client.onCompleted();
  }

  /** Who never held it has put nothing, as far as is known. */
  private void freed() {
    if (held) {
      held = false;
      write(Audit.Outcome.DONE, Optional.empty());
    } else if (uncertain) {
      write(Audit.Outcome.FAILED, Optional.empty());
    }
  }

  /** The thread is the lock's, and knows no request. */
  private void write(Audit.Outcome outcome, Optional<Revision> revision) {
    Runnable writing = () -> access.done(Verb.PUT, key, outcome, revision);
    request.ifPresentOrElse(id -> RequestIds.within(id, writing), writing);
  }
}
