package io.kubekv.transport.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Memory for what is large. */
final class RoomTest {
  private static final long VALUE = 1 << 20;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final LimitHits hits = new LimitHits();

  private Room roomForOneValue(Duration patience) {
    return new Room(12 * VALUE, patience, hits);
  }

  @Test
  void whoeverFindsTooLittle_waitsUntilThereIsEnough() {
    Room room = roomForOneValue(LONG);
    Room.Part first = room.forValues(VALUE);

    CompletableFuture<Room.Part> second =
        CompletableFuture.supplyAsync(() -> room.forValues(VALUE));
    await().until(() -> hits.of(Limit.WORKING_BYTES, LimitHits.Outcome.DELAYED) == 1);
    assertThat(second).isNotDone();
    assertThat(room.takenBytes()).isEqualTo(12 * VALUE);
    first.close();

    second.join().close();
    room.forValues(VALUE).close();
  }

  @Test
  void whoeverWaitsForTooLong_isRefused() {
    Room room = roomForOneValue(Duration.ZERO);
    room.forValues(VALUE);

    assertThatThrownBy(() -> room.forListing(VALUE))
        .isInstanceOf(OverLimitException.class)
        .hasMessageContaining("ask again later");
    assertThat(hits.of(Limit.WORKING_BYTES, LimitHits.Outcome.REFUSED)).isEqualTo(1);
  }

  @Test
  void whoeverIsInterrupted_isRefused() {
    Room room = roomForOneValue(LONG);
    room.forValues(VALUE);

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> room.forValues(VALUE)).isInstanceOf(OverLimitException.class);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void small_needsNone() {
    Room room = roomForOneValue(Duration.ZERO);
    room.forValues(VALUE);

    assertThat(room.forValues(1000)).isSameAs(Room.Part.NONE);
    assertThat(Room.isSmall(1000)).isTrue();
  }

  @Test
  void largerThanAllThereIs_mayHaveItAll_andGivesItBackOnce() {
    Room room = roomForOneValue(Duration.ZERO);
    Room.Part all = room.forListing(100 * VALUE);

    all.close();
    all.close();

    assertThat(room.takenBytes()).isZero();
    room.forValues(VALUE);
    assertThatThrownBy(() -> room.forValues(VALUE)).isInstanceOf(OverLimitException.class);
  }

  @Test
  void whatAUseKeeps_isGivenBackWhenItEndsOrKeepsSomethingElse() {
    Room room = roomForOneValue(Duration.ZERO);
    try (Budgets budgets = new Budgets(ClientLimits.DEFAULT, 1)) {
      Use use = budgets.of("a").tryBegin().orElseThrow();
      use.keep(room.forValues(VALUE));
      use.keep(Room.Part.NONE);
      use.keep(room.forValues(VALUE));
      use.end(0);

      use.keep(room.forValues(VALUE));
    }
    room.forValues(VALUE);
  }
}
