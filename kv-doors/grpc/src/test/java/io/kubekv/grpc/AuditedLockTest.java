package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.kubekv.Key;
import io.kubekv.transport.access.Access;
import io.kubekv.v1.Kv;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written down of a lock. */
final class AuditedLockTest {
  private final List<String> written = new ArrayList<>();
  private final AuditedLock lock = new AuditedLock(new Nobody(), recording(), Key.of("lock"));

  private static final class Nobody implements StreamObserver<Kv.LockResponse> {
    @Override
    public void onNext(Kv.LockResponse message) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  /** Only {@link Access#done} is called. */
  private Access recording() {
    return (Access)
        Proxy.newProxyInstance(
            Access.class.getClassLoader(),
            new Class<?>[] {Access.class},
            (proxy, method, arguments) -> {
              written.add(method.getName() + " " + arguments[0] + " " + arguments[2]);
              return null;
            });
  }

  private void acquired() {
    lock.onNext(
        Kv.LockResponse.newBuilder()
            .setAcquired(Kv.LockResponse.Acquired.newBuilder().setFencingToken(7))
            .build());
  }

  private void lost() {
    lock.onNext(
        Kv.LockResponse.newBuilder()
            .setLost(
                Kv.LockResponse.Lost.newBuilder()
                    .setReason(Kv.LockResponse.Lost.Reason.REASON_SESSION_ENDED))
            .build());
    lock.onCompleted();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"CANCELLED", "PERMISSION_DENIED", "UNAVAILABLE"})
  void waiter_thatNeverHeldIt_hasPutNothing(Status.Code end) {
    lock.onError(end.toStatus().asRuntimeException());

    assertThat(written).isEmpty();
  }

  @Test
  void lock_thatIsLost_isFreed() {
    acquired();
    lost();

    assertThat(written).containsExactly("done put DONE", "done put DONE");
  }

  @Test
  void lock_thatEndsWithItsClient_isFreed() {
    acquired();
    lock.onError(Status.CANCELLED.asRuntimeException());

    assertThat(written).containsExactly("done put DONE", "done put DONE");
  }

  @Test
  void put_thatFailed_isWrittenDown() {
    lock.onError(Status.FAILED_PRECONDITION.asRuntimeException());

    assertThat(written).containsExactly("done put FAILED");
  }

  @Test
  void put_thatMayHaveBeenDone_isWrittenDown() {
    lock.attemptIsUncertain();
    lock.onError(Status.CANCELLED.asRuntimeException());

    assertThat(written).containsExactly("done put FAILED");
  }
}
