package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kit is trusted because it has been seen red, promise by promise. It needs one sound store
 * that the broken ones are made of, whose module extends this and {@link BrokenStoreKit}.
 */
public abstract class BrokenStoresContract {
  /** How many tests a store must pass; change it with the kit, so that none goes unseen. */
  private static final int CONTRACT_TESTS = 389;

  private final Class<? extends BrokenStoreKit> kit;

  protected BrokenStoresContract(Class<? extends BrokenStoreKit> kit) {
    this.kit = kit;
  }

  static List<BrokenStore> brokenStores() {
    return BrokenStores.ALL;
  }

  @Test
  void kit_onTheSoundStore_isGreenAndComplete() {
    KitRun run = KitRun.of(kit, Map.of());

    assertThat(run.failures()).as("failures on the sound store").isEmpty();
    assertThat(run.skipped()).isEmpty();
    assertThat(run.tests()).hasSize(CONTRACT_TESTS);
  }

  @Test
  void everyPromise_hasABrokenStore() {
    assertThat(BrokenStores.ALL.stream().map(BrokenStore::promise))
        .contains(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(BrokenStores.ALL.stream().map(BrokenStore::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("brokenStores")
  void kit_onABrokenStore_isRedInThatPromiseAlone(BrokenStore broken) {
    KitRun run = KitRun.of(kit, Map.of(BrokenStoreKit.PARAMETER, broken.name()));

    assertThat(run.tests()).hasSize(CONTRACT_TESTS);
    assertThat(run.failures().stream().map(KitRun.Test::name))
        .as("the test that catches it")
        .contains(broken.caughtBy());
    assertThat(run.failures())
        .as("red in promise %s alone", broken.promise())
        .allMatch(test -> test.group().matches("Promise" + broken.promise() + "\\D.*"));
  }
}
