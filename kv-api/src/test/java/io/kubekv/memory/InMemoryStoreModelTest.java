package io.kubekv.memory;

import io.kubekv.contract.InMemoryHarness;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreModelProperties;
import io.kubekv.contract.StoreSpec;

class InMemoryStoreModelTest extends StoreModelProperties {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new InMemoryHarness(spec);
  }
}
