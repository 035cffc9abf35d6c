package io.kubekv.grpc;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;

/** The whole contract through a real connection. */
class RemoteStoreContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new RemoteHarness(spec);
  }
}
