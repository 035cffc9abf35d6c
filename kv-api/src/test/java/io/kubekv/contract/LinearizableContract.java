package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Lookup;
import io.kubekv.Range;
import io.kubekv.Revision;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Promise 2: what was acknowledged is seen by all, and nobody sees the store go back. */
abstract class LinearizableContract extends ContractGroup {
  private static final int CHANGES = 50;
  private static final Set<Thread.State> WAITING =
      EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED);

  LinearizableContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void get_byAnotherThread_seesTheAcknowledgedPut() throws Exception {
    for (int i = 0; i < 10; i++) {
      String written = "v" + i;
      put("a", written);

      List<String> seen =
          Together.run(2, harness().patience(), thread -> text("a").orElse("missing"));

      assertThat(seen).containsOnly(written);
    }
  }

  @Test
  void list_byAnotherThread_seesTheAcknowledgedChange() throws Exception {
    put("gone", "1");
    put("kept", "1");
    deleted(removal("gone"));

    List<List<String>> seen =
        Together.run(2, harness().patience(), thread -> ListContract.keys(store(), Range.all()));

    assertThat(seen).containsOnly(List.of("kept"));
  }

  @Test
  void revision_byAnotherThread_isNotBeforeTheAcknowledgedChange() throws Exception {
    Revision written = put("a", "1").modifyRevision();

    List<Revision> seen = Together.run(2, harness().patience(), thread -> revision());

    assertThat(seen).allSatisfy(at -> assertThat(at).isGreaterThanOrEqualTo(written));
  }

  @Test
  void get_atLeastASeenRevision_isThatRecent() {
    Revision seen = put("a", "1").modifyRevision();

    Lookup lookup = Await.read(store().get(Key.of("a"), new Freshness.AtLeast(seen)));

    assertThat(lookup.revision()).isGreaterThanOrEqualTo(seen);
    assertThat(lookup.entry().orElseThrow().modifyRevision()).isEqualTo(seen);
  }

  @Test
  void get_atLeastALaterRevision_waitsForIt() throws Exception {
    Revision later = put("a", "1").modifyRevision().next();
    FutureTask<Lookup> question =
        new FutureTask<>(() -> Await.read(store().get(Key.of("b"), new Freshness.AtLeast(later))));
    Thread reader = Thread.ofVirtual().start(question);
    eventually("the reader waits, or has an answer", () -> WAITING.contains(reader.getState()));

    put("b", "1");

    Lookup answer = question.get(harness().patience().toNanos(), TimeUnit.NANOSECONDS);
    assertThat(answer.revision()).isGreaterThanOrEqualTo(later);
    assertThat(answer.entry()).isPresent();
  }

  @Test
  void get_stale_neverGoesBack() {
    Revision last = Revision.ZERO;
    for (int i = 0; i < CHANGES; i++) {
      put("a", "v" + i);
      Revision now = Await.read(store().get(Key.of("a"), Freshness.STALE)).revision();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
  }

  @Test
  void get_whileChanging_neverGoesBack() throws Exception {
    put("a", "0");
    Callable<Integer> writer = () -> IntStream.range(0, CHANGES).map(i -> write(i)).sum();

    Together.all(harness().patience(), List.of(writer, this::readForward, this::readForward));

    assertThat(text("a")).contains(Integer.toString(CHANGES - 1));
  }

  @Test
  void get_afterAcknowledgement_seesThatRevisionOrLater() throws Exception {
    AtomicReference<Revision> acknowledged = new AtomicReference<>(put("a", "0").modifyRevision());
    Callable<Integer> writer =
        () -> {
          for (int i = 0; i < CHANGES; i++) {
            acknowledged.set(put("a", Integer.toString(i)).modifyRevision());
          }
          return CHANGES;
        };
    Callable<Integer> reader =
        () -> {
          for (int i = 0; i < CHANGES; i++) {
            Revision before = acknowledged.get();
            Lookup lookup = Await.read(store().get(Key.of("a"), Freshness.LINEARIZABLE));
            assertThat(lookup.revision()).isGreaterThanOrEqualTo(before);
            assertThat(lookup.entry().orElseThrow().modifyRevision())
                .isGreaterThanOrEqualTo(before);
          }
          return CHANGES;
        };

    List<Integer> done = Together.all(harness().patience(), List.of(writer, reader, reader));

    assertThat(done).containsOnly(CHANGES);
  }

  private int write(int number) {
    put("a", Integer.toString(number));
    return 1;
  }

  private int readForward() {
    int last = 0;
    for (int i = 0; i < CHANGES; i++) {
      int now = Integer.parseInt(text("a").orElseThrow());
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
    return last;
  }
}
