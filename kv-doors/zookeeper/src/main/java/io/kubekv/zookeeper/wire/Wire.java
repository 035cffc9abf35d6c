package io.kubekv.zookeeper.wire;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.InputArchive;
import org.apache.jute.OutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.WatcherEvent;
import org.jspecify.annotations.Nullable;

/** Records as bytes, and bytes as records. */
public final class Wire {
  private static final int NOTIFICATION = -1;
  private static final int CONNECTED = 3;
  private static final int LENGTH = 4;

  /** Of most answers. */
  private static final int USUAL_BYTES = 512;

  private Wire() {}

  /** Reads what a message holds. */
  public static BinaryInputArchive reader(byte[] message) {
    return new BinaryInputArchive(
        new DataInputStream(new ByteArrayInputStream(message)), Frames.MAX_LENGTH, 0);
  }

  /**
   * A record from what is left of a message.
   *
   * @throws ZkException when it is none
   */
  public static <R extends Record> R read(InputArchive from, R record) {
    try {
      record.deserialize(from, "");
      return record;
    } catch (IOException | RuntimeException notOne) {
      throw new ZkException(Code.MARSHALLING_ERROR);
    }
  }

  /** What is written into an archive. */
  @FunctionalInterface
  public interface Content {
    void write(OutputArchive archive) throws IOException;
  }

  /** The bytes of some content. */
  public static byte[] bytes(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
    try {
      content.write(BinaryOutputArchive.getArchive(new DataOutputStream(bytes)));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** Some content as a message. */
  public static Buffer message(Content content) {
    byte[] bytes = bytes(content);
    return Buffer.buffer(LENGTH + bytes.length).appendInt(bytes.length).appendBytes(bytes);
  }

  /**
   * An answer.
   *
   * @param body is left out where there is none, or there is an error
   */
  public static Buffer reply(int xid, long zxid, int error, @Nullable Record body) {
    return message(
        archive -> {
          new ReplyHeader(xid, zxid, error).serialize(archive, "header");
          if (body != null && error == 0) {
            body.serialize(archive, "response");
          }
        });
  }

  /** What a watch has seen. */
  public static Buffer event(EventType type, String path) {
    return message(
        archive -> {
          new ReplyHeader(NOTIFICATION, -1, 0).serialize(archive, "header");
          new WatcherEvent(type.number(), CONNECTED, path).serialize(archive, "event");
        });
  }
}
