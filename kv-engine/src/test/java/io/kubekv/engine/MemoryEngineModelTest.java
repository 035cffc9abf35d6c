package io.kubekv.engine;

import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreModelProperties;
import io.kubekv.contract.StoreSpec;

class MemoryEngineModelTest extends StoreModelProperties {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new MemoryHarness(spec);
  }
}
