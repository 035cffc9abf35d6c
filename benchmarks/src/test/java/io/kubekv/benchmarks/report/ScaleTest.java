package io.kubekv.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void scale_endsAtOneTwoOrFive_andHasThemAll() {
    Scale scale = Scale.around(List.of(0.3, 7.0), 13);

    assertThat(scale.least()).isEqualTo(0.2);
    assertThat(scale.greatest()).isEqualTo(10);
    assertThat(scale.ticks()).containsExactly(0.2, 0.5, 1.0, 2.0, 5.0, 10.0);
  }

  @Test
  void wideScale_hasThePowersOfTen_asPlainNumbers() {
    Scale scale = Scale.around(List.of(0.03, 170_000.0), 13);

    assertThat(scale.ticks().stream().map(Scale::text))
        .containsExactly("0.1", "1", "10", "100", "1,000", "10,000", "100,000");
  }

  @Test
  void scale_ofOneValue_reachesToTheNext() {
    Scale scale = Scale.around(List.of(5.0), 13);

    assertThat(scale.least()).isEqualTo(5);
    assertThat(scale.greatest()).isEqualTo(10);
  }
}
