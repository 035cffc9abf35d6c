package io.kubekv.k8s.log;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/**
 * History is forgotten while entries are written, so that they never come by a watch: it gets 410,
 * and the ring is listed again. All that is in the ring is still there, so the store's history has
 * no gap, and watches none.
 */
@Tag("long")
class EngineOnForgetfulKubernetesContractTest extends FaultyEngineContract {
  private static final RecurringFaults FAULTS = RecurringFaults.forgetful();

  EngineOnForgetfulKubernetesContractTest() {
    super(FAULTS);
  }

  @AfterAll
  static void allStruck() {
    assertAllStruck(FAULTS);
  }
}
