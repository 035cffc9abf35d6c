package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpCommandTest {
  /** The launcher goes on without a cache when it fails, and every start is slow. */
  @Test
  void warmUp_everyDoor_succeeds() {
    String[] command = {"warm-up", "--rounds", "3"};

    assertThat(Main.commandLine(command, Map.of()).execute(command)).isZero();
  }
}
