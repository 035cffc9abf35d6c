package io.kubekv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {
  private static final Path FILE = Path.of("data/docker-overlay/requests.jsonl.gz");

  @Test
  void read_theRecordedTraffic_holdsEveryRequestOnce() throws IOException {
    List<Exchange> exchanges = Recording.read(FILE).exchanges();

    assertThat(exchanges).extracting(Exchange::number).doesNotHaveDuplicates().hasSize(5369);
    assertThat(exchanges).filteredOn(Exchange::isWatch).hasSize(127);
    assertThat(exchanges).filteredOn(Exchange::isAnsweredWatch).hasSize(110);
  }

  @Test
  void read_requestsThatOverlapped_neverTurnsRoundTwoThatDidNot() throws IOException {
    List<Exchange> exchanges = Recording.read(FILE).exchanges();

    double latestSent = 0;
    for (Exchange exchange : exchanges) {
      assertThat(exchange.ended())
          .as("%s was answered before an earlier one was sent", exchange)
          .isGreaterThanOrEqualTo(latestSent);
      latestSent = Math.max(latestSent, exchange.sent());
    }
  }
}
