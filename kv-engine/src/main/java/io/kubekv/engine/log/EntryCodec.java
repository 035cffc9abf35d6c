package io.kubekv.engine.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import io.kubekv.log.v1.Delete;
import io.kubekv.log.v1.Entry;
import io.kubekv.log.v1.Feature;
import io.kubekv.log.v1.LockDelay;
import io.kubekv.log.v1.MetadataSet;
import io.kubekv.log.v1.Part;
import io.kubekv.log.v1.Put;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An entry of the log as bytes: {@code kubekv.log.v1.Entry} in protobuf. */
public final class EntryCodec {
  /** How much one change may take that is written; about, so readers take twice as much. */
  public static final int MOST_WRITTEN_BYTES = 128 << 20;

  static final int MOST_BYTES = 2 * MOST_WRITTEN_BYTES;

  private static final String CAUSE_PREFIX = "CAUSE_";

  private EntryCodec() {}

  public static byte[] encode(LogEntry entry) {
    Entry.Builder message = body(entry.commits());
    message
        .setPosition(entry.position())
        .setEpoch(entry.epoch())
        .setNonce(entry.nonce())
        .setPreviousNonce(entry.previousNonce())
        .setMinReader(entry.minReader());
    entry.digest().ifPresent(message::setDigest);
    entry.standsInUntil().ifPresent(message::setStandsInUntil);
    entry
        .part()
        .ifPresent(
            part ->
                message.setPart(
                    Part.newBuilder()
                        .setNumber(part.number())
                        .setLast(part.last())
                        .setContent(ByteString.copyFrom(part.content().toBuffer()))));
    return message.build().toByteArray();
  }

  /** The commits alone; what {@link Parts} are cut from. */
  static byte[] encodeCommits(List<Commit> commits) {
    return body(commits).build().toByteArray();
  }

  /** A message with the commits, packed where that saves something. */
  private static Entry.Builder body(List<Commit> commits) {
    Entry.Builder plain = Entry.newBuilder();
    long first = commits.isEmpty() ? 0 : commits.getFirst().revision().value();
    plain.setFirstRevision(first);
    Authors.Written authors = new Authors.Written();
    for (Commit commit : commits) {
      plain.addCommits(
          io.kubekv.log.v1.Commit.newBuilder()
              .setOffset(commit.revision().value() - first)
              .setAuthor(authors.number(commit.author()))
              .addAllChanges(commit.changes().stream().map(EntryCodec::encode).toList()));
    }
    plain.addAllAuthors(authors.table());
    return Packing.packed(plain.build()).map(Entry::toBuilder).orElse(plain);
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
          message.hasDigest() ? OptionalLong.of(message.getDigest()) : OptionalLong.empty(),
          message.hasPart() ? Optional.of(decode(message.getPart())) : Optional.empty(),
          message.hasStandsInUntil()
              ? OptionalLong.of(message.getStandsInUntil())
              : OptionalLong.empty());
    } catch (InvalidProtocolBufferException | RuntimeException damaged) {
      throw new IOException("not an entry of the log: " + damaged.getMessage(), damaged);
    }
  }

  private static LogEntry.Part decode(Part part) {
    return new LogEntry.Part(
        part.getNumber(), part.getLast(), Bytes.copyOf(part.getContent().toByteArray()));
  }

  /** The commits that {@link Parts} make together. */
  static List<Commit> decodeCommits(List<Bytes> parts) throws IOException {
    ByteString whole = ByteString.EMPTY;
    for (Bytes part : parts) {
      whole = whole.concat(UnsafeByteOperations.unsafeWrap(part.toBuffer()));
    }
    try {
      return commits(Entry.parseFrom(whole));
    } catch (InvalidProtocolBufferException | RuntimeException damaged) {
      throw new IOException("its parts make no change: " + damaged.getMessage(), damaged);
    }
  }

  private static List<Commit> commits(Entry entry) throws InvalidProtocolBufferException {
    Entry message = Packing.unpacked(entry);
    Authors.Read authors = new Authors.Read(message.getAuthorsList());
    return message.getCommitsList().stream()
        .map(
            commit ->
                new Commit(
                    new Revision(message.getFirstRevision() + commit.getOffset()),
                    commit.getChangesList().stream().map(EntryCodec::decode).toList(),
                    authors.of(commit.getAuthor())))
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
      case Change.MetadataSet set ->
          message.setMetadataSet(
              MetadataSet.newBuilder()
                  .setKey(set.key().text())
                  .setMetadata(ValueCodec.encode(set.metadata())));
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
      case Change.Compacted compacted -> message.setCompacted(compacted.first().value());
      case Change.SwitchedOn on ->
          message.setSwitchedOn(Feature.newBuilder().setName(on.name()).setSince(on.since()));
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
      case METADATA_SET ->
          new Change.MetadataSet(
              Key.of(message.getMetadataSet().getKey()),
              ValueCodec.decode(message.getMetadataSet().getMetadata()));
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
      case COMPACTED -> new Change.Compacted(new Revision(message.getCompacted()));
      case SWITCHED_ON ->
          new Change.SwitchedOn(
              message.getSwitchedOn().getName(), message.getSwitchedOn().getSince());
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
