package io.kubekv.transport.access;

import io.kubekv.DelegatingStore;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.contract.KeyValueStoreContract;
import io.kubekv.contract.StoreHarness;
import io.kubekv.contract.StoreSpec;
import io.kubekv.engine.MemoryHarness;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;

/** The whole contract for a user who may everything, each decision asked for. */
class GuardedStoreContractTest extends KeyValueStoreContract {
  private static final Gate GATE =
      new Gate(
          "kv",
          Limits.DEFAULT,
          new Identities(CertificateUsers.bySubject(), token -> Optional.empty(), false),
          (user, verb, path) -> true,
          Duration.ofSeconds(10),
          Audit.NONE,
          new ManualTicker(),
          Executors.newVirtualThreadPerTaskExecutor());

  @AfterAll
  static void stop() {
    GATE.close();
  }

  /** Closing a view closes nothing; the contract wants to close a store. */
  private static final class Closing extends DelegatingStore {
    private final KeyValueStore whole;

    Closing(KeyValueStore whole) {
      super(new GuardedStore(whole, GATE.access(new User("ann", List.of()))));
      this.whole = whole;
    }

    @Override
    public void close() {
      whole.close();
    }
  }

  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new MemoryHarness(spec, Closing::new, Duration.ofSeconds(30));
  }
}
