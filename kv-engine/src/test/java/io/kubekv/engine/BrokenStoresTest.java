package io.kubekv.engine;

import io.kubekv.KeyValueStore;
import io.kubekv.contract.BrokenStore;
import io.kubekv.contract.BrokenStoreKit;
import io.kubekv.contract.BrokenStoresContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract kit is seen red on broken stores that are made of the engine in memory. */
@Execution(ExecutionMode.CONCURRENT)
class BrokenStoresTest extends BrokenStoresContract {
  BrokenStoresTest() {
    super(Kit.class);
  }

  /** Run by the tests above alone. */
  static final class Kit extends BrokenStoreKit {
    Kit(BrokenStore subject) {
      super(subject);
    }

    @Override
    protected StoreHarness open(
        StoreSpec spec, UnaryOperator<KeyValueStore> fault, Duration patience) {
      return new MemoryHarness(spec, fault, patience);
    }
  }
}
