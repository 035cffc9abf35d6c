package io.kubekv.loopback;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.k8s.log.EngineHarness;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole contract, where the store talks to the API server without sockets. */
@Execution(ExecutionMode.CONCURRENT)
class LoopbackContractTest extends KeyValueStoreContract {
  @Override
  protected StoreHarness open(StoreSpec spec) {
    return EngineHarness.with(spec, LoopbackContractTest::client);
  }

  static KubernetesClient client(EmbeddedApiServer server) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.uri().toString())
            .withOauthToken(server.token())
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new LoopbackTransport(server.loopback()))
        .build();
  }
}
