package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.memory.InMemoryStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kit is trusted because it has been seen red, promise by promise. */
class BrokenStoresTest {
  /** How many tests a store must pass; change it with the kit, so that none goes unseen. */
  private static final int CONTRACT_TESTS = 246;

  static List<BrokenStore> brokenStores() {
    return BrokenStores.ALL;
  }

  @Test
  void kit_onInMemoryStore_isGreenAndComplete() {
    KitRun run = KitRun.of(BrokenStoreKit.class, Map.of());

    assertThat(run.failures()).as("failures on %s", InMemoryStore.class).isEmpty();
    assertThat(run.skipped()).isEmpty();
    assertThat(run.tests()).hasSize(CONTRACT_TESTS);
  }

  @Test
  void everyPromise_hasABrokenStore() {
    assertThat(BrokenStores.ALL.stream().map(BrokenStore::promise))
        .contains(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(BrokenStores.ALL.stream().map(BrokenStore::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("brokenStores")
  void kit_onABrokenStore_isRedInThatPromiseAlone(BrokenStore broken) {
    KitRun run = KitRun.of(BrokenStoreKit.class, Map.of(BrokenStoreKit.PARAMETER, broken.name()));

    assertThat(run.tests()).hasSize(CONTRACT_TESTS);
    assertThat(run.failures().stream().map(KitRun.Test::name))
        .as("the test that catches it")
        .contains(broken.caughtBy());
    assertThat(run.failures())
        .as("red in promise %s alone", broken.promise())
        .allMatch(test -> test.group().startsWith("Promise" + broken.promise()));
  }
}
