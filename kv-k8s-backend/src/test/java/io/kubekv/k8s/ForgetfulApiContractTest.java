package io.kubekv.k8s;

import io.kubekv.embedded.Faults.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/**
 * History is forgotten while changes are made, so that they never come by a watch: it gets 410, and
 * the store is listed again. That ends the store's history, which the store says, as it promises;
 * so nothing is forgotten any more after a test's first watch, and in the groups that are about
 * history after the store is open. {@link ForgottenHistoryTest} is about watches across the gap.
 */
class ForgetfulApiContractTest extends FaultyContract {
  private static final List<RecurringFault> FAULTS =
      List.of(
          RecurringFault.forgottenHistory(3, Nemesis.NONE),
          RecurringFault.forgottenHistory(4, new Fault.DropAnswer()),
          RecurringFault.ofChanges(5, new Fault.DropAnswer()),
          RecurringFault.ofLists(5, new Fault.ErrorBeforeCommit()));

  ForgetfulApiContractTest() {
    super(FAULTS, Duration.ZERO);
  }

  @AfterAll
  static void allStruck() {
    assertAllStruck(FAULTS);
  }
}
