package io.kubekv.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.kubekv.Author;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Metadata;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.Times;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
  private static final Key KEY = Key.of("a/\u20ac");
  private static final SessionId ID = SessionId.random();

  private static Entry entry(Kind kind, Optional<Expiry> expiry, LockState lock) {
    return new Entry(
        KEY,
        kind,
        kind == Kind.VALUE ? Bytes.copyOf(new byte[] {0, -1, 7}) : Bytes.EMPTY,
        -2,
        new Revision(-5),
        new Revision(-4),
        3,
        expiry,
        lock,
        kind == Kind.VALUE ? Optional.of(ID) : Optional.empty(),
        kind == Kind.VALUE ? new Metadata(Bytes.utf8("acl"), -3) : Metadata.NONE,
        kind == Kind.VALUE ? new Times(1_700_000_000_000L, 1_700_000_000_007L) : Times.NONE);
  }

  /** What another program has written may say what no time of ours can. */
  @Test
  void timesOutOfRange_areNoEntry() {
    io.kubekv.log.v1.KeyEntry expiring =
        io.kubekv.log.v1.KeyEntry.newBuilder()
            .setKey("k")
            .setTimeToLive(com.google.protobuf.Duration.newBuilder().setSeconds(1))
            .setExpiresAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
            .build();
    io.kubekv.log.v1.KeyEntry endless =
        expiring.toBuilder()
            .setTimeToLive(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(Long.MAX_VALUE)
                    .setNanos(Integer.MAX_VALUE))
            .build();

    for (io.kubekv.log.v1.KeyEntry foreign : List.of(expiring, endless)) {
      io.kubekv.log.v1.Put put =
          io.kubekv.log.v1.Put.newBuilder()
              .setEntry(foreign)
              .setCause(io.kubekv.log.v1.Cause.CAUSE_SET)
              .build();
      byte[] bytes =
          io.kubekv.log.v1.Entry.newBuilder()
              .addCommits(
                  io.kubekv.log.v1.Commit.newBuilder()
                      .addChanges(io.kubekv.log.v1.Change.newBuilder().setPut(put)))
              .build()
              .toByteArray();

      assertThatThrownBy(() -> EntryCodec.decode(bytes))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not an entry of the log");
    }
  }

  private static LogEntry everyChange() {
    Expiry expiry = new Expiry(Duration.ofDays(1_000_000), Instant.ofEpochSecond(-7, 5));
    LockState held =
        new LockState(
            Optional.of(ID), 4, Optional.of(new Revision(9)), Optional.of(new Revision(8)));
    SessionSpec spec =
        new SessionSpec(
            ID,
            "name",
            Optional.of(Duration.ofMillis(1_500)),
            SessionBehavior.DELETE,
            Duration.ofSeconds(15),
            "note",
            SessionSpan.ONCE);
    Session plain = new Session(SessionSpec.of(ID), new Revision(1), new Revision(2));
    return new LogEntry(
        7,
        3,
        -9,
        -8,
        List.of(
            new Commit(
                new Revision(-4),
                List.of(
                    new Change.Founded(-1),
                    new Change.SwitchedOn("of a later version", "9.9"),
                    new Change.Put(entry(Kind.VALUE, Optional.of(expiry), held), Cause.ACQUIRE),
                    new Change.Put(
                        entry(Kind.DIRECTORY, Optional.empty(), LockState.NONE), Cause.PARENT))),
            new Commit(
                new Revision(-3),
                List.of(
                    new Change.Delete(KEY, List.of(Key.of("a/b"), Key.of("a/c")), Cause.EXPIRE),
                    new Change.SessionBegun(new Session(spec, new Revision(1), new Revision(1))),
                    new Change.SessionBegun(plain),
                    new Change.SessionEnded(ID),
                    new Change.Delayed(KEY, Duration.ofSeconds(15)),
                    new Change.MetadataSet(KEY, new Metadata(Bytes.utf8("acl"), 7)),
                    new Change.DelayOver(KEY),
                    new Change.TimePassed(77, new Revision(-4), Map.of(ID, 99L)),
                    new Change.Renewed(ID),
                    new Change.Compacted(new Revision(-5))))),
        LogEntry.READER,
        OptionalLong.of(-77));
  }

  @Test
  void everyChange_isReadAsItWasWritten() throws IOException {
    assertThat(EntryCodec.decode(EntryCodec.encode(everyChange()))).isEqualTo(everyChange());
  }

  private static LogEntry by(Author... authors) {
    List<Commit> commits = new ArrayList<>();
    for (Author author : authors) {
      commits.add(
          new Commit(
              new Revision(commits.size() + 1L),
              List.of(new Change.Delete(KEY, List.of(), Cause.DELETE)),
              author));
    }
    return new LogEntry(1, 1, 1, 0, commits, LogEntry.READER, OptionalLong.empty());
  }

  @Test
  void authors_areReadAsTheyWereWritten_andStandOnceInAnEntry() throws IOException {
    Author alice = new Author("etcd-v2", "alice");
    Author bob = new Author("page", "bob");
    LogEntry entry = by(alice, Author.NONE, bob, new Author("etcd-v2", "alice"));
    byte[] bytes = EntryCodec.encode(entry);

    assertThat(io.kubekv.log.v1.Entry.parseFrom(bytes).getAuthorsList()).hasSize(2);
    assertThat(EntryCodec.decode(bytes)).isEqualTo(entry);
    assertThat(EntryCodec.decode(bytes).commits().getFirst().author())
        .isSameAs(EntryCodec.decode(bytes).commits().getLast().author());
  }

  @Test
  void authors_arePackedWithTheCommits() throws IOException {
    Author[] many = new Author[1_000];
    Arrays.setAll(many, i -> new Author("consul", "user " + i % 7));
    byte[] bytes = EntryCodec.encode(by(many));

    assertThat(io.kubekv.log.v1.Entry.parseFrom(bytes).getAuthorsList()).isEmpty();
    assertThat(EntryCodec.decode(bytes)).isEqualTo(by(many));
  }

  /** No state depends on it, so it damages nothing. */
  @Test
  void authorThatIsNotInTheTable_isNobody() throws IOException {
    byte[] bytes = EntryCodec.encode(by(new Author("etcd-v2", "alice")));
    for (int number : new int[] {0, 2, -1}) {
      io.kubekv.log.v1.Entry.Builder changed = io.kubekv.log.v1.Entry.parseFrom(bytes).toBuilder();
      changed.getCommitsBuilder(0).setAuthor(number);

      assertThat(EntryCodec.decode(changed.build().toByteArray())).isEqualTo(by(Author.NONE));
    }
  }

  @Test
  void everyCause_hasANumber() throws IOException {
    for (Cause cause : Cause.values()) {
      LogEntry entry =
          new LogEntry(
              1,
              1,
              1,
              0,
              List.of(
                  new Commit(new Revision(1), List.of(new Change.Delete(KEY, List.of(), cause)))),
              LogEntry.READER,
              OptionalLong.empty());
      assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
    }
  }

  @Test
  void unknownFields_arePassedOverAndKept() throws IOException {
    UnknownFieldSet.Field later =
        UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(ByteString.copyFromUtf8("later"))
            .build();
    byte[] newer =
        io.kubekv.log.v1.Entry.parseFrom(EntryCodec.encode(everyChange())).toBuilder()
            .setUnknownFields(UnknownFieldSet.newBuilder().addField(1_000, later).build())
            .build()
            .toByteArray();

    assertThat(EntryCodec.decode(newer)).isEqualTo(everyChange());
    assertThat(io.kubekv.log.v1.Entry.parseFrom(newer).toByteArray()).isEqualTo(newer);
  }

  @Test
  void newerReaderNeeded_isReadFarEnoughToSayIt() throws IOException {
    byte[] newer =
        io.kubekv.log.v1.Entry.newBuilder()
            .setPosition(4)
            .setMinReader(LogEntry.READER + 1)
            .addCommits(
                io.kubekv.log.v1.Commit.newBuilder()
                    .addChanges(io.kubekv.log.v1.Change.getDefaultInstance()))
            .build()
            .toByteArray();

    assertThat(EntryCodec.decode(newer).minReader()).isEqualTo(LogEntry.READER + 1);
  }

  @Test
  void damaged_isSaid() {
    assertThatThrownBy(() -> EntryCodec.decode(new byte[] {1, 2, 3}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not an entry of the log");
  }
}
