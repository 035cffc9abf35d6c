package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Freshness;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadsTest {
  private static final Duration SIX = Duration.ofSeconds(6);

  private final FakeClocks clocks = new FakeClocks();
  private final Index index =
      new Index(
          new History(1 << 20),
          clocks::wall,
          new SessionTable(clocks::nanoTime),
          new DeafListener());
  private final Committer committer = (change, deadline) -> committed(change);
  private final Holder holder =
      new Holder(index, committer, new WriteIds(), () -> false, () -> {}, term -> {});
  private final Term first = term(1);
  private final Term second = term(2);

  @BeforeEach
  void activate() {
    index.relisted(List.of(), new Revision(5));
    activate(first);
  }

  @Test
  void read_leaseHeldThroughout_isAnsweredOnce() {
    AtomicInteger asked = new AtomicInteger();

    int answer = reads(SIX).read(Freshness.LINEARIZABLE, now -> asked.incrementAndGet());

    assertThat(answer).isEqualTo(1);
  }

  /** In between, somebody else may have acknowledged a write that the snapshot lacks. */
  @Test
  void read_leaseLostAndGotBackAfterTheSnapshot_takesAnother() {
    AtomicInteger asked = new AtomicInteger();

    int answer =
        reads(SIX)
            .read(
                Freshness.LINEARIZABLE,
                now -> {
                  if (asked.incrementAndGet() == 1) {
                    first.end();
                    holder.lost(first, "it was taken");
                    activate(second);
                  }
                  return asked.get();
                });

    assertThat(answer).isEqualTo(2);
  }

  @Test
  void read_leaseRanOutAfterTheSnapshot_isNotAnswered() {
    Reads reads = reads(Duration.ofMillis(1));

    assertThatThrownBy(
            () ->
                reads.read(
                    Freshness.LINEARIZABLE,
                    now -> {
                      clocks.advance(SIX);
                      return now;
                    }))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void read_staleWithoutALease_isAnswered() {
    first.end();

    assertThat(reads(SIX).read(Freshness.STALE, Snapshot::revision)).isEqualTo(new Revision(5));
  }

  @Test
  void atOnce_leaseHeld_isAnswered() {
    assertThat(reads(SIX).atOnce(Snapshot::revision)).contains(new Revision(5));
  }

  @Test
  void atOnce_withoutALease_isEmptyAndAsksNothing() {
    first.end();
    AtomicInteger asked = new AtomicInteger();

    assertThat(reads(SIX).atOnce(now -> asked.incrementAndGet())).isEmpty();
    assertThat(asked).hasValue(0);
  }

  @Test
  void atOnce_leaseLostAndGotBackAfterTheSnapshot_isEmpty() {
    Optional<Revision> answer =
        reads(SIX)
            .atOnce(
                now -> {
                  first.end();
                  holder.lost(first, "it was taken");
                  activate(second);
                  return now.revision();
                });

    assertThat(answer).isEmpty();
  }

  private Reads reads(Duration patience) {
    return new Reads(index, holder, patience);
  }

  private void activate(Term term) {
    holder.acquired(term, Map.of());
    await().until(holder::isActive);
  }

  private Term term(long number) {
    return new Term(number, clocks, Term.Sent.now(clocks), SIX);
  }

  private static Committer.Outcome committed(Committer.Change change) {
    String name = ObjectNames.of(change.next().type(), change.next().key());
    return new Committer.Outcome.Committed(
        new StoredObject(name, "u", new Revision(6), change.next()));
  }

  /** Hears the index and does nothing. */
  private static final class DeafListener implements Index.Listener {
    @Override
    public void changed(StoredObject object, Revision previous) {}

    @Override
    public void removed(String name) {}

    @Override
    public void lost(SessionId session) {}

    @Override
    public void relisted(Index now) {}

    @Override
    public void restored() {}
  }
}
