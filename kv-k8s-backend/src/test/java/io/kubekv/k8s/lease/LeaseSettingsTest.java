package io.kubekv.k8s.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseSettingsTest {
  private static final Duration SIX = Duration.ofSeconds(6);
  private static final Duration TWO = Duration.ofSeconds(2);

  @Test
  void defaults_always_areSixSecondsRenewedEveryTwo() {
    assertThat(LeaseSettings.defaults("host"))
        .isEqualTo(new LeaseSettings("kubekv", SIX, TWO, "host", false));
  }

  @Test
  void margin_ofSixSeconds_isOnePercentAnd200Milliseconds() {
    assertThat(LeaseSettings.margin(SIX)).isEqualTo(Duration.ofMillis(260));
  }

  @Test
  void settings_renewIntervalOverAThird_isRefused() {
    assertThatThrownBy(() -> new LeaseSettings("kubekv", SIX, TWO.plusMillis(1), "host", false))
        .hasMessageContaining("at most a third of its duration PT6S");
  }

  @Test
  void settings_durationThatTheObjectCannotSay_isRefused() {
    assertThatThrownBy(() -> new LeaseSettings("kubekv", SIX.plusMillis(1), TWO, "host", false))
        .hasMessageContaining("not whole seconds");
  }

  @Test
  void settings_nameThatIsNoLabel_isRefused() {
    assertThatThrownBy(() -> new LeaseSettings("Kube_KV", SIX, TWO, "host", false))
        .hasMessageContaining("\"Kube_KV\" is not a DNS label");
  }

  @Test
  void settings_ownerThatCouldBeginAnothers_isRefused() {
    assertThatThrownBy(() -> LeaseSettings.defaults("host_1")).hasMessageContaining("holds a _");
  }
}
