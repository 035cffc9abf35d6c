package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Refused.Reason;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 9: a key refuses puts with a lower fencing token than one that it has seen. */
abstract class FenceContract extends SessionGroup {
  FenceContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static PutRequest fenced(String value, Revision token) {
    return value("target", value).withFence(token);
  }

  @Test
  void put_withAToken_keepsTheHighest() {
    Revision low = new Revision(5);
    Revision high = new Revision(7);

    assertThat(stored(fenced("1", low)).entry().lock().fence()).contains(low);
    assertThat(stored(fenced("2", high)).entry().lock().fence()).contains(high);
    assertThat(stored(fenced("3", high)).entry().lock().fence()).contains(high);
  }

  @Test
  void put_withALowerToken_isRefusedWithTheEntry() {
    stored(fenced("1", new Revision(-2)));
    Entry entry = get("target").orElseThrow();

    assertThat(refused(fenced("2", new Revision(7)), Reason.FENCED).entry()).contains(entry);

    assertThat(get("target")).contains(entry);
  }

  @Test
  void put_withoutAToken_isFreeAndKeepsTheFence() {
    Revision token = new Revision(7);
    stored(fenced("1", token));

    assertThat(put("target", "2").lock().fence()).contains(token);
    assertThat(stored(value("target", "3").withMode(PutMode.REPLACE)).entry().lock().fence())
        .contains(token);
    assertThat(
            stored(
                    value("target", "")
                        .withMode(PutMode.REFRESH)
                        .withTimeToLive(Duration.ofHours(1)))
                .entry()
                .lock()
                .fence())
        .contains(token);
    refused(fenced("4", new Revision(6)), Reason.FENCED);
  }

  @Test
  void put_refusedForAnotherReason_movesNoFence() {
    stored(fenced("1", new Revision(5)));

    refused(fenced("2", new Revision(9)).withPrecondition(Precondition.ABSENT), Reason.EXISTS);
    refused(release("target", "", session()).withFence(new Revision(9)), Reason.NOT_HELD);

    assertThat(stored(fenced("3", new Revision(6))).entry().value()).isEqualTo(bytes("3"));
  }

  @Test
  void formerHolder_isKeptOut() {
    SessionId first = session();
    Revision stale = acquired("lock", first);
    stored(fenced("by the first", stale));
    Await.change(sessions().destroy(first));
    SessionId second = session();
    Revision current = acquired("lock", second);
    stored(fenced("by the second", current));

    refused(fenced("late", stale), Reason.FENCED);

    assertThat(text("target")).contains("by the second");
  }

  @Test
  void lockedKey_mayBeItsOwnTarget() {
    SessionId session = session();
    Revision token = acquired("a", session);

    Entry entry = stored(acquisition("a", "2", session).withFence(token)).entry();
    Entry free = stored(release("a", "3", session).withFence(token)).entry();

    assertThat(entry.lock().fence()).contains(token);
    assertThat(free.lock().fence()).contains(token);
    refused(value("a", "4").withFence(new Revision(0)), Reason.FENCED);
  }

  @Test
  void restart_keepsFences() {
    stored(fenced("1", new Revision(7)));
    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    refused(fenced("2", new Revision(6)), Reason.FENCED);
  }
}
