package io.kubekv.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.CompactedException;
import io.kubekv.FutureRevisionException;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  private static RuntimeException travelled(StoreException failure) {
    return Errors.toPort(Errors.toWire(failure)).orElseThrow();
  }

  @Test
  void storeFailures_comeBackAsTheyWere() {
    List<StoreException> failures =
        List.of(
            new UnavailableException("no lease"),
            UnavailableException.lasting("upgrade"),
            new OverloadedException("too much", Duration.ofMillis(1500)),
            new OutcomeUnknownException("no answer"),
            new LimitExceededException("value size", "bytes", 257, 256),
            new CompactedException(new Revision(3), new Revision(7)),
            new FutureRevisionException(new Revision(9), new Revision(7)),
            new UnauthenticatedException("who is it?"),
            new PermissionDeniedException("not you"));

    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(travelled(failure))
                    .hasSameClassAs(failure)
                    .hasMessage(failure.getMessage())
                    .extracting(same -> ((StoreException) same).advice())
                    .isEqualTo(failure.advice()));
  }

  @Test
  void details_comeBackToo() {
    assertThat(travelled(new OverloadedException("", Duration.ofMillis(1500))))
        .isInstanceOfSatisfying(
            OverloadedException.class,
            busy -> assertThat(busy.retryAfter()).isEqualTo(Duration.ofMillis(1500)));
    assertThat(travelled(new CompactedException(new Revision(3), new Revision(-7))))
        .isInstanceOfSatisfying(
            CompactedException.class,
            gone -> {
              assertThat(gone.wanted()).isEqualTo(new Revision(3));
              assertThat(gone.oldest()).isEqualTo(new Revision(-7));
            });
    assertThat(travelled(new FutureRevisionException(new Revision(9), new Revision(7))))
        .isInstanceOfSatisfying(
            FutureRevisionException.class,
            early -> {
              assertThat(early.wanted()).isEqualTo(new Revision(9));
              assertThat(early.latest()).isEqualTo(new Revision(7));
            });
    assertThat(travelled(new LimitExceededException("key depth", "path elements", 5, 4)))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            over -> {
              assertThat(over.limit()).isEqualTo("key depth");
              assertThat(over.unit()).isEqualTo("path elements");
              assertThat(over.actual()).isEqualTo(5);
              assertThat(over.allowed()).isEqualTo(4);
            });
  }

  @Test
  void codes_areTheCanonicalOnes() {
    assertThat(code(new UnavailableException(""))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(code(new OverloadedException("", Duration.ZERO)))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(code(new OutcomeUnknownException(""))).isEqualTo(Status.Code.UNKNOWN);
    assertThat(code(new LimitExceededException("", "", 1, 0)))
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(code(new CompactedException(Revision.ZERO, Revision.ZERO)))
        .isEqualTo(Status.Code.OUT_OF_RANGE);
    assertThat(code(new FutureRevisionException(Revision.ZERO, Revision.ZERO)))
        .isEqualTo(Status.Code.OUT_OF_RANGE);
    assertThat(code(new UnauthenticatedException(""))).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(code(new PermissionDeniedException(""))).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(Errors.toWire(new IllegalArgumentException("")).getStatus().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void statusOfSomethingInBetween_saysNothingAboutTheStore() {
    assertThat(Errors.toPort(Status.UNAVAILABLE.asRuntimeException())).isEmpty();
  }

  private static Status.Code code(StoreException failure) {
    StatusRuntimeException status = Errors.toWire(failure);
    return status.getStatus().getCode();
  }
}
