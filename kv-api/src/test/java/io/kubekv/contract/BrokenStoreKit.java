package io.kubekv.contract;

import io.kubekv.KeyValueStore;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The kit on the broken store that the launcher names, or on the sound one when it names none. Not
 * run by itself: {@link BrokenStoresContract} runs it.
 */
@ExtendWith(BrokenStoreKit.Named.class)
public abstract class BrokenStoreKit extends KeyValueStoreContract {
  static final String PARAMETER = "kubekv.broken";

  /** Long enough on a slow machine, short enough for tests that are meant to wait in vain. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final BrokenStore subject;

  protected BrokenStoreKit(BrokenStore subject) {
    this.subject = subject;
  }

  /**
   * An empty sound store.
   *
   * @param fault what stands between the test and the store
   * @param patience how long tests wait before they fail
   */
  protected abstract StoreHarness open(
      StoreSpec spec, UnaryOperator<KeyValueStore> fault, Duration patience);

  @Override
  protected final StoreHarness open(StoreSpec spec) {
    return open(subject.spec().apply(spec), subject.fault(), PATIENCE);
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
