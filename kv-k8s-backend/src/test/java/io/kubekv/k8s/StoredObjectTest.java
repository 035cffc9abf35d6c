package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoredObjectTest {
  private static final SessionId SESSION = SessionId.random();
  private static final Revision CREATED = new Revision(5);
  private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

  @Test
  void createRevision_ofAnObjectJustMade_isItsOwn() {
    assertThat(created().createRevision()).isEqualTo(CREATED);
  }

  @Test
  void updatedBy_always_keepsWhatThePutDoesNotSay() {
    ObjectSpec held =
        created()
            .spec()
            .withFlags(-1)
            .withTtl(Optional.of(Duration.ofSeconds(9)))
            .withLock(
                new LockState(
                    Optional.of(SESSION), 2, Optional.empty(), Optional.of(new Revision(3))));

    ObjectSpec next = at(CREATED, held).updatedBy("w2", Cause.UPDATE, Bytes.utf8("new"));

    assertThat(next.version()).isEqualTo(2);
    assertThat(next.createRevision()).contains(CREATED);
    assertThat(next.flags()).isEqualTo(-1);
    assertThat(next.ttl()).contains(Duration.ofSeconds(9));
    assertThat(next.lock())
        .isEqualTo(
            new LockState(
                Optional.of(SESSION), 2, Optional.of(CREATED), Optional.of(new Revision(3))));
    assertThat(next.writeId()).contains(new WriteId("w2", CREATED));
  }

  @Test
  void updatedBy_ofTheSameValue_isNotTheSameContent() {
    assertThat(created().updatedBy("w1", Cause.SET, Bytes.utf8("v")).version())
        .isNotEqualTo(created().spec().version());
  }

  @Test
  void deletedBy_aLockedKey_endsTheLock() {
    LockState held =
        new LockState(Optional.of(SESSION), 2, Optional.of(CREATED), Optional.of(CREATED));

    ObjectSpec deleted = at(CREATED, created().spec().withLock(held)).deletedBy("w2", Cause.DELETE);

    assertThat(deleted.deleted()).isTrue();
    assertThat(deleted.value()).isEqualTo(Bytes.EMPTY);
    assertThat(deleted.lock()).isEqualTo(LockState.NONE);
  }

  @Test
  void ownWriteAfter_anEditThatKeptTheWriteId_isEmpty() {
    WriteId write = new WriteId("w2", CREATED);
    StoredObject written = at(new Revision(6), created().updatedBy("w2", Cause.SET, Bytes.EMPTY));
    StoredObject edited = at(new Revision(7), written.spec());

    assertThat(written.ownWriteAfter(CREATED)).contains(write);
    assertThat(edited.ownWriteAfter(new Revision(6))).isEmpty();
    assertThat(edited.provesApplied(write)).isTrue();
  }

  @Test
  void toEntry_withTtl_saysWhenItEnds() {
    ObjectSpec spec = created().spec().withTtl(Optional.of(Duration.ofSeconds(30)));

    Entry entry = at(CREATED, spec).toEntry(NOW);

    assertThat(entry.kind()).isEqualTo(Kind.VALUE);
    assertThat(entry.expiry().orElseThrow().expiresAt()).isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void toEntry_withTtlBeyondTime_doesNotOverflow() {
    ObjectSpec spec =
        created().spec().withTtl(Optional.of(Duration.ofSeconds(999_999_999_999_999_999L)));

    assertThat(at(CREATED, spec).toEntry(NOW).expiry().orElseThrow().expiresAt())
        .isEqualTo(Instant.MAX);
  }

  private static StoredObject created() {
    return at(
        CREATED,
        ObjectSpec.first(
            ObjectType.VALUE, Key.of("a"), Bytes.utf8("v"), Cause.CREATE, WriteId.creating("w1")));
  }

  private static StoredObject at(Revision revision, ObjectSpec spec) {
    return new StoredObject(ObjectNames.of(spec.type(), spec.key()), "u", revision, spec);
  }
}
