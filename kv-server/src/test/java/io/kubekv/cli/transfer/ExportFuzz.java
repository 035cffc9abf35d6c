package io.kubekv.cli.transfer;

import io.kubekv.server.fuzz.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that say that they are exports. */
public final class ExportFuzz {
  private ExportFuzz() {}

  public static List<byte[]> seeds() {
    return Seeds.of(
        "{\"format\":\"kubekv-export\",\"version\":1,\"store\":1,\"revision\":7}\n"
            + "{\"key\":\"a/b\",\"base64\":\"AAEC\",\"flags\":18446744073709551615}\n"
            + "{\"key\":\"c\",\"value\":\"x\",\"ttlMillis\":1000,\"expiresAt\":\"2026-01-01T00:00:00Z\"}\n"
            + "{\"key\":\"d\",\"directory\":true}\n"
            + "{\"entries\":3,\"sha256\":\"00\"}\n");
  }

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Path file = Files.createTempFile("kubekv-fuzz", ".export");
      try {
        Files.write(file, input);
        var unused = new FileSource(file);
      } catch (TransferException expected) {
        // it says what is wrong
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
