package io.kubekv.k8s;

import io.kubekv.KeyValueStore;
import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole contract by the calls that need no thread. */
@Execution(ExecutionMode.CONCURRENT)
class AtOnceContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new EmbeddedHarness(spec) {
      @Override
      public KeyValueStore store() {
        return new AtOnceStore(super.store(), Runnable::run);
      }
    };
  }
}
