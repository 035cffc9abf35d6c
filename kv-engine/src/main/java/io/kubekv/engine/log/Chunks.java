package io.kubekv.engine.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Session;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.State;
import io.kubekv.log.v1.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the records of a state into chunks of 64 to 128 KiB. Where a chunk ends is told by the keys
 * around it and not by a count, so that a change moves the boundaries near it alone. A record that
 * is larger is a chunk, or the end of one.
 */
final class Chunks {
  private static final int LEAST_BYTES = 64 << 10;
  private static final int MOST_BYTES = 128 << 10;

  /** One key in 64 may end a chunk: with records of some 300 bytes, 19 KiB behind the least. */
  private static final int BOUNDARY = 63;

  private final List<Bytes> done = new ArrayList<>();
  private final ByteArrayOutputStream open = new ByteArrayOutputStream(MOST_BYTES);

  private Chunks() {}

  static List<Bytes> of(State state) {
    Chunks chunks = new Chunks();
    for (Entry entry : state.contents().entries().values()) {
      Record.Builder message = Record.newBuilder().setEntry(ValueCodec.encode(entry));
      Optional.ofNullable(state.clocks().begun().get(entry.key())).ifPresent(message::setClock);
      chunks.add(message.build(), entry.key().text().hashCode());
    }
    for (Session session : state.locks().sessions().values()) {
      Record.Builder message = Record.newBuilder().setSession(ValueCodec.encode(session));
      Optional.ofNullable(state.clocks().ends().get(session.id())).ifPresent(message::setClock);
      chunks.add(message.build(), session.id().toString().hashCode());
    }
    for (LockDelay delay : state.locks().delays().values()) {
      chunks.add(
          Record.newBuilder().setDelay(ValueCodec.encode(delay)).build(),
          delay.key().text().hashCode());
    }
    state
        .directories()
        .counters()
        .forEach(
            (directory, counted) ->
                chunks.add(
                    Record.newBuilder().setDirectory(ValueCodec.encode(directory, counted)).build(),
                    directory.hashCode()));
    chunks.close();
    return chunks.done;
  }

  private void add(Record message, int hash) {
    if (open.size() > 0 && open.size() + message.getSerializedSize() > MOST_BYTES) {
      close();
    }
    try {
      message.writeDelimitedTo(open);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    int mixed = hash * 0x9E3779B9;
    if (open.size() >= LEAST_BYTES && (mixed >>> 16 & BOUNDARY) == 0) {
      close();
    }
  }

  private void close() {
    if (open.size() > 0) {
      done.add(Bytes.copyOf(open.toByteArray()));
      open.reset();
    }
  }

  /** What the chunks hold. */
  static State.Restored read(List<Bytes> chunks) throws IOException {
    State.Restored restored = new State.Restored();
    for (Bytes chunk : chunks) {
      CodedInputStream in = CodedInputStream.newInstance(chunk.toBuffer());
      while (!in.isAtEnd()) {
        Record.Builder message = Record.newBuilder();
        in.readMessage(message, ExtensionRegistryLite.getEmptyRegistry());
        add(message.build(), restored);
      }
    }
    return restored;
  }

  private static void add(Record message, State.Restored restored) throws IOException {
    try {
      switch (message.getWhatCase()) {
        case ENTRY -> {
          Entry entry = ValueCodec.decode(message.getEntry());
          restored.add(entry);
          if (message.hasClock()) {
            restored.addBegun(entry.key(), message.getClock());
          }
        }
        case SESSION -> {
          Session session = ValueCodec.decode(message.getSession());
          restored.add(session);
          if (message.hasClock()) {
            restored.addEnd(session.id(), message.getClock());
          }
        }
        case DELAY -> restored.add(ValueCodec.decode(message.getDelay()));
        case DIRECTORY ->
            restored.addDirectory(
                message.getDirectory().getPrefix(), ValueCodec.decode(message.getDirectory()));
        case WHAT_NOT_SET -> throw new IOException("a record of the snapshot is of no known kind");
      }
    } catch (IllegalArgumentException damaged) {
      throw new IOException("a record of the snapshot is damaged", damaged);
    }
  }
}
