package io.kubekv.k8s;

import io.kubekv.embedded.Faults.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** Requests and answers are late, and so are the watch's events: each may come first. */
class SlowApiContractTest extends FaultyContract {
  private static final List<RecurringFault> FAULTS =
      List.of(
          RecurringFault.ofChanges(3, new Fault.Latency(Duration.ofMillis(5))),
          RecurringFault.ofChanges(5, new Fault.LateAnswer(Duration.ofMillis(40))),
          RecurringFault.ofChanges(61, new Fault.LateAnswer(Duration.ofMillis(1500))),
          RecurringFault.ofLists(1, new Fault.Latency(Duration.ofMillis(20))),
          RecurringFault.ofWatches(1, new Fault.Latency(Duration.ofMillis(20))),
          RecurringFault.ofLeases(2, new Fault.Latency(Duration.ofMillis(100))));

  SlowApiContractTest() {
    super(FAULTS, Duration.ofMillis(10));
  }

  @AfterAll
  static void allStruck() {
    assertAllStruck(FAULTS);
  }
}
