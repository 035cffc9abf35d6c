package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Metadata;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.Times;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3: what is kept with an entry beside its value is changed with it, or by itself. */
abstract class MetadataContract extends MetadataGroup {
  private static final Duration LONG_LIFE = Duration.ofDays(1);

  MetadataContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void newEntry_hasTheMetadataOfItsPut() {
    Entry entry = stored(described("a")).entry();

    assertThat(entry.metadata()).isEqualTo(new Metadata(ACL, 0));
    assertThat(get("a")).contains(entry);
    assertThat(put("b", "1").metadata()).isEqualTo(Metadata.NONE);
    assertThat(metadata("b")).isEqualTo(Metadata.NONE);
  }

  @Test
  void entryThatIsKept_keepsItsMetadata() {
    stored(described("a"));

    put("a", "2");
    stored(value("a", "3").withMetadata(bytes("other")));
    stored(value("a", "").withMode(PutMode.REFRESH).withTimeToLive(LONG_LIFE));

    assertThat(metadata("a")).isEqualTo(new Metadata(ACL, 0));
  }

  @Test
  void entryThatIsMadeAgain_hasTheMetadataOfItsPut() {
    stored(described("a"));
    committed(describing("a", bytes("changed")));
    deleted(DeleteRequest.of(Key.of("a")));

    stored(value("a", "2").withMetadata(bytes("new")));

    assertThat(metadata("a")).isEqualTo(new Metadata(bytes("new"), 0));
  }

  @Test
  void metadataThatIsSet_changesNothingElse() {
    SessionId session = session();
    PutRequest attached = described("a").withAttachment(new Attachment.To(session));
    Entry before = stored(attached.withTimeToLive(LONG_LIFE)).entry();

    var done = committed(describing("a", bytes("new")));

    Entry after = get("a").orElseThrow();
    assertThat(done.revision()).isEqualTo(before.modifyRevision().next());
    assertThat(revision()).isEqualTo(done.revision());
    assertThat(found(done.results().getFirst())).contains(after);
    assertThat(after.metadata()).isEqualTo(new Metadata(bytes("new"), 1));
    assertThat(after.withMetadata(before.metadata())).isEqualTo(before);
  }

  @Test
  void metadataThatIsSet_isNoEvent() throws InterruptedException {
    put("a", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    committed(describing("a", ACL));
    Revision last = put("a", "2").modifyRevision();

    assertThat(changes.nextPut().revision()).isEqualTo(last);
  }

  @Test
  void metadata_isSetOnTheVersionThatWasSeen() {
    put("a", "1");
    committed(describing("a", 0, ACL));

    Refused late = failure(rolledBack(describing("a", 0, bytes("late"))), 0);
    Refused missing = failure(rolledBack(describing("none", ACL)), 0);

    assertThat(late.reason()).isEqualTo(Refused.Reason.CHANGED);
    assertThat(late.entry()).isEqualTo(get("a"));
    assertThat(missing.reason()).isEqualTo(Refused.Reason.MISSING);
    committed(describing("a", 1, Bytes.EMPTY));
    assertThat(metadata("a")).isEqualTo(new Metadata(Bytes.EMPTY, 2));
  }

  @Test
  void timesAndMetadata_outliveARestart() {
    stored(described("a"));
    committed(describing("a", bytes("new")));
    Entry before = get("a").orElseThrow();

    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    assertThat(get("a")).contains(before);
    Times next = put("b", "1").times();
    assertThat(next.created()).isGreaterThanOrEqualTo(before.times().modified());
  }
}
