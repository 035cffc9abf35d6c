package io.kubekv.k8s;

import io.kubekv.embedded.Faults.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The API refuses requests of every kind: 429 with a time to stay away, and 500. */
class BusyApiContractTest extends FaultyContract {
  private static final List<RecurringFault> FAULTS =
      List.of(
          RecurringFault.ofChanges(3, new Fault.ErrorBeforeCommit()),
          RecurringFault.ofChanges(31, new Fault.TooManyRequests(1)),
          RecurringFault.ofLists(3, new Fault.ErrorBeforeCommit()),
          RecurringFault.ofLists(7, new Fault.TooManyRequests(1)),
          RecurringFault.ofWatches(2, new Fault.ErrorBeforeCommit()),
          RecurringFault.ofWatches(7, new Fault.TooManyRequests(1)),
          RecurringFault.ofLeases(4, new Fault.ErrorBeforeCommit()),
          RecurringFault.ofLeases(7, new Fault.TooManyRequests(1)),
          RecurringFault.ofDefinitions(5, new Fault.ErrorBeforeCommit()));

  BusyApiContractTest() {
    super(FAULTS, Duration.ZERO);
  }

  @AfterAll
  static void allStruck() {
    assertAllStruck(FAULTS);
  }
}
