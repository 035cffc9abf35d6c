package io.kubekv.k8s;

import io.kubekv.embedded.Faults.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/**
 * Requests and answers are lost, answers lie, and watches are closed while changes are made, also
 * changes whose answer is lost: then the same request is sent again before anything shows it.
 */
class LossyApiContractTest extends FaultyContract {
  private static final List<RecurringFault> FAULTS =
      List.of(
          RecurringFault.ofChanges(3, new Fault.ErrorAfterCommit()),
          RecurringFault.ofChanges(4, new Fault.DropAnswer()),
          RecurringFault.ofChanges(11, new Fault.DropRequest()),
          RecurringFault.closedWatches(5, new Fault.DropAnswer()),
          RecurringFault.closedWatches(7, Nemesis.NONE),
          RecurringFault.ofLists(3, new Fault.DropAnswer()),
          RecurringFault.ofWatches(2, new Fault.Latency(Duration.ofMillis(120))),
          RecurringFault.ofWatches(5, new Fault.DropRequest()),
          RecurringFault.ofLeases(4, new Fault.DropAnswer()),
          RecurringFault.ofLeases(7, new Fault.ErrorAfterCommit()),
          RecurringFault.ofDefinitions(5, new Fault.DropAnswer()));

  LossyApiContractTest() {
    super(FAULTS, Duration.ZERO);
  }

  @AfterAll
  static void allStruck() {
    assertAllStruck(FAULTS);
  }
}
