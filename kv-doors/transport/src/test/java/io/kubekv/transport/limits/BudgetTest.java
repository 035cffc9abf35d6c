package io.kubekv.transport.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.transport.access.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose turn it is, by a clock of the test's. */
final class BudgetTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ManualTicker ticker = new ManualTicker();
  private final List<Use> begun = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private Budgets budgets = budgets(ClientLimits.DEFAULT);

  private Budgets budgets(ClientLimits limits) {
    return new Budgets(limits, 3, ticker);
  }

  private static ClientLimits rates(long requests, long burst, long bytes) {
    return new ClientLimits(requests, burst, bytes, 100, 2, 2, PATIENCE);
  }

  private final class Asking implements Turn {
    private final String name;
    private boolean gone;

    Asking(String name) {
      this.name = name;
    }

    @Override
    public void begin(Use use) {
      told.add(name);
      begun.add(use);
    }

    @Override
    public void refuse(OverLimitException why) {
      told.add(name + " " + why.getMessage());
    }

    @Override
    public boolean isGone() {
      return gone;
    }
  }

  @AfterEach
  void close() {
    budgets.close();
  }

  @Test
  void withoutLimitsOnRates_nothingWaits() {
    Budget client = budgets.of("10.0.0.1");

    for (int i = 0; i < 10_000; i++) {
      client.tryBegin().orElseThrow().end(1 << 20);
    }
  }

  @Test
  void rate_isThatOfTheBurstAndThenOfTheSecond() {
    budgets = budgets(rates(10, 5, 0));
    Budget client = budgets.of("10.0.0.1");

    assertThat(beginsAtOnce(client)).isEqualTo(5);
    ticker.advance(Duration.ofMillis(99));
    assertThat(beginsAtOnce(client)).isZero();
    ticker.advance(Duration.ofMillis(1));
    assertThat(beginsAtOnce(client)).isEqualTo(1);
    ticker.advance(Duration.ofHours(1));
    assertThat(beginsAtOnce(client)).isEqualTo(5);
  }

  @Test
  void rateOfOneClient_isNothingToAnother() {
    budgets = budgets(rates(10, 5, 0));

    assertThat(beginsAtOnce(budgets.of("a"))).isEqualTo(5);
    assertThat(beginsAtOnce(budgets.of("b"))).isEqualTo(5);
    assertThat(beginsAtOnce(budgets.of("a"))).isZero();
  }

  @Test
  void bytes_areChargedAfterwardsAndOwed() {
    budgets = budgets(rates(0, 1, 1000));
    Budget client = budgets.of("a");

    client.tryBegin().orElseThrow().end(3000);
    ticker.advance(Duration.ofMillis(1999));
    assertThat(client.tryBegin()).isEmpty();
    ticker.advance(Duration.ofMillis(2));
    assertThat(client.tryBegin()).isPresent();
  }

  @Test
  void requestsThatWait_beginInTheirOrder_andNobodyOvertakes() {
    budgets = budgets(rates(1, 1, 0));
    Budget client = budgets.of("a");
    client.tryBegin().orElseThrow().end(0);

    client.await(new Asking("first"));
    client.await(new Asking("second"));
    ticker.advance(Duration.ofSeconds(1));
    assertThat(client.tryBegin()).isEmpty();
    budgets.look();
    assertThat(told).containsExactly("first");
    ticker.advance(Duration.ofSeconds(1));
    budgets.look();

    assertThat(told).containsExactly("first", "second");
    assertThat(delayed(Limit.CLIENT_REQUEST_RATE)).isEqualTo(2);
  }

  @Test
  void requestThatMayWait_beginsAtOnceIfItIsItsTurn_andIsChargedLikeAnyOther() {
    budgets = budgets(rates(1, 2, 0));
    Budget client = budgets.of("a");

    client.beginOrAwait(new Asking("first"));
    client.beginOrAwait(new Asking("second"));
    client.beginOrAwait(new Asking("third"));
    assertThat(told).containsExactly("first", "second");
    ticker.advance(Duration.ofSeconds(1));
    budgets.look();

    assertThat(told).containsExactly("first", "second", "third");
  }

  @Test
  void request_thatFailsWhenItIsTold_keepsNoOtherWaiting() throws Exception {
    Duration soon = Duration.ofMillis(20);
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch heard = new CountDownLatch(1);
    try (Budgets looking = new Budgets(new ClientLimits(0, 1, 0, 1, 1, 1, soon), 3)) {
      Budget first = looking.of("a");
      Budget second = looking.of("b");
      begun.add(first.tryBegin().orElseThrow());
      begun.add(second.tryBegin().orElseThrow());

      Turn fails =
          refused(
              () -> {
                failed.countDown();
                throw new IllegalStateException("as a bug would");
              });
      try {
        first.await(fails);
      } catch (IllegalStateException told) {
        // on a busy machine its time is up before this thread goes on, which tells it itself then
        assertThat(told).hasMessage("as a bug would");
      }
      assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
      second.await(refused(heard::countDown));

      assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Turn refused(Runnable told) {
    return new Turn() {
      @Override
      public void begin(Use use) {
        use.end(0);
      }

      @Override
      public void refuse(OverLimitException why) {
        told.run();
      }

      @Override
      public boolean isGone() {
        return false;
      }
    };
  }

  @Test
  void requestInFlight_makesRoomAtItsEnd() {
    budgets = budgets(new ClientLimits(0, 1, 0, 1, 1, 1, PATIENCE));
    Budget client = budgets.of("a");
    Use running = client.tryBegin().orElseThrow();
    client.await(new Asking("next"));

    assertThat(told).isEmpty();
    running.end(0);
    running.end(0);
    assertThat(told).containsExactly("next");
    assertThat(client.tryBegin()).isEmpty();
    begun.getFirst().end(0);
    assertThat(client.tryBegin()).isPresent();
  }

  @Test
  void requestThatHasWaitedForTooLong_isToldWhatIsAllowed() {
    budgets = budgets(rates(1, 1, 0));
    Budget client = budgets.of("10.1.2.3");
    client.tryBegin().orElseThrow().end(0);
    for (int i = 0; i < 7; i++) {
      client.await(new Asking("r" + i));
    }

    for (int second = 0; second < 5; second++) {
      ticker.advance(Duration.ofSeconds(1));
      budgets.look();
    }

    assertThat(told)
        .containsExactly(
            "r0",
            "r1",
            "r2",
            "r3",
            "r4",
            "r5 too much is asked for by 10.1.2.3: at most 1 requests a second; ask less often",
            "r6 too much is asked for by 10.1.2.3: at most 1 requests a second; ask less often");
    assertThat(refused(Limit.CLIENT_REQUEST_RATE)).isEqualTo(2);
  }

  @Test
  void requestWhoseClientIsGone_takesNobodysTurn() {
    budgets = budgets(rates(1, 1, 0));
    Budget client = budgets.of("a");
    client.tryBegin().orElseThrow().end(0);
    Asking gone = new Asking("gone");
    client.await(gone);
    client.await(new Asking("here"));
    gone.gone = true;

    ticker.advance(Duration.ofSeconds(1));
    budgets.look();

    assertThat(told).containsExactly("here");
  }

  @Test
  void watches_areCountedByClientAndAllTogether_andAreNotInFlight() {
    budgets = budgets(new ClientLimits(0, 1, 0, 1, 2, 1, PATIENCE));
    Use first = watching("a");
    watching("a");
    assertThatThrownBy(() -> watching("a"))
        .hasMessage("too many watches are open by a: at most 2; close some first");
    watching("b");
    assertThatThrownBy(() -> watching("b"))
        .hasMessage(
            "too many watches are open by all clients together: at most 3; close some first");
    assertThat(budgets.watches()).isEqualTo(3);

    first.end(0);
    first.end(0);
    watching("b");
    assertThat(refused(Limit.CLIENT_WATCHES)).isEqualTo(1);
    assertThat(refused(Limit.WATCHES)).isEqualTo(1);
  }

  @Test
  void sessions_makeRoomWhenTheyHaveEnded() {
    budgets = budgets(rates(0, 1, 0));
    CreatedSessions created = budgets.of("a").sessions();
    created.add("1");
    created.add("2");

    assertThat(created.hasRoom(id -> true)).isFalse();
    assertThat(created.hasRoom(id -> !id.equals("2"))).isTrue();
    created.add("3");
    assertThat(created.hasRoom(id -> true)).isFalse();
    created.remove("1");
    assertThat(created.hasRoom(id -> true)).isTrue();
    assertThat(refused(Limit.CLIENT_SESSIONS)).isEqualTo(2);
  }

  @Test
  void currentUse_isThatOfTheRequestOnThisThread() {
    Use use = budgets.of("a").tryBegin().orElseThrow();

    use.run(() -> assertThat(Use.current()).contains(use));

    assertThat(Use.current()).isEmpty();
  }

  @Test
  void changes_countAsMuchAsFourReads_andTheirBytesAsEight() {
    budgets = budgets(rates(8, 8, 8000));
    Budget client = budgets.of("a");

    client.tryBegin().orElseThrow().end(0);
    client.changes(1, 0);
    assertThat(beginsAtOnce(client)).isEqualTo(4);

    ticker.advance(Duration.ofMinutes(1));
    client.tryBegin().orElseThrow().end(1000);
    client.changes(1, 1125);
    ticker.advance(Duration.ofMillis(109));
    assertThat(client.tryBegin()).isEmpty();
    ticker.advance(Duration.ofMillis(2));
    assertThat(client.tryBegin()).isPresent();
  }

  @Test
  void changeOfVeryMany_isOwedNoLongerThanABurst() {
    budgets = budgets(rates(10, 10, 0));
    Budget client = budgets.of("a");

    client.changes(1_000_000, 0);
    ticker.advance(Duration.ofSeconds(1));

    assertThat(beginsAtOnce(client)).isEqualTo(10);
  }

  @Test
  void clientThatIsKnownToTakeMuch_isNotLetInMany() {
    budgets = budgets(rates(0, 1, 1000));
    Budget client = budgets.of("a");
    for (int i = 0; i < 50; i++) {
      client.tryBegin().orElseThrow().end(500);
      ticker.advance(Duration.ofSeconds(1));
    }

    assertThat(client.tryBegin()).isPresent();
    assertThat(client.tryBegin()).isPresent();
    assertThat(client.tryBegin()).isPresent();
    assertThat(client.tryBegin()).isEmpty();
  }

  @Test
  void whatWasExpectedAndNotTaken_isGivenBack() {
    budgets = budgets(rates(0, 1, 1000));
    Budget client = budgets.of("a");
    client.tryBegin().orElseThrow().end(8000);
    ticker.advance(Duration.ofSeconds(10));

    Use watching = client.tryBegin().orElseThrow();
    assertThat(client.tryBegin()).isEmpty();
    watching.watch();
    client.tryBegin().orElseThrow().end(0);

    assertThat(client.tryBegin()).isPresent();
  }

  @Test
  void clientOfWhichTooManyWait_isRefusedAtOnce() {
    budgets = budgets(rates(1, 1, 0));
    Budget client = budgets.of("a");
    assertThat(client.tryBegin()).isPresent();
    for (int i = 0; i < 20_000; i++) {
      client.await(new Asking("one of many"));
    }

    client.await(new Asking("one too many"));

    assertThat(told).singleElement().asString().startsWith("one too many ");
    assertThat(refused(Limit.CLIENT_REQUEST_RATE)).isEqualTo(1);
  }

  @Test
  void limitsThatMakeNoSense_areRefused() {
    assertThatThrownBy(() -> rates(-1, 1, 0)).hasMessage("a rate is negative");
    assertThatThrownBy(() -> rates(1, 0, 0)).hasMessage("a client's limit is below 1");
  }

  private Use watching(String client) {
    Use use = budgets.of(client).tryBegin().orElseThrow();
    try {
      use.watch();
      return use;
    } catch (OverLimitException over) {
      use.end(0);
      throw over;
    }
  }

  private static int beginsAtOnce(Budget client) {
    int begun = 0;
    for (Optional<Use> use = client.tryBegin(); use.isPresent(); use = client.tryBegin()) {
      use.get().end(0);
      begun++;
    }
    return begun;
  }

  private long delayed(Limit limit) {
    return budgets.hits().of(limit, LimitHits.Outcome.DELAYED);
  }

  private long refused(Limit limit) {
    return budgets.hits().of(limit, LimitHits.Outcome.REFUSED);
  }

  @Test
  void requestThatAsksForMuch_isChargedLikeThatMany_upToTheBurst() {
    budgets = budgets(rates(1, 5, 0));
    Budget budget = budgets.of("a");
    begun.add(budget.tryBegin().orElseThrow());

    budget.asks(100);

    ticker.advance(Duration.ofSeconds(1));
    assertThat(budget.isFree()).isFalse();
    ticker.advance(Duration.ofSeconds(2));
    assertThat(budget.isFree()).isTrue();
  }
}
