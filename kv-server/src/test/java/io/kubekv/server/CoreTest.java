package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CoreTest {
  @Test
  void name_isThatOfACore_inAnyCase() {
    assertThat(Core.of("log")).isEqualTo(Core.LOG);
    assertThat(Core.of("OBJECTS")).isEqualTo(Core.OBJECTS);
  }

  @Test
  void otherName_isRefused_sayingWhatThereIs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Core.of("ring"))
        .withMessage("-Dkubekv.core=ring: there are \"objects\" and \"log\"");
  }
}
