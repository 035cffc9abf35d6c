package io.kubekv.e2e.faults.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HotKeysTest {
  @Test
  void keys_giveWayAfterSomeHundredOperationsEach() {
    HotKeys keys = new HotKeys();
    int operations = 0;
    while (!keys.isWornOut()) {
      assertThat(keys.key(operations++)).startsWith(keys.directory()).startsWith(HotKeys.ROOT);
    }
    assertThat(operations).isEqualTo(1000);
    String next = keys.nextDirectory();
    keys.rotate();
    assertThat(keys.directory()).isEqualTo(next);
    assertThat(keys.isWornOut()).isFalse();
  }
}
