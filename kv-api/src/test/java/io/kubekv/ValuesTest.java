package io.kubekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The small value types: what they compare, copy and refuse. */
class ValuesTest {
  private static final Key KEY = Key.of("a");

  @Test
  void revision_comparesUnsigned() {
    Revision top = Revision.parse("18446744073709551615");

    assertThat(top.isAfter(new Revision(Long.MAX_VALUE))).isTrue();
    assertThat(Revision.max(new Revision(5), top)).isEqualTo(top);
    assertThat(top).hasToString("18446744073709551615");
    assertThat(new Revision(Long.MAX_VALUE).next()).hasToString("9223372036854775808");
    assertThat(Revision.ZERO.isBefore(new Revision(1))).isTrue();
    assertThatThrownBy(() -> Revision.parse("18446744073709551616"))
        .isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> Revision.parse("-1")).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void sessionIds_haveTheOrderOfTheirTexts() {
    List<SessionId> ids =
        Stream.of(
                "00000000-0000-0000-0000-000000000001",
                "00000000-0000-0000-8000-000000000000",
                "7fffffff-ffff-ffff-ffff-ffffffffffff",
                "80000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-0000-000000000000")
            .map(text -> SessionId.parse(text).orElseThrow())
            .toList();

    assertThat(ids.reversed().stream().sorted()).isEqualTo(ids);
    assertThat(SessionId.ZEROS).isLessThan(ids.getFirst());
  }

  @Test
  void transaction_thatChangesSomething_isLinearizable() {
    TransactionRequest change =
        TransactionRequest.of(new TransactionOperation.DeleteRange(new Range.Exact(KEY)));
    TransactionRequest read = TransactionRequest.of(new TransactionOperation.Get(KEY));

    assertThatThrownBy(() -> change.withFreshness(Freshness.STALE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(read.withFreshness(Freshness.STALE).onlyReads()).isTrue();
    assertThatThrownBy(() -> new TransactionOutcome.RolledBack(List.of(), Revision.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bytes_areCopiedAndComparedByContent() {
    byte[] array = {1, 2, 3};
    Bytes bytes = Bytes.copyOf(array);
    array[0] = 9;
    bytes.toArray()[1] = 9;

    assertThat(bytes).isEqualTo(Bytes.copyOf(new byte[] {1, 2, 3}));
    assertThat(bytes.hashCode()).isEqualTo(Bytes.copyOf(new byte[] {1, 2, 3}).hashCode());
    assertThatThrownBy(() -> bytes.toBuffer().put(0, (byte) 9))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThat(bytes).hasToString("3 bytes");
  }

  @Test
  void bytes_asText_onlyWhenTheyAreUtf8() {
    Bytes broken = Bytes.copyOf(new byte[] {'a', (byte) 0xff});

    assertThat(Bytes.utf8("\u20ac").asText()).contains("\u20ac");
    assertThat(broken.asText()).isEmpty();
    assertThat(Bytes.utf8("a \uFFFD of its own").asText()).contains("a \uFFFD of its own");
    assertThat(broken.toText()).isEqualTo("a\uFFFD");
    assertThat(Bytes.base64(broken.toBase64())).isEqualTo(broken);
    assertThatThrownBy(() -> Bytes.base64("?")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void range_containsByKindOfRange() {
    Range tree = new Range.Tree(Key.of("a"));
    Range prefix = new Range.WithPrefix(new Prefix("a"));

    assertThat(tree.contains(Key.of("a"))).isTrue();
    assertThat(tree.contains(Key.of("a/b"))).isTrue();
    assertThat(tree.contains(Key.of("ab"))).isFalse();
    assertThat(prefix.contains(Key.of("ab"))).isTrue();
    assertThat(new Range.Exact(KEY).contains(Key.of("a/b"))).isFalse();
    assertThat(Range.all().contains(Key.of("\uFFFF"))).isTrue();
    assertThat(tree.self()).contains(Key.of("a"));
    assertThat(tree.below()).contains(new Prefix("a/"));
    assertThat(prefix.self()).isEqualTo(Optional.empty());
  }

  @Test
  void putRequest_thatContradictsItself_isRefusedByName() {
    PutRequest put = PutRequest.of(KEY, Bytes.utf8("1"));

    assertThatThrownBy(() -> put.withMode(PutMode.REFRESH))
        .hasMessage("refresh of a carries a value");
    assertThatThrownBy(() -> put.withTimeToLive(Duration.ofNanos(-1)))
        .hasMessage("time to live of a is negative");
    assertThatThrownBy(() -> PutRequest.directory(KEY).withLayout(Layout.FLAT))
        .hasMessage("directory a needs layout TREE and no value");
    assertThatThrownBy(() -> new ListRequest(Range.all(), Optional.of("")))
        .hasMessage("a list delimiter is empty");
  }

  @Test
  void limits_nameWhatIsOverAndByHowMuch() {
    Limits limits = new Limits(4, 2, 2, 10);

    assertThatThrownBy(() -> limits.check(Key.of("abcde")))
        .hasMessage("key length is 5 bytes, at most 4 allowed");
    assertThatThrownBy(() -> limits.check(Key.of("a/b/")))
        .hasMessage("key depth is 3 path elements, at most 2 allowed");
    assertThatThrownBy(() -> limits.check(PutRequest.of(KEY, Bytes.utf8("123"))))
        .hasMessage("value size is 3 bytes, at most 2 allowed");
    assertThatThrownBy(() -> limits.checkRoomAfter(10))
        .hasMessage("number of entries is 11 entries, at most 10 allowed");
    limits.checkRoomAfter(9);
    assertThatThrownBy(() -> new Limits(0, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
