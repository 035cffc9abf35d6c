package io.kubekv.etcdv2file;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A snapshot file of an etcd that serves the v2 API (etcd 2.x, and 3.x to 3.5 with {@code
 * --enable-v2}): in protobuf a checksum around a snapshot of raft, which holds the v2 store as
 * JSON.
 *
 * @param index the last entry of raft's log that is in it
 * @param store the v2 store
 */
public record EtcdV2Snapshot(long index, JsonNode store) {
  /** The fields of etcd's {@code snappb.Snapshot}. */
  private static final int CHECKSUM = 1;

  private static final int CHECKED = 2;

  /** The fields of {@code raftpb.Snapshot}, and of the metadata in it. */
  private static final int DATA = 1;

  private static final int METADATA = 2;
  private static final int INDEX = 2;

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read, or is not as etcd wrote it
   */
  public static EtcdV2Snapshot read(Path file) throws IOException {
    return read(Files.readAllBytes(file));
  }

  /** The same of a file's bytes. */
  public static EtcdV2Snapshot read(byte[] file) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(file);
    int checksum = 0;
    byte[] checked = new byte[0];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case CHECKSUM -> checksum = in.readUInt32();
        case CHECKED -> checked = in.readByteArray();
        default -> skip(in, tag);
      }
    }
    if (checked.length == 0) {
      throw new IOException("it is empty");
    }
    CRC32C sum = new CRC32C();
    sum.update(checked);
    if ((int) sum.getValue() != checksum) {
      throw new IOException("its checksum is not that of its content");
    }
    return decode(CodedInputStream.newInstance(checked));
  }

  private static EtcdV2Snapshot decode(CodedInputStream in) throws IOException {
    byte[] data = new byte[0];
    long index = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case DATA -> data = in.readByteArray();
        case METADATA -> index = index(CodedInputStream.newInstance(in.readByteArray()));
        default -> skip(in, tag);
      }
    }
    JsonNode store = store(data);
    if (!store.path("Root").isObject()) {
      throw new IOException("it holds no etcd v2 store");
    }
    return new EtcdV2Snapshot(index, store);
  }

  private static JsonNode store(byte[] data) throws IOException {
    try {
      return JsonMapper.shared().readTree(data);
    } catch (JacksonException other) {
      throw new IOException("it holds no etcd v2 store", other);
    }
  }

  private static long index(CodedInputStream in) throws IOException {
    long index = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == INDEX) {
        index = in.readUInt64();
      } else {
        skip(in, tag);
      }
    }
    return index;
  }

  private static void skip(CodedInputStream in, int tag) throws IOException {
    var unused = in.skipField(tag);
  }
}
