package io.kubekv.engine;

import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreModelProperties;
import io.kubekv.contract.StoreSpec;

/** One in three appends, answers and events gets lost. */
class FaultyLogEngineModelTest extends StoreModelProperties {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new LogHarness(spec, 3);
  }
}
