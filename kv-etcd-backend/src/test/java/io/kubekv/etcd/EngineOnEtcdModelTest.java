package io.kubekv.etcd;

import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreModelProperties;
import io.kubekv.contract.StoreSpec;

class EngineOnEtcdModelTest extends StoreModelProperties {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new EngineHarness(EtcdVersion.V3_6, spec);
  }
}
