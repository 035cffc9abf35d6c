package io.kubekv.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.Action;
import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownWritesTest {
  private static Operation call(String door, Action action, Result result) {
    Call call = new Call(1, "client", door, "replica", 0, 1);
    return new Operation(call, action, "key", "", 0, result, Sight.NONE, 0);
  }

  @Test
  void ofWrites_thoseWithoutAnAnswerAreCounted_byDoor() {
    assertThat(
            UnknownWrites.of(
                List.of(
                    call("etcd", Action.PUT, Result.DONE),
                    call("etcd", Action.PUT, Result.UNKNOWN),
                    call("etcd", Action.SWAP, Result.REFUSED),
                    call("grpc", Action.DELETE, Result.DONE))))
        .isEqualTo(
            "writes without a known outcome: 1 of 4, 25.0 %"
                + " (etcd 1 of 3, 33.3 %; grpc 0 of 1, 0.0 %)");
  }

  @Test
  void readsAndWhatWasSurelyNotDone_doNotCount() {
    assertThat(
            UnknownWrites.of(
                List.of(
                    call("etcd", Action.GET, Result.UNKNOWN),
                    call("etcd", Action.PUT, Result.FAILED))))
        .isEqualTo("writes without a known outcome: 0 of 0, 0.0 % ()");
  }
}
