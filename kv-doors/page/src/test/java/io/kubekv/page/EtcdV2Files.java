package io.kubekv.page;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Snapshot files as an etcd v2 writes them. */
final class EtcdV2Files {
  private EtcdV2Files() {}

  private interface Writing {
    void write(CodedOutputStream out) throws IOException;
  }

  /** One around a store as JSON. */
  static byte[] snapshot(String store) {
    byte[] raft =
        written(
            out -> {
              out.writeByteArray(1, store.getBytes(StandardCharsets.UTF_8));
              out.writeByteArray(2, new byte[] {16, 7}); // at index 7
            });
    CRC32C sum = new CRC32C();
    sum.update(raft);
    return written(
        out -> {
          out.writeUInt32(1, (int) sum.getValue());
          out.writeByteArray(2, raft);
        });
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writing.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
