package io.kubekv.k8s;

import io.kubekv.KeyValueStore;

/** The same rules for writes that begin without a thread. */
class KubernetesStoreRulesAtOnceTest extends KubernetesStoreRulesTest {
  @Override
  KeyValueStore through() {
    return new AtOnceStore(store(), Runnable::run);
  }
}
