package io.kubekv.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Range;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.RightInUse;
import io.kubekv.transport.access.Verb;
import io.kubekv.v1.Kv;
import io.kubekv.v1.LocksGrpc;
import io.kubekv.wire.Errors;
import io.kubekv.wire.SessionValues;
import io.kubekv.wire.Values;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code kubekv.v1.Locks}: a lock is held as long as its stream is open. */
final class LocksService extends LocksGrpc.LocksImplBase {
  private static final StatusRuntimeException GONE =
      Status.CANCELLED.withDescription("the client has gone").asRuntimeException();

  private static final StatusRuntimeException TAKEN_AWAY =
      Errors.toWire(
          new PermissionDeniedException("the right to put or to get the key was taken away"));

  private final KeyLocks locks;
  private final Limits limits;
  private final Access access;

  LocksService(KeyLocks locks, Limits limits, Access access) {
    this.locks = locks;
    this.limits = limits;
    this.access = access;
  }

  @Override
  public StreamObserver<Kv.LockRequest> lock(StreamObserver<Kv.LockResponse> client) {
    return new LockCall((ServerCallStreamObserver<Kv.LockResponse>) client);
  }

  /** One stream. gRPC calls it one call at a time. */
  private final class LockCall implements StreamObserver<Kv.LockRequest> {
    private final ServerCallStreamObserver<Kv.LockResponse> client;
    private KeyLocks.@Nullable Part part;
    private final RightInUse right = new RightInUse();
    private boolean failed;

    LockCall(ServerCallStreamObserver<Kv.LockResponse> client) {
      this.client = client;
      client.setOnCancelHandler(this::gone);
      client.setOnCloseHandler(right::end);
    }

    @Override
    public void onNext(Kv.LockRequest request) {
      if (failed) {
        return;
      }
      try {
        switch (request.getRequestCase()) {
          case ACQUIRE -> acquire(request.getAcquire());
          case RELEASE -> release();
          case REQUEST_NOT_SET ->
              throw Answers.nonsense("a lock request is empty: set acquire or release");
        }
      } catch (RuntimeException failure) {
        fail(failure);
      }
    }

    @Override
    public void onError(Throwable error) {
      gone();
    }

    @Override
    public void onCompleted() {
      if (part == null && !failed) {
        client.onCompleted();
      }
      leave();
    }

    private void acquire(Kv.LockRequest.Acquire request) {
      if (part != null) {
        throw Answers.nonsense("a lock stream acquires once: open another for another lock");
      }
      Key key = Answers.parse(() -> Key.of(request.getKey()));
      limits.check(key);
      access.requireSessions(Verb.PUT);
      access.require(Verb.PUT, key);
      access.require(Verb.GET, key);
      LockWaiter.Wish wish = Answers.parse(() -> wish(request));
      switch (request.getSessionCase()) {
        case NEW_SESSION -> begin(key, wish, request.getNewSession());
        case SESSION_ID -> use(key, wish, request.getSessionId());
        case SESSION_NOT_SET ->
            throw Answers.nonsense("a lock needs a session: set session_id or new_session");
      }
      KeyLocks.Part mine = part;
      if (mine != null) {
        right.take(access.hold(Verb.PUT, new Range.Exact(key), () -> mine.leave(TAKEN_AWAY)));
      }
    }

    private void begin(Key key, LockWaiter.Wish wish, Kv.SessionSpec wanted) {
      SessionSpec spec = Answers.parse(() -> SessionValues.toPort(wanted));
      part = locks.join(key, new LockWaiter(wish, locks.begin(spec).spec(), true, audited(key)));
    }

    private void use(Key key, LockWaiter.Wish wish, String name) {
      SessionId id = Answers.parse(() -> Values.session(name));
      SessionSpec spec = locks.takeOn(id).map(Session::spec).orElseGet(() -> SessionSpec.of(id));
      part = locks.join(key, new LockWaiter(wish, spec, false, audited(key)));
    }

    private AuditedLock audited(Key key) {
      return new AuditedLock(client, access, key);
    }

    private void release() {
      if (part == null) {
        throw Answers.nonsense("there is nothing to release before acquire");
      }
      leave();
    }

    private void leave() {
      KeyLocks.Part mine = part;
      if (mine != null) {
        mine.leave();
      }
    }

    private void gone() {
      right.end();
      KeyLocks.Part mine = part;
      if (mine != null) {
        mine.leave(GONE);
      }
    }

    /** The client's mistake, or a failure before it waited; what it holds is freed. */
    private void fail(RuntimeException failure) {
      KeyLocks.Part mine = part;
      if (mine == null) {
        failed = true;
        client.onError(Answers.status(failure));
      } else {
        mine.leave(Answers.status(failure));
      }
    }
  }

  private static LockWaiter.Wish wish(Kv.LockRequest.Acquire request) {
    return new LockWaiter.Wish(
        request.hasValue() ? Optional.of(Values.toPort(request.getValue())) : Optional.empty(),
        request.getFlags(),
        request.hasWait() ? Optional.of(Values.toPort(request.getWait())) : Optional.empty());
  }
}
