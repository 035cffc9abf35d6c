package io.kubekv.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Attachment;
import io.kubekv.Author;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.LockState;
import io.kubekv.Locking;
import io.kubekv.Metadata;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.Times;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.v1.Kv;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whatever the port can say comes back from the wire as it was; nonsense from there is named. */
class WireTest {
  private static final Author AUTHOR = new Author("etcd-v2", "alice");
  private static final SessionId SESSION = SessionId.random();
  private static final SessionId OTHER = SessionId.random();

  private static Entry entry(String key, int bytes) {
    return new Entry(
        Key.of(key),
        Kind.VALUE,
        Bytes.copyOf(new byte[bytes]),
        -1,
        new Revision(-2),
        new Revision(-1),
        3,
        Optional.of(new Expiry(Duration.ofMillis(1500), Instant.ofEpochSecond(7, 9))),
        new LockState(
            Optional.of(SESSION), 4, Optional.of(new Revision(5)), Optional.of(Revision.ZERO)),
        Optional.of(OTHER),
        new Metadata(Bytes.utf8("acl"), 5),
        new Times(1_700_000_000_000L, 1_700_000_000_001L));
  }

  private static void assertTravels(PutRequest request) {
    assertThat(Requests.toPort(Requests.toWire(request))).isEqualTo(request);
  }

  @Test
  void entry_everyField_travels() {
    Entry full = entry("\u00e9/\ud83d\ude00", 3);
    Entry bare =
        new Entry(
            Key.of("a"),
            Kind.DIRECTORY,
            Bytes.EMPTY,
            0,
            Revision.ZERO,
            Revision.ZERO,
            1,
            Optional.empty(),
            LockState.NONE);

    assertThat(Values.toPort(Values.toWire(full))).isEqualTo(full);
    assertThat(Values.toPort(Values.toWire(bare))).isEqualTo(bare);
  }

  @Test
  void putRequest_everyChoice_travels() {
    PutRequest plain = PutRequest.of(Key.of("a"), Bytes.utf8("1"));
    Revision revision = new Revision(-7);

    assertTravels(plain);
    assertTravels(PutRequest.directory(Key.of("d")));
    for (Naming naming : Naming.values()) {
      assertTravels(plain.withNaming(new Prefix("q/"), naming));
    }
    assertTravels(plain.withFlags(-1).withTimeToLive(Duration.ZERO).withFence(revision));
    for (PutMode mode : List.of(PutMode.UPDATE, PutMode.REPLACE)) {
      assertTravels(plain.withMode(mode).withLayout(Layout.TREE));
      assertTravels(plain.withMode(mode).withLayout(Layout.NODES).withMetadata(Bytes.utf8("m")));
    }
    for (Precondition precondition :
        List.of(
            Precondition.NONE,
            Precondition.ABSENT,
            Precondition.PRESENT,
            new Precondition.RevisionIs(revision),
            new Precondition.VersionIs(7),
            new Precondition.ValueIs(Bytes.EMPTY),
            new Precondition.RevisionAndValueAre(revision, Bytes.utf8("x")))) {
      assertTravels(plain.withPrecondition(precondition));
    }
    for (Locking locking :
        List.of(
            new Locking.Acquire(SESSION),
            new Locking.Release(SESSION),
            new Locking.HandOver(SESSION, OTHER))) {
      assertTravels(plain.withLocking(locking));
    }
    assertTravels(plain.withAttachment(new Attachment.To(SESSION)));
    assertTravels(plain.withAttachment(Attachment.KEEP));
    assertTravels(plain.withAuthor(AUTHOR));
  }

  @Test
  void readsAndWatches_everyChoice_travel() {
    for (Freshness freshness :
        List.of(Freshness.LINEARIZABLE, Freshness.STALE, new Freshness.AtLeast(Revision.ZERO))) {
      assertThat(Requests.toPort(Requests.toWire(freshness))).isEqualTo(freshness);
    }
    for (Range range :
        List.of(
            new Range.Exact(Key.of("a")),
            new Range.WithPrefix(Prefix.ALL),
            new Range.Tree(Key.of("a/b")))) {
      assertThat(Requests.toPort(Requests.toWire(range))).isEqualTo(range);
      for (WatchRequest request :
          List.of(
              WatchRequest.fromNow(range),
              WatchRequest.fromOldest(range),
              WatchRequest.from(range, Revision.ZERO))) {
        assertThat(Requests.toPort(Requests.toWire(request))).isEqualTo(request);
      }
    }
  }

  @Test
  void delete_everyChoice_travels() {
    DeleteRequest plain = DeleteRequest.of(Key.of("a"));

    for (DeleteRequest request :
        List.of(
            plain,
            plain.inTree(),
            plain.orDirectory(),
            plain.withAuthor(AUTHOR),
            plain.withPrecondition(new Precondition.ValueIs(Bytes.utf8("1"))))) {
      assertThat(Requests.toPort(Requests.toWire(request))).isEqualTo(request);
    }
  }

  @Test
  void deleteOfARange_travels() {
    DeleteRangeRequest plain = DeleteRangeRequest.of(new Range.Tree(Key.of("a")));

    for (DeleteRangeRequest request : List.of(plain, plain.withAuthor(AUTHOR))) {
      assertThat(Requests.toPort(Requests.toWire(request))).isEqualTo(request);
    }
  }

  @Test
  void refusal_everyReason_travels() {
    for (Refused.Reason reason : Refused.Reason.values()) {
      PutOutcome refused = new Refused(reason, Optional.of(entry("a", 1)), new Revision(9));
      assertThat(Outcomes.toPort(Outcomes.toWire(refused))).isEqualTo(refused);
    }
  }

  @Test
  void refusal_lockDelay_travels() {
    PutOutcome refused =
        new Refused(
            Refused.Reason.LOCK_DELAYED,
            Optional.empty(),
            new Revision(9),
            Optional.of(Duration.ofMillis(1500)));
    assertThat(Outcomes.toPort(Outcomes.toWire(refused))).isEqualTo(refused);
  }

  @Test
  void event_everyCause_travels() {
    for (Cause cause : Cause.values()) {
      WatchEvent put = new WatchEvent.Put(entry("a", 1), Optional.of(entry("a", 2)), cause, AUTHOR);
      assertThat(Events.toPort(Events.toWire(put, false).getFirst())).isEqualTo(put);
    }
  }

  @Test
  void largeTree_travelsInSeveralMessages() {
    List<Entry> below = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      below.add(entry("top/" + i, 20_000));
    }
    WatchEvent delete =
        new WatchEvent.Delete(new Revision(1), entry("top", 0), Cause.DELETE, below, AUTHOR);

    List<Kv.WatchResponse> messages = Events.toWire(delete, true);

    assertThat(messages).hasSizeGreaterThan(5);
    assertThat(messages)
        .allSatisfy(each -> assertThat(each.getSerializedSize()).isLessThan(200_000));
    assertThat(messages)
        .allSatisfy(each -> assertThat(each.getDelete().getAuthor().getUser()).isEqualTo("alice"));
    assertThat(messages.getLast().getDelete().getContinues()).isFalse();
    assertThat(messages.subList(0, messages.size() - 1))
        .allSatisfy(each -> assertThat(each.getDelete().getContinues()).isTrue());
    assertThat(messages.stream().mapToInt(each -> each.getDelete().getBelowCount()).sum())
        .isEqualTo(below.size());
  }

  @Test
  void session_everyField_travels() {
    SessionSpec spec =
        SessionSpec.of(SESSION)
            .withSpan(SessionSpan.ONCE)
            .withName("me")
            .withTimeToLive(Duration.ofSeconds(9, 1))
            .withBehavior(SessionBehavior.DELETE)
            .withLockDelay(Duration.ofSeconds(15));

    assertThat(SessionValues.toPort(SessionValues.toWire(spec))).isEqualTo(spec);
    assertThat(SessionValues.toPort(SessionValues.toWire(SessionSpec.of(OTHER))))
        .isEqualTo(SessionSpec.of(OTHER));
  }

  @Test
  void nothingSaid_isTheDefault() {
    assertThat(Requests.toPort(Kv.PutRequest.newBuilder().setKey("a").build()))
        .isEqualTo(PutRequest.of(Key.of("a"), Bytes.EMPTY));
    assertThat(Requests.toPort(Kv.DeleteRequest.newBuilder().setKey("a").build()))
        .isEqualTo(DeleteRequest.of(Key.of("a")));
    assertThat(SessionValues.toPort(Kv.SessionSpec.getDefaultInstance()).behavior())
        .isEqualTo(SessionBehavior.RELEASE);
  }

  @Test
  void nonsense_isNamed() {
    assertThatThrownBy(() -> Requests.toPort(Kv.Range.getDefaultInstance()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("set key, prefix, tree or between");
    assertThatThrownBy(
            () ->
                Requests.toPort(
                    Kv.PutRequest.newBuilder()
                        .setKey("a")
                        .setPrecondition(
                            Kv.Precondition.newBuilder()
                                .setMatches(Kv.Precondition.Matches.getDefaultInstance()))
                        .build()))
        .hasMessageContaining("set revision, value or both");
    assertThatThrownBy(
            () -> Requests.toPort(Kv.PutRequest.newBuilder().setKey("a").setModeValue(99).build()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Values.session("me")).hasMessageContaining("'me'");
  }
}
