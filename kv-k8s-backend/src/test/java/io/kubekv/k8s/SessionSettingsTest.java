package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.SessionBehavior;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionSettingsTest {
  @Test
  void toBytes_anything_isReadBack() {
    SessionSettings settings =
        new SessionSettings(
            "\"n\u00e4me\"\n", SessionBehavior.DELETE, Duration.ofSeconds(1, 500_000_001));

    assertThat(SessionSettings.parse(settings.toBytes())).isEqualTo(settings);
  }

  @Test
  void toBytes_isWhatPeopleRead() {
    SessionSettings settings =
        new SessionSettings("n", SessionBehavior.RELEASE, Duration.ofSeconds(15));

    assertThat(settings.toBytes().toText())
        .isEqualTo("{\"name\":\"n\",\"behavior\":\"release\",\"lockDelay\":\"PT15S\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"name\":1,\"behavior\":\"release\",\"lockDelay\":\"PT0S\"}",
        "{\"name\":\"n\",\"behavior\":\"keep\",\"lockDelay\":\"PT0S\"}",
        "{\"name\":\"n\",\"behavior\":\"release\",\"lockDelay\":\"15s\"}",
        "{\"name\":\"n\",\"behavior\":\"release\",\"lockDelay\":\"PT-1S\"}",
        "{\"name\":\"n\",\"behavior\":\"release\",\"lockDelay\":\"PT0S\",\"more\":\"x\"}",
        "{\"name\":\"n\",\"behavior\":\"release\",\"lockDelay\":\"PT0S\"} x"
      })
  void parse_anythingElse_saysWhatIsWrong(String value) {
    assertThatThrownBy(() -> SessionSettings.parse(Bytes.utf8(value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("session");
  }
}
