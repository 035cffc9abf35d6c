package io.kubekv.contract;

import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The kit on the broken store that the launcher names, or on the sound one when it names none. */
@ExtendWith(BrokenStoreKit.Named.class)
final class BrokenStoreKit extends KeyValueStoreContract {
  static final String PARAMETER = "kubekv.broken";

  /** Long enough on a slow machine, short enough for tests that are meant to wait in vain. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final BrokenStore subject;

  BrokenStoreKit(BrokenStore subject) {
    this.subject = subject;
  }

  @Override
  protected StoreHarness open(StoreSpec spec) {
    return new InMemoryHarness(subject.spec().apply(spec), subject.fault(), PATIENCE);
  }

  /** Finds the broken store by the launcher's parameter. */
  static final class Named implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == BrokenStore.class;
    }

    @Override
    public BrokenStore resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getConfigurationParameter(PARAMETER)
          .map(Named::brokenStore)
          .orElseGet(() -> new BrokenStore("sound", 0, "none", store -> store));
    }

    private static BrokenStore brokenStore(String name) {
      return BrokenStores.ALL.stream()
          .filter(broken -> broken.name().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }
}
