package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.jetbrains.lincheck.datastructures.CTestConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lincheck")
class LincheckOptionsTest {
  @Test
  void invocation_onABusyMachine_isNotTakenForHung() {
    assertThat(LincheckOptions.modelChecking().createTestConfigurations(Object.class))
        .extracting(CTestConfiguration::getTimeoutMs)
        .isEqualTo(LincheckOptions.INVOCATION.toMillis());
    assertThat(LincheckOptions.stress().createTestConfigurations(Object.class))
        .extracting(CTestConfiguration::getTimeoutMs)
        .isEqualTo(LincheckOptions.INVOCATION.toMillis());
  }
}
