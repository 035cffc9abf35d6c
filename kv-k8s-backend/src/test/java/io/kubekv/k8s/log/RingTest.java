package io.kubekv.k8s.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.k8s.api.ApiObject;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RingTest {
  private static final int SLOTS = 8;

  private final Random random = new Random(19);

  private static ApiObject object(int index, long position, int bytes) {
    ObjectNode spec = JsonMapper.shared().createObjectNode();
    spec.put("position", position)
        .put("edition", 1)
        .put("nonce", "1")
        .put("entry", "A".repeat(bytes));
    return new ApiObject(Ring.name(index), "u" + index, "1", 1, spec);
  }

  private ApiObject object() {
    int index = random.nextInt(SLOTS);
    // some of them belong elsewhere, or have gone back
    long position = index + SLOTS * random.nextLong(4) + (random.nextInt(8) == 0 ? 1 : 0);
    return object(index, position, random.nextInt(100));
  }

  private static LongStream intact(Ring ring, boolean bytes) {
    return LongStream.range(0, SLOTS)
        .mapToObj(ring::at)
        .filter(Slot.Intact.class::isInstance)
        .map(Slot.Intact.class::cast)
        .mapToLong(slot -> bytes ? slot.bytes() : slot.position());
  }

  private static void assertRight(Ring ring) {
    assertThat(ring.newest()).isEqualTo(intact(ring, false).max().orElse(0));
    assertThat(ring.bytes()).isEqualTo(intact(ring, true).sum());
  }

  private Ring read() {
    Ring.Reading reading = new Ring.Reading(SLOTS, random.nextInt(SLOTS));
    for (int i = random.nextInt(2 * SLOTS); i > 0; i--) {
      reading.take(object());
    }
    return reading.whole(random.nextInt(2 * SLOTS));
  }

  @Test
  void newestAndBytes_whateverHappensToTheSlots_areThoseOfTheIntactOnes() {
    for (int run = 0; run < 300; run++) {
      Ring ring = read();
      assertRight(ring);
      for (int step = 0; step < 50; step++) {
        switch (random.nextInt(6)) {
          case 0 -> ring.removed(object());
          case 1 -> ring.forget(random.nextInt(4 * SLOTS));
          case 2 -> ring.forgetUpTo(random.nextInt(4 * SLOTS));
          case 3 -> ring.stood(random.nextInt(4 * SLOTS));
          case 4 -> {
            Ring next = read();
            next.remember(ring);
            ring = next;
          }
          default -> ring.changed(object());
        }
        assertRight(ring);
      }
    }
  }
}
