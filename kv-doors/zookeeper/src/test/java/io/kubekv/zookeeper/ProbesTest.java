package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.zookeeper.probes.ProbePair;
import io.kubekv.zookeeper.probes.Probed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random programs on a ZooKeeper server and here: every answer and every event is the same. */
final class ProbesTest {
  private static final int PROGRAMS = Integer.getInteger("kubekv.probes", 100);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static RealServer zookeeper;

  @SuppressWarnings("NullAway.Init")
  private static DoorUnderTest door;

  @SuppressWarnings("NullAway.Init")
  private static ProbePair pair;

  @BeforeAll
  static void start() {
    zookeeper = RealServer.start(folder);
    door = DoorUnderTest.open();
    pair = new ProbePair(probed(zookeeper), probed(door));
  }

  private static Probed probed(Side side) {
    return new Probed(new InetSocketAddress(InetAddress.getLoopbackAddress(), side.port()));
  }

  @AfterAll
  static void stop() {
    door.close();
    zookeeper.close();
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
