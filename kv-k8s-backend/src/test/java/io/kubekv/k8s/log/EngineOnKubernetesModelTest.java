package io.kubekv.k8s.log;

import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreModelProperties;
import io.kubekv.contract.StoreSpec;
import net.jqwik.api.PropertyDefaults;

/** Each sequence opens a store on an API server of its own. */
@PropertyDefaults(tries = 20)
class EngineOnKubernetesModelTest extends StoreModelProperties {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new EngineHarness(spec, faults -> {});
  }
}
