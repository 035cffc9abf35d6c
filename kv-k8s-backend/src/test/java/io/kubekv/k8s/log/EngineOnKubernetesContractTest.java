package io.kubekv.k8s.log;

import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** On an embedded API server, or on the real one of {@code KUBEKV_TEST_KUBECONFIG}. */
@Execution(ExecutionMode.CONCURRENT)
class EngineOnKubernetesContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return ClusterEngineHarness.kubeconfig()
        .<StoreHarness>map(cluster -> new ClusterEngineHarness(spec, cluster, EngineHarness.SLOTS))
        .orElseGet(() -> new EngineHarness(spec, faults -> {}));
  }
}
