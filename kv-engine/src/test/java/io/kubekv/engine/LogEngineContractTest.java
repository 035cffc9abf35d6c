package io.kubekv.engine;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;

class LogEngineContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new LogHarness(spec, 0);
  }
}
