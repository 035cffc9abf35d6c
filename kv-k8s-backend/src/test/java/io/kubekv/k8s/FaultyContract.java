package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.KeyValueStore;
import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The whole contract while faults recur. Nobody stands between the test and the store: under faults
 * it may be slower, and nothing else. The name of a test decides at which requests they strike.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class FaultyContract extends KeyValueStoreContract {
  private final List<RecurringFault> faults;
  private final Duration watchLag;
  private int seed;
  private boolean aboutHistory;

  FaultyContract(List<RecurringFault> faults, Duration watchLag) {
    this.faults = faults;
    this.watchLag = watchLag;
  }

  @BeforeEach
  void look(TestInfo test) {
    String group = test.getTestClass().map(Class::getSimpleName).orElseThrow();
    seed = (group + test.getDisplayName()).hashCode();
    aboutHistory = group.startsWith("Promise4");
  }

  @Override
  protected StoreHarness open(StoreSpec spec) {
    Nemesis nemesis = new Nemesis(faults, watchLag, seed);
    StoreHarness harness = new FaultyHarness(spec, nemesis, this::face);
    if (aboutHistory) {
      nemesis.keepHistory();
    }
    return harness;
  }

  /** How the tests call the store. */
  KeyValueStore face(KeyValueStore store) {
    return store;
  }

  /** A run without its faults proves nothing. */
  static void assertAllStruck(List<RecurringFault> faults) {
    assertThat(faults).allSatisfy(fault -> assertThat(fault.hits()).as("hits").isPositive());
  }
}
