package io.kubekv.server;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole contract through a replica that forwards to the holder of the lease. */
@Execution(ExecutionMode.CONCURRENT)
class FollowerContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new FollowerHarness(spec);
  }
}
