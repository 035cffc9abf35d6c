package io.kubekv.k8s;

import io.kubekv.KeyValueStore;
import io.kubekv.embedded.Faults.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** What begins without a thread gets one when its answer is lost or the API refuses it. */
class LossyApiAtOnceContractTest extends FaultyContract {
  private static final List<RecurringFault> FAULTS =
      List.of(
          RecurringFault.ofChanges(3, new Fault.ErrorAfterCommit()),
          RecurringFault.ofChanges(4, new Fault.DropAnswer()),
          RecurringFault.ofChanges(11, new Fault.DropRequest()),
          RecurringFault.closedWatches(5, new Fault.DropAnswer()),
          RecurringFault.closedWatches(7, Nemesis.NONE));

  LossyApiAtOnceContractTest() {
    super(FAULTS, Duration.ZERO);
  }

  @Override
  KeyValueStore face(KeyValueStore store) {
    return new AtOnceStore(store, Runnable::run);
  }

  @AfterAll
  static void allStruck() {
    assertAllStruck(FAULTS);
  }
}
