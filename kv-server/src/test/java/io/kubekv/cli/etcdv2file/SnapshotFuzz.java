package io.kubekv.cli.etcdv2file;

import com.google.protobuf.CodedOutputStream;
import io.kubekv.server.fuzz.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Files that say that they are snapshots; half of the time with the right checksum. */
public final class SnapshotFuzz {
  private SnapshotFuzz() {}

  public static List<byte[]> seeds() {
    byte[] inner =
        written(
            out -> {
              out.writeByteArray(
                  1,
                  "{\"Root\":{\"Path\":\"/\",\"Children\":{\"a\":{\"Path\":\"/a\",\"Value\":\"1\"}}}}"
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
    Path file = null;
    try {
      file = Files.createTempFile("kubekv-fuzz", ".snap");
      Files.write(file, content);
      EtcdV2Snapshot.read(file);
    } catch (IOException expected) {
      // it says what is wrong
    } finally {
      remove(file);
    }
  }

  private static void remove(@Nullable Path file) {
    try {
      if (file != null) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
