package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The whole contract while faults recur: under them a store may be slower, and nothing else. The
 * name of a test decides at which requests they strike.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class FaultyEngineContract extends KeyValueStoreContract {
  private final RecurringFaults faults;
  private int seed;
  private boolean aboutTime;

  FaultyEngineContract(RecurringFaults faults) {
    this.faults = faults;
  }

  @BeforeEach
  void look(TestInfo test) {
    String group = test.getTestClass().map(Class::getSimpleName).orElseThrow();
    seed = (group + test.getDisplayName()).hashCode();
    aboutTime = group.startsWith("Promise5") || group.startsWith("Promise9");
  }

  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new EngineHarness(spec, server -> faults.arm(server, seed, aboutTime));
  }

  /** A run without its faults proves nothing. */
  static void assertAllStruck(RecurringFaults faults) {
    assertThat(faults.hits()).allSatisfy((name, hits) -> assertThat(hits).as(name).isPositive());
  }
}
