package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.LockState;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedactionTest {
  private static final Revision AT = new Revision(9);

  private static final WatchEvent.Delete TREE =
      new WatchEvent.Delete(
          AT, entry("a"), Cause.DELETE, List.of(entry("a/b"), entry("a/c"), entry("a/c/d")));

  private static Entry entry(String key) {
    return new Entry(
        Key.of(key),
        Kind.VALUE,
        Bytes.utf8("secret of " + key),
        7,
        new Revision(3),
        new Revision(4),
        2,
        Optional.empty(),
        LockState.NONE);
  }

  private static WatchEvent.Delete within(Range range) {
    return (WatchEvent.Delete) Redaction.of(TREE, range::contains);
  }

  @Test
  void tree_thatIsGrantedWhole_isToldWhole() {
    assertThat(within(new Range.Tree(Key.of("a")))).isSameAs(TREE);
    assertThat(within(Range.all())).isSameAs(TREE);
  }

  @Test
  void top_thatIsGrantedAlone_isToldWithoutWhatIsBelow() {
    assertThat(within(new Range.Exact(Key.of("a"))))
        .isEqualTo(new WatchEvent.Delete(AT, entry("a"), Cause.DELETE, List.of()));
  }

  @Test
  void part_isToldWithItselfAndTheNameAboveIt() {
    WatchEvent.Delete told = within(new Range.Tree(Key.of("a/c")));

    assertThat(told.below()).containsExactly(entry("a/c"), entry("a/c/d"));
    assertThat(told.previous().key()).isEqualTo(Key.of("a"));
    assertThat(told.toString()).doesNotContain("secret of a\"").doesNotContain("a/b");
    assertThat(told.previous().value()).isEqualTo(Bytes.EMPTY);
    assertThat(told.previous().flags()).isZero();
    assertThat(told.previous().createRevision()).isEqualTo(AT);
  }

  @Test
  void gap_isToldAsItsDifferencesAre() {
    WatchEvent.HistoryGone gone =
        (WatchEvent.HistoryGone)
            Redaction.of(
                new WatchEvent.HistoryGone(AT, List.of(TREE)), key -> key.equals(Key.of("a")));

    assertThat(gone.differences()).containsExactly(within(new Range.Exact(Key.of("a"))));
  }

  @Test
  void refusal_becauseOfWhatIsAbove_tellsItsNameAlone() {
    Refused refused = Refused.of(Refused.Reason.NOT_A_DIRECTORY, entry("a"), AT);

    assertThat(Redaction.of(refused, Key.of("a/b"), key -> false).entry().orElseThrow().value())
        .isEqualTo(Bytes.EMPTY);
    assertThat(Redaction.of(refused, Key.of("a/b"), key -> true)).isSameAs(refused);
    assertThat(Redaction.of(refused, Key.of("a"), key -> false)).isSameAs(refused);
  }
}
