package io.kubekv.engine;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;

class MemoryEngineContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new MemoryHarness(spec);
  }
}
