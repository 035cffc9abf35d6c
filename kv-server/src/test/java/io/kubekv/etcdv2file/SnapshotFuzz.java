package io.kubekv.etcdv2file;

import com.google.protobuf.CodedOutputStream;
import io.kubekv.server.fuzz.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Files that say that they are snapshots; half of the time with the right checksum. */
public final class SnapshotFuzz {
  private SnapshotFuzz() {}

  public static List<byte[]> seeds() {
    byte[] inner =
        written(
            out -> {
              out.writeByteArray(
                  1,
                  "{\"Root\":{\"Path\":\"/\",\"Children\":{\"1\":{\"Path\":\"/1\",\"Children\":{\"a\":{\"Path\":\"/1/a\",\"Value\":\"1\",\"ExpireTime\":\"2030-01-01T00:00:00Z\"}}}}}}"
                      .getBytes(StandardCharsets.UTF_8));
              out.writeByteArray(2, new byte[] {16, 7});
            });
    return Stream.concat(Seeds.of("").stream(), Stream.of(inner)).toList();
  }

  public static void fuzzerTestOneInput(byte[] input) {
    read(input);
    read(
        written(
            out -> {
              CRC32C sum = new CRC32C();
              sum.update(input);
              out.writeUInt32(1, (int) sum.getValue());
              out.writeByteArray(2, input);
            }));
  }

  private static void read(byte[] content) {
    try {
      new EtcdV2Keys(EtcdV2Snapshot.read(content)).each(Instant.EPOCH, item -> {});
    } catch (IOException | EtcdV2FileException expected) {
      // it says what is wrong
    }
  }

  private interface Writing {
    void write(CodedOutputStream out) throws IOException;
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
