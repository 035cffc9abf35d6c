package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole contract while faults recur: under them a store may be slower, and nothing else. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class EngineOnSlowKubernetesContractTest extends KeyValueStoreContract {
  private static final RecurringFaults FAULTS = RecurringFaults.slow();

  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new EngineHarness(spec, FAULTS::arm);
  }

  /** A run without its faults proves nothing. */
  @AfterAll
  static void allStruck() {
    assertThat(FAULTS.hits().values()).allSatisfy(hits -> assertThat(hits).isPositive());
  }
}
