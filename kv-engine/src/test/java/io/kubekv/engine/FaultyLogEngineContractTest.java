package io.kubekv.engine;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;

/** One in three appends, answers and events gets lost. */
class FaultyLogEngineContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new LogHarness(spec, 3);
  }
}
