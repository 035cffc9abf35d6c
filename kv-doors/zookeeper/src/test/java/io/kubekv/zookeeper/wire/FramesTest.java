package io.kubekv.zookeeper.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Messages out of what comes. */
class FramesTest {
  @Property(tries = 300)
  void messages_comeWhole_howeverTheyAreCut(
      @ForAll @Size(max = 20) List<@Size(max = 40) byte[]> messages,
      @ForAll @IntRange(min = 1, max = 17) int cut) {
    Buffer sent = Buffer.buffer();
    messages.forEach(each -> sent.appendInt(each.length).appendBytes(each));
    Frames frames = new Frames();
    List<byte[]> received = new ArrayList<>();

    for (int at = 0; at < sent.length(); at += cut) {
      frames.add(sent.getBuffer(at, Math.min(sent.length(), at + cut)));
      for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
        received.add(next.get());
      }
    }

    assertThat(received).usingRecursiveComparison().isEqualTo(messages);
    assertThat(frames.kept()).isZero();
  }

  @Property(tries = 300)
  void length_thatIsNegativeOrTooGreat_isRefused_beforeTheMessageComes(@ForAll int length) {
    Frames frames = begun();
    frames.add(Buffer.buffer().appendInt(length));

    if (length < 0 || length >= Frames.MAX_LENGTH) {
      assertThatThrownBy(frames::next).isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(frames.next().isPresent()).isEqualTo(length == 0);
    }
  }

  @Test
  void lengthAlone_holdsFourBytes() {
    Frames frames = begun();
    frames.add(Buffer.buffer().appendInt(Frames.MAX_LENGTH - 1));

    assertThat(frames.next()).isEmpty();
    assertThat(frames.kept()).isEqualTo(4);
  }

  private static Frames begun() {
    Frames frames = new Frames();
    frames.add(Buffer.buffer().appendInt(0));
    assertThat(frames.next()).isPresent();
    return frames;
  }

  @Property(tries = 300)
  void firstMessage_isShort(@ForAll @IntRange(min = 0, max = 300) int length) {
    Frames frames = new Frames();
    frames.add(Buffer.buffer().appendInt(length));

    if (length > Frames.MAX_FIRST_LENGTH) {
      assertThatThrownBy(frames::next).isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(frames.next().isPresent()).isEqualTo(length == 0);
    }
  }

  @Test
  void longMessage_inSmallPieces_takesLittleMoreThanItself_andNothingAfterwards() {
    Frames frames = begun();
    int length = 1 << 19;
    frames.add(Buffer.buffer().appendInt(length));
    Buffer piece = Buffer.buffer(new byte[16]);
    for (int sent = 0; sent < length; sent += piece.length()) {
      assertThat(frames.next()).isEmpty();
      frames.add(piece);
      assertThat(frames.room()).isLessThanOrEqualTo(2 * (length + 20));
    }

    assertThat(frames.next().orElseThrow()).hasSize(length);
    assertThat(frames.room()).isZero();
  }
}
