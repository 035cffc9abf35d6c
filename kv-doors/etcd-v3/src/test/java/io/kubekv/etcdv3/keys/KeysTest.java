package io.kubekv.etcdv3.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kubekv.Key;
import io.kubekv.Range;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes as bounds of keys that are text. */
final class KeysTest {
  private static final int[] LETTERS = {
    1, 2, 'a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff
  };
  private static final int[] BYTES = {
    0, 1, 'a', 'b', 0x7f, 0x80, 0xbf, 0xc2, 0xdf, 0xe0, 0xed, 0xa0, 0xef, 0xf4, 0x8f, 0xff
  };

  private static Key anyKey(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      text.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return Key.of(text.toString());
  }

  private static ByteString anyBytes(Random random) {
    ByteString bytes = random.nextBoolean() ? ByteString.EMPTY : Keys.bytes(anyKey(random));
    for (int i = random.nextInt(4); i > 0; i--) {
      byte[] next = {(byte) BYTES[random.nextInt(BYTES.length)]};
      bytes = bytes.concat(ByteString.copyFrom(next));
    }
    return bytes;
  }

  @Test
  void range_hasTheKeysWhoseBytesLieInIt() {
    Random random = new Random(1);
    var order = ByteString.unsignedLexicographicalComparator();
    for (int i = 0; i < 200_000; i++) {
      ByteString from = anyBytes(random);
      ByteString to = anyBytes(random);
      Key key = anyKey(random);
      ByteString bytes = Keys.bytes(key);

      Range range = Ranges.of(from, to);

      boolean endless = to.size() == 1 && to.byteAt(0) == 0;
      boolean expected =
          to.isEmpty()
              ? bytes.equals(from)
              : order.compare(bytes, from) >= 0 && (endless || order.compare(bytes, to) < 0);
      assertThat(range.contains(key)).as("%s in [%s, %s)", key, from, to).isEqualTo(expected);
    }
  }

  @Test
  void bytesThatAreNoText_areNoKey() {
    assertThat(Keys.of(ByteString.EMPTY)).isEmpty();
    assertThat(Keys.of(ByteString.copyFrom(new byte[] {'a', 0}))).isEmpty();
    assertThat(Keys.of(ByteString.copyFrom(new byte[] {(byte) 0xff}))).isEmpty();
    assertThat(Keys.of(ByteString.copyFromUtf8("/registry/é")))
        .isEqualTo(Optional.of(Key.of("/registry/é")));
  }

  @Test
  void leases_haveSessionsOfTheirOwn() {
    for (long lease : new long[] {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThat(LeaseIds.lease(LeaseIds.session(lease))).hasValue(lease);
    }
    assertThat(LeaseIds.lease(io.kubekv.SessionId.random())).isEmpty();
  }
}
