package io.kubekv.etcdv3;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.etcdv3.probes.ProbePair;
import io.kubekv.etcdv3.probes.Probed;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random programs on the real etcd and here: every answer and every event is the same. */
final class ProbesTest {
  private static final int PROGRAMS = Integer.getInteger("kubekv.probes", 150);

  private static Served etcd;
  private static Served kubekv;
  private static ProbePair pair;

  @BeforeAll
  static void start() {
    etcd = Served.etcd();
    kubekv = Served.kubekv();
    pair = new ProbePair(new Probed(etcd.channel(), true), new Probed(kubekv.channel(), false));
  }

  @AfterAll
  static void stop() throws Exception {
    if (kubekv != null) {
      kubekv.close();
      etcd.close();
    }
  }

  static LongStream seeds() {
    long first = Long.getLong("kubekv.probes.seed", 1);
    return LongStream.range(first, first + PROGRAMS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void program_onBoth_hasTheSameAnswersAndEvents(long seed) throws Exception {
    long asked = pair.candidate().requests();

    assertThat(pair.differs(seed)).isEmpty();
    assertThat(pair.candidate().requests()).isGreaterThan(asked);
  }
}
