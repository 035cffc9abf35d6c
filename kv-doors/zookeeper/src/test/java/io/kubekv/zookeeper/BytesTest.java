package io.kubekv.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the door answers. */
class BytesTest extends BytesSuite {
  @Override
  Side start() {
    return DoorUnderTest.open();
  }

  @Test
  void frame_thatIsTooLong_closes() throws IOException {
    try (Side side = start();
        RawClient client = new RawClient(side.port())) {
      assertThat(client.send("000fffff").untilClosed()).isEmpty();
    }
  }
}
