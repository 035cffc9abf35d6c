package io.kubekv.etcd;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class EngineOnEtcd36ContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new EngineHarness(EtcdVersion.V3_6, spec);
  }
}
