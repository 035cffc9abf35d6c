package io.kubekv.etcd;

import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreModelProperties;
import io.kubekv.contract.StoreSpec;

class EtcdModelTest extends StoreModelProperties {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new EtcdHarness(EtcdVersion.V3_6, spec);
  }
}
