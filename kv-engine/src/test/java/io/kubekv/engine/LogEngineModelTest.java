package io.kubekv.engine;

import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreModelProperties;
import io.kubekv.contract.StoreSpec;

class LogEngineModelTest extends StoreModelProperties {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new LogHarness(spec, 0);
  }
}
