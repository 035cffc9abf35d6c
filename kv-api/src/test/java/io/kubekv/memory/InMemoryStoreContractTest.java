package io.kubekv.memory;

import io.kubekv.contract.InMemoryHarness;
import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;

class InMemoryStoreContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new InMemoryHarness(spec);
  }
}
