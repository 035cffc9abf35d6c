package io.kubekv.cli;

import io.kubekv.Revision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.util.HexFormat;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that an export makes: JSON lines in UTF-8. The first says what it is, {@code
 * {"format":"kubekv-export","version":1,"store":"...","revision":N}}; then comes one for each entry
 * ({@link Item#toJson}), ordered by key; the last has their number and the SHA-256 of all bytes
 * before it. A file without the last line, or with another sum, is not read at all.
 */
final class ExportFile {
  private static final String FORMAT = "kubekv-export";
  private static final int VERSION = 1;

  private ExportFile() {}

  /**
   * What the last line says.
   *
   * @param entries how many there are
   * @param sum the checksum of the lines before
   */
  record Summary(long entries, String sum) {}

  /** Writes one file to a stream, which it does not close. */
  static final class Writer {
    private final OutputStream out;
    private final MessageDigest digest = sha256();
    private long entries;

    Writer(OutputStream out, long store, Revision revision) throws IOException {
      this.out = out;
      ObjectNode head = Json.object().put("format", FORMAT).put("version", VERSION);
      head.put("store", Long.toHexString(store));
      Json.revision(head, "revision", revision);
      write(head);
    }

    void add(Item item) throws IOException {
      write(item.toJson());
      entries++;
    }

    Summary finish() throws IOException {
      Summary summary = new Summary(entries, HexFormat.of().formatHex(digest.digest()));
      write(Json.object().put("entries", summary.entries()).put("sha256", summary.sum()));
      out.flush();
      return summary;
    }

    private void write(JsonNode node) throws IOException {
      byte[] line = (Json.line(node) + "\n").getBytes(StandardCharsets.UTF_8);
      digest.update(line);
      out.write(line);
    }
  }

  /** Reads the whole file; {@link TransferException} when it is damaged or no such file. */
  static Summary check(Path file) {
    return read(file, item -> {});
  }

  /** Hands on every entry, in order. Failures as of {@link #check}, some after entries. */
  static Summary read(Path file, Consumer<Item> items) {
    MessageDigest digest = sha256();
    long entries = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      requireFormat(file, next(file, lines, digest));
      JsonNode node = next(file, lines, digest);
      while (!node.has("sha256")) {
        items.accept(Item.fromJson(node));
        entries++;
        node = next(file, lines, digest);
      }
      Summary found = new Summary(entries, HexFormat.of().formatHex(digest.digest()));
      Summary said = new Summary(node.path("entries").asLong(), node.path("sha256").asString());
      if (!found.equals(said) || lines.readLine() != null) {
        throw TransferException.wrong(file + " is damaged: its checksum is not that of its lines");
      }
      return found;
    } catch (IOException
        | JacksonException
        | DateTimeException
        | IllegalArgumentException unreadable) {
      throw TransferException.wrong(
          file + " cannot be read as an export: " + unreadable, unreadable);
    }
  }

  /** The next line; of the last one the digest knows nothing. */
  private static JsonNode next(Path file, BufferedReader lines, MessageDigest digest)
      throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw TransferException.wrong(file + " is damaged: it has no last line with a checksum");
    }
    JsonNode node = Json.MAPPER.readTree(line);
    if (!node.has("sha256")) {
      digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return node;
  }

  private static void requireFormat(Path file, JsonNode head) {
    if (!head.path("format").asString("").equals(FORMAT)) {
      throw TransferException.wrong(file + " is not an export of kubekv");
    }
    if (head.path("version").asInt() != VERSION) {
      throw TransferException.wrong(
          file + " has version " + head.path("version") + "; this program reads " + VERSION);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every Java has SHA-256", never);
    }
  }
}
