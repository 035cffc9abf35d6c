package io.kubekv.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogAuthor;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which snapshots a log on etcd refuses, because what stands there would be lost. */
class EtcdSnapshotsTest {
  private final LogRig rig = new LogRig(EtcdVersion.V3_6);
  private final Log log = rig.log();
  private final LogAuthor author = LogAuthor.begin();

  @AfterEach
  void close() {
    log.close();
    rig.close();
  }

  private void append(LogAuthor by, LogEntry entry) {
    assertThat(log.append(entry))
        .succeedsWithin(EtcdRig.PATIENCE)
        .isEqualTo(new Log.Appended.Ours());
    by.accept(entry);
  }

  private void appendSome(int count) {
    for (int i = 0; i < count; i++) {
      append(author, author.next("value " + i));
    }
  }

  /** Takes away the entries behind a position, as a restored backup does. */
  private void restore(long position) {
    rig.delete(rig.keys().entry(position + 1), rig.keys().entriesEnd());
  }

  @Test
  void restored_andAnotherHasWrittenInALaterEpoch_theOldReplicaBuriesNothing() {
    appendSome(2);
    LogAuthor another = author.fork();
    appendSome(4);
    restore(2);
    append(another, another.nextEpoch());
    append(another, another.next("acknowledged"));

    assertThat(log.snapshot(author.root()))
        .failsWithin(EtcdRig.PATIENCE)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContainingAll(
            rig.keys().entry(4).toStringUtf8() + " is of epoch 2",
            "what this replica has is of epoch 1",
            "Export from this replica");

    assertThat(rig.lastEntry()).isEqualTo(4);
    assertThat(rig.get(rig.keys().manifest())).isEmpty();
  }

  @Test
  void restored_andNobodyHasWritten_theLogGoesOnFromTheOldReplica() {
    appendSome(6);
    restore(2);

    assertThat(log.snapshot(author.root())).succeedsWithin(EtcdRig.PATIENCE);

    assertThat(rig.lastEntry()).isEqualTo(6);
    append(author, author.next("next"));
  }

  @Test
  void manifestWrittenOver_aRootBelowTheTrimmedLogIsNotKeptInstead() {
    appendSome(2);
    final Root old = author.root();
    appendSome(2);
    assertThat(log.snapshot(author.root())).succeedsWithin(EtcdRig.PATIENCE);
    appendSome(2);
    assertThat(log.snapshot(author.root())).succeedsWithin(EtcdRig.PATIENCE);
    ByteString others = ByteString.copyFromUtf8("by hand");
    rig.put(rig.keys().manifest(), others);

    assertThat(log.snapshot(old)).succeedsWithin(EtcdRig.PATIENCE);
    assertThat(rig.value(rig.keys().manifest())).isEqualTo(others);

    assertThat(log.snapshot(author.root())).succeedsWithin(EtcdRig.PATIENCE);
    assertThat(rig.value(rig.keys().manifest())).isNotEqualTo(others);
  }
}
