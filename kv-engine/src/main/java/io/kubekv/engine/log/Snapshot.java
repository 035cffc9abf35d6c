package io.kubekv.engine.log;

import com.google.protobuf.ByteString;
import io.kubekv.Bytes;
import io.kubekv.Revision;
import io.kubekv.engine.state.Features;
import io.kubekv.engine.state.State;
import io.kubekv.log.v1.Feature;
import io.kubekv.log.v1.Manifest;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A root as bytes to keep: chunks that are named by what is in them, so that one that stands
 * already need not be written again, and a manifest that names them.
 *
 * @param manifest {@code kubekv.log.v1.Manifest} in protobuf; write it last
 * @param chunks by name, in order; immutable but for the values
 */
public record Snapshot(Bytes manifest, Map<String, Bytes> chunks) {
  /** Cuts a root into chunks. */
  public static Snapshot of(Root root) {
    State state = root.state();
    Map<String, Bytes> chunks = new LinkedHashMap<>();
    Manifest.Builder manifest =
        Manifest.newBuilder()
            .setPosition(root.position())
            .setEpoch(root.epoch())
            .setNonce(root.nonce())
            .setMinReader(LogEntry.READER)
            .setStoreId(state.storeId())
            .setRevision(state.revision().value())
            .setSessionsChanged(state.locks().changed().value())
            .setClock(state.clocks().now())
            .setCompacted(state.compacted().value())
            .setShown(state.clocks().shown())
            .setDigest(state.digest());
    state
        .features()
        .since()
        .forEach(
            (name, since) ->
                manifest.addFeatures(Feature.newBuilder().setName(name).setSince(since)));
    for (Bytes chunk : Chunks.of(state)) {
      byte[] name = hash(chunk);
      chunks.put(HexFormat.of().formatHex(name), chunk);
      manifest.addChunks(ByteString.copyFrom(name));
    }
    return new Snapshot(Bytes.copyOf(manifest.build().toByteArray()), chunks);
  }

  /** The names of the chunks that a manifest needs, in order. */
  public static List<String> chunkNames(Bytes manifest) throws IOException {
    return Manifest.parseFrom(manifest.toBuffer()).getChunksList().stream()
        .map(name -> HexFormat.of().formatHex(name.toByteArray()))
        .toList();
  }

  /**
   * Puts the root together again.
   *
   * @param chunks gives the chunk of a name
   * @throws IOException when a part is damaged; the message names it
   * @throws NewerVersionException when a later version has written it
   */
  public static Root read(Bytes manifest, Function<String, Bytes> chunks) throws IOException {
    Manifest message = Manifest.parseFrom(manifest.toBuffer());
    if (message.getMinReader() > LogEntry.READER) {
      throw new NewerVersionException(
          "the snapshot at position %d needs a newer version of kubekv: upgrade this replica"
              .formatted(message.getPosition()));
    }
    requireFeatures(message);
    List<Bytes> contents = new ArrayList<>();
    for (String name : chunkNames(manifest)) {
      Bytes chunk = chunks.apply(name);
      if (!HexFormat.of().formatHex(hash(chunk)).equals(name)) {
        throw new IOException("chunk " + name + " of the snapshot is damaged");
      }
      contents.add(chunk);
    }
    State.Restored restored = Chunks.read(contents);
    message
        .getFeaturesList()
        .forEach(feature -> restored.addFeature(feature.getName(), feature.getSince()));
    restored.setCompacted(new Revision(message.getCompacted()));
    restored.setShown(message.getShown());
    State state =
        restored.state(
            message.getStoreId(),
            new Revision(message.getRevision()),
            new Revision(message.getSessionsChanged()),
            message.getClock());
    if (state.digest() != message.getDigest()) {
      throw new IOException(
          "the snapshot at position %d is not the state that was written"
              .formatted(message.getPosition()));
    }
    return new Root(state, message.getPosition(), message.getEpoch(), message.getNonce());
  }

  private static void requireFeatures(Manifest manifest) {
    String where = "the snapshot at position " + manifest.getPosition();
    for (Feature feature : manifest.getFeaturesList()) {
      Optional<String> objection = Features.objection(where, feature.getName(), feature.getSince());
      if (objection.isPresent()) {
        throw new NewerVersionException(objection.get());
      }
    }
  }

  private static byte[] hash(Bytes chunk) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(chunk.toBuffer());
      return sha.digest();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
