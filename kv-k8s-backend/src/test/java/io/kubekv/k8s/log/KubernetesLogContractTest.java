package io.kubekv.k8s.log;

import io.kubekv.engine.log.LogContract;
import io.kubekv.engine.log.LogUnderTest;

class KubernetesLogContractTest extends LogContract {
  @Override
  protected LogUnderTest open(int room) {
    return new LogOnServer(room);
  }
}
