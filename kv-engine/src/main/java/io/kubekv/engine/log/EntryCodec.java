package io.kubekv.engine.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import io.kubekv.log.v1.Delete;
import io.kubekv.log.v1.Entry;
import io.kubekv.log.v1.LockDelay;
import io.kubekv.log.v1.Put;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** An entry of the log as bytes: {@code kubekv.log.v1.Entry} in protobuf. */
public final class EntryCodec {
  private static final String CAUSE_PREFIX = "CAUSE_";

  private EntryCodec() {}

  public static byte[] encode(LogEntry entry) {
    long first = entry.commits().isEmpty() ? 0 : entry.commits().getFirst().revision().value();
    Entry.Builder message =
        Entry.newBuilder()
            .setPosition(entry.position())
            .setEpoch(entry.epoch())
            .setNonce(entry.nonce())
            .setPreviousNonce(entry.previousNonce())
            .setMinReader(entry.minReader())
            .setFirstRevision(first);
    entry.digest().ifPresent(message::setDigest);
    for (Commit commit : entry.commits()) {
      message.addCommits(
          io.kubekv.log.v1.Commit.newBuilder()
              .setOffset(commit.revision().value() - first)
              .addAllChanges(commit.changes().stream().map(EntryCodec::encode).toList()));
    }
    return message.build().toByteArray();
  }

  /**
   * Reads what {@link #encode} has written, or a later version of it.
   *
   * @throws IOException when these bytes are no entry; the message says why
   */
  public static LogEntry decode(byte[] bytes) throws IOException {
    try {
      Entry message = Entry.parseFrom(bytes);
      return new LogEntry(
          message.getPosition(),
          message.getEpoch(),
          message.getNonce(),
          message.getPreviousNonce(),
          // what a newer version means is not asked: its reader refuses it
          message.getMinReader() > LogEntry.READER ? List.of() : commits(message),
          message.getMinReader(),
          message.hasDigest() ? OptionalLong.of(message.getDigest()) : OptionalLong.empty());
    } catch (InvalidProtocolBufferException | IllegalArgumentException damaged) {
      throw new IOException("not an entry of the log: " + damaged.getMessage(), damaged);
    }
  }

  private static List<Commit> commits(Entry message) {
    return message.getCommitsList().stream()
        .map(
            commit ->
                new Commit(
                    new Revision(message.getFirstRevision() + commit.getOffset()),
                    commit.getChangesList().stream().map(EntryCodec::decode).toList()))
        .toList();
  }

  private static io.kubekv.log.v1.Change encode(Change change) {
    io.kubekv.log.v1.Change.Builder message = io.kubekv.log.v1.Change.newBuilder();
    switch (change) {
      case Change.Put put ->
          message.setPut(
              Put.newBuilder()
                  .setEntry(ValueCodec.encode(put.entry()))
                  .setCause(encode(put.cause())));
      case Change.Delete delete ->
          message.setDelete(
              Delete.newBuilder()
                  .setKey(delete.key().text())
                  .addAllBelow(delete.below().stream().map(Key::text).toList())
                  .setCause(encode(delete.cause())));
      case Change.SessionBegun begun -> message.setSessionBegun(ValueCodec.encode(begun.session()));
      case Change.SessionEnded ended -> message.setSessionEnded(ValueCodec.encode(ended.id()));
      case Change.Delayed delayed ->
          message.setDelayed(
              LockDelay.newBuilder()
                  .setKey(delayed.key().text())
                  .setWhole(ValueCodec.encode(delayed.delay())));
      case Change.DelayOver over -> message.setDelayOver(over.key().text());
      case Change.Founded founded -> message.setFounded(founded.storeId());
      case Change.TimePassed passed -> message.setTimePassed(ValueCodec.encode(passed));
      case Change.Renewed renewed -> message.setRenewed(ValueCodec.encode(renewed.id()));
    }
    return message.build();
  }

  private static Change decode(io.kubekv.log.v1.Change message) {
    return switch (message.getWhatCase()) {
      case PUT ->
          new Change.Put(
              ValueCodec.decode(message.getPut().getEntry()), decode(message.getPut().getCause()));
      case DELETE ->
          new Change.Delete(
              Key.of(message.getDelete().getKey()),
              message.getDelete().getBelowList().stream().map(Key::of).toList(),
              decode(message.getDelete().getCause()));
      case SESSION_BEGUN -> new Change.SessionBegun(ValueCodec.decode(message.getSessionBegun()));
      case SESSION_ENDED -> new Change.SessionEnded(ValueCodec.id(message.getSessionEnded()));
      case DELAYED ->
          new Change.Delayed(
              Key.of(message.getDelayed().getKey()),
              ValueCodec.decode(message.getDelayed().getWhole()));
      case DELAY_OVER -> new Change.DelayOver(Key.of(message.getDelayOver()));
      case FOUNDED -> new Change.Founded(message.getFounded());
      case TIME_PASSED -> ValueCodec.decode(message.getTimePassed());
      case RENEWED -> new Change.Renewed(ValueCodec.id(message.getRenewed()));
      case WHAT_NOT_SET -> throw new IllegalArgumentException("a change of no known kind");
    };
  }

  private static io.kubekv.log.v1.Cause encode(Cause cause) {
    return io.kubekv.log.v1.Cause.valueOf(CAUSE_PREFIX + cause.name());
  }

  private static Cause decode(io.kubekv.log.v1.Cause cause) {
    return Cause.valueOf(cause.name().substring(CAUSE_PREFIX.length()));
  }
}
