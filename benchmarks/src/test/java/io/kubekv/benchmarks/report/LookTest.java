package io.kubekv.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LookTest {
  static final List<String> CONTESTANTS =
      List.of(
          "etcd-v2",
          "etcd-v2-again",
          "etcd-v3",
          "consul",
          "zookeeper",
          "kubekv",
          "kubekv-kube",
          "kubekv-etcd",
          "raw",
          "naive",
          "naive-kube");

  @Test
  void contestants_haveALookOfTheirOwn() {
    Set<List<Object>> printed = new HashSet<>();
    Set<Object> markers = new HashSet<>();
    for (String contestant : CONTESTANTS) {
      Look look = Look.of(contestant);
      printed.add(List.of(look.color(), look.stroke()));
      markers.add(look.marker());
    }

    assertThat(printed).hasSameSizeAs(CONTESTANTS);
    assertThat(markers).hasSameSizeAs(CONTESTANTS);
    assertThat(Look.of("etcd-v2-again").color()).isEqualTo(Look.of("etcd-v2").color());
  }

  @Test
  void unknownContestant_looksLikeNoneThatIsKnown() {
    for (String known : CONTESTANTS) {
      assertThat(Look.of("nobody")).isNotEqualTo(Look.of(known));
    }
  }
}
