package io.kubekv.k8s.log;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/**
 * The API refuses requests of every kind: 429 with a time to stay away, and 500. Times to live are
 * real here and as short as that time, so that in the groups about expiry and sessions there is 500
 * alone.
 */
@Tag("long")
class EngineOnBusyKubernetesContractTest extends FaultyEngineContract {
  private static final RecurringFaults FAULTS = RecurringFaults.busy();

  EngineOnBusyKubernetesContractTest() {
    super(FAULTS);
  }

  @AfterAll
  static void allStruck() {
    assertAllStruck(FAULTS);
  }
}
