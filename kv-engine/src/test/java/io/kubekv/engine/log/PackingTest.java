package io.kubekv.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Limits;
import io.kubekv.PutRequest;
import io.kubekv.engine.state.Decider;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Moment;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import io.kubekv.log.v1.Entry;
import java.io.IOException;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackingTest {
  private static LogEntry entry(Bytes value) {
    Decider decider = new Decider(Limits.DEFAULT);
    Request<?> put = new Request.Put(PutRequest.of(Key.of("a"), value));
    Moment now = new Moment(Instant.EPOCH, LockDelay::whole);
    return new LogEntry(
        1,
        1,
        1,
        0,
        decider.decide(put, State.EMPTY, now).commits(),
        LogEntry.READER,
        OptionalLong.empty());
  }

  @Test
  void largeEntry_isPackedAndReadAsItWas() throws IOException {
    LogEntry entry = entry(Bytes.utf8("some text ".repeat(1_000)));
    byte[] bytes = EntryCodec.encode(entry);

    assertThat(bytes.length).isLessThan(1_000);
    assertThat(EntryCodec.decode(bytes)).isEqualTo(entry);
  }

  @Test
  void smallEntry_isNotPacked() throws IOException {
    byte[] bytes = EntryCodec.encode(entry(Bytes.utf8("some text ".repeat(100))));

    assertThat(Entry.parseFrom(bytes).getCommitsCount()).isEqualTo(1);
  }

  @Test
  void whatDoesNotPack_isNotPacked() throws IOException {
    byte[] noise = new byte[20_000];
    new Random(1).nextBytes(noise);
    LogEntry entry = entry(Bytes.copyOf(noise));
    byte[] bytes = EntryCodec.encode(entry);

    assertThat(Entry.parseFrom(bytes).getCommitsCount()).isEqualTo(1);
    assertThat(EntryCodec.decode(bytes)).isEqualTo(entry);
  }

  private static byte[] changed(int unpackedLength, int packedLength) throws IOException {
    Entry packed =
        Entry.parseFrom(EntryCodec.encode(entry(Bytes.utf8("some text ".repeat(1_000)))));
    ByteString cut =
        packed.getPacked().substring(0, Math.min(packedLength, packed.getPacked().size()));
    return packed.toBuilder()
        .setPacked(cut)
        .setUnpackedLength(unpackedLength)
        .build()
        .toByteArray();
  }

  @Test
  void moreThanTheMost_isRefusedBeforeItIsUnpacked() throws IOException {
    for (int length : new int[] {EntryCodec.MOST_BYTES + 1, -1}) {
      byte[] bomb = changed(length, Integer.MAX_VALUE);

      assertThatThrownBy(() -> EntryCodec.decode(bomb))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("unpacks to");
    }
  }

  @Test
  void moreThanCanBePackedIntoSoLittle_isRefusedBeforeThereIsRoomForIt() throws IOException {
    byte[] bomb = changed(EntryCodec.MOST_BYTES, Integer.MAX_VALUE);

    assertThatThrownBy(() -> EntryCodec.decode(bomb))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unpacks to " + EntryCodec.MOST_BYTES + " bytes");
  }

  @Test
  void mostThatCanBePacked_isReadAsItWas() throws IOException {
    LogEntry entry = entry(Bytes.copyOf(new byte[1 << 20]));

    assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
  }

  @Test
  void lessThanItSays_isRefused() throws IOException {
    byte[] longer = changed(100_000, Integer.MAX_VALUE);
    byte[] cut = changed(10_000, 20);

    assertThatThrownBy(() -> EntryCodec.decode(longer)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> EntryCodec.decode(cut)).isInstanceOf(IOException.class);
  }
}
