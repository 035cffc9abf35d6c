package io.kubekv.engine.log;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.kubekv.log.v1.Entry;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Packs what an entry says, quickly rather than well: a store far away takes longer for a kilobyte
 * than packing it does.
 */
final class Packing {
  /** Smaller ones are not worth it. */
  private static final int LEAST_BYTES = 4 << 10;

  /** DEFLATE packs no more into one byte (RFC 1951: 258 bytes in two bits). */
  private static final long MOST_IN_ONE = 1_032;

  private Packing() {}

  /** A message that has this one packed; empty when that would save nothing. */
  static Optional<Entry> packed(Entry plain) {
    int length = plain.getSerializedSize();
    if (length < LEAST_BYTES) {
      return Optional.empty();
    }
    byte[] packed = new byte[length - length / 8];
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(plain.toByteArray());
      deflater.finish();
      int size = deflater.deflate(packed);
      return deflater.finished()
          ? Optional.of(
              Entry.newBuilder()
                  .setPacked(UnsafeByteOperations.unsafeWrap(packed, 0, size))
                  .setUnpackedLength(length)
                  .build())
          : Optional.empty();
    } finally {
      deflater.end();
    }
  }

  /** The message that is packed in this one, or this one if none is. */
  static Entry unpacked(Entry message) throws InvalidProtocolBufferException {
    if (message.getPacked().isEmpty()) {
      return message;
    }
    int length = message.getUnpackedLength();
    long most = Math.min(EntryCodec.MOST_BYTES, MOST_IN_ONE * message.getPacked().size());
    if (length < 0 || length > most) {
      throw new InvalidProtocolBufferException("it unpacks to %d bytes".formatted(length));
    }
    byte[] plain = new byte[length];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(message.getPacked().toByteArray());
      if (inflater.inflate(plain) < length) {
        throw new InvalidProtocolBufferException("it unpacks to less than it says");
      }
    } catch (DataFormatException damaged) {
      throw new InvalidProtocolBufferException("it cannot be unpacked");
    } finally {
      inflater.end();
    }
    return Entry.parseFrom(plain);
  }
}
