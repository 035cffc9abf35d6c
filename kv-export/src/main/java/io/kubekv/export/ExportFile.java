package io.kubekv.export;

import io.kubekv.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that an export makes: JSON lines in UTF-8. The first says what it is, {@code
 * {"format":"kubekv-export","version":1,"store":"...","revision":N}}; then comes one for each entry
 * ({@link Item#toJson}), ordered by key; the last has their number and the SHA-256 of all bytes
 * before it. A file without the last line, or with another sum, is not read at all.
 */
public final class ExportFile {
  private static final String FORMAT = "kubekv-export";
  private static final int VERSION = 1;
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private ExportFile() {}

  /**
   * What the last line says.
   *
   * @param entries how many there are
   * @param sum the checksum of the lines before
   */
  public record Summary(long entries, String sum) {}

  /** Writes one file to a stream, which it does not close. */
  public static final class Writer {
    private final OutputStream out;
    private final MessageDigest digest = sha256();
    private long entries;

    public Writer(OutputStream out, long store, Revision revision) throws IOException {
      this.out = out;
      ObjectNode head = MAPPER.createObjectNode().put("format", FORMAT).put("version", VERSION);
      head.put("store", Long.toHexString(store));
      JsonValues.unsigned(head, "revision", revision.value());
      write(head);
    }

    public void add(Item item) throws IOException {
      write(item.toJson());
      entries++;
    }

    public Summary finish() throws IOException {
      Summary summary = new Summary(entries, HexFormat.of().formatHex(digest.digest()));
      write(
          MAPPER.createObjectNode().put("entries", summary.entries()).put("sha256", summary.sum()));
      out.flush();
      return summary;
    }

    private void write(JsonNode node) throws IOException {
      byte[] line = (MAPPER.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
      digest.update(line);
      out.write(line);
    }
  }

  /**
   * Reads the whole file.
   *
   * @throws ExportException when it is damaged, or is no export
   */
  public static Summary check(Path file) throws IOException {
    return read(file, item -> {});
  }

  /** Hands on every entry, in order. Failures as of {@link #check}, some after entries. */
  public static Summary read(Path file, Consumer<Item> items) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in, items);
    }
  }

  /**
   * The same of a stream, which is read to its end and closed.
   *
   * @param file what it is called in failures
   * @throws java.nio.charset.CharacterCodingException when it is not UTF-8
   */
  public static Summary read(String file, InputStream in, Consumer<Item> items) throws IOException {
    MessageDigest digest = sha256();
    long entries = 0;
    try (LineNumberReader lines =
        new LineNumberReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
      requireFormat(file, next(file, lines, digest));
      JsonNode node = next(file, lines, digest);
      while (!node.has("sha256")) {
        items.accept(item(file, lines, node));
        entries++;
        node = next(file, lines, digest);
      }
      Summary found = new Summary(entries, HexFormat.of().formatHex(digest.digest()));
      Summary said = new Summary(node.path("entries").asLong(-1), node.path("sha256").asString(""));
      if (!found.equals(said) || lines.readLine() != null) {
        throw new ExportException(file + " is damaged: its checksum is not that of its lines");
      }
      return found;
    }
  }

  private static Item item(String file, LineNumberReader lines, JsonNode node) {
    try {
      return Item.fromJson(node);
    } catch (JacksonException | DateTimeException | IllegalArgumentException wrong) {
      throw notAnExport(file, lines, "is no entry", wrong);
    }
  }

  private static ExportException notAnExport(
      String file, LineNumberReader lines, String why, Exception cause) {
    return new ExportException(
        file + " is no export of kubekv, or is damaged: line " + lines.getLineNumber() + " " + why,
        cause);
  }

  /** The next line; of the last one the digest knows nothing. */
  private static JsonNode next(String file, LineNumberReader lines, MessageDigest digest)
      throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new ExportException(file + " is damaged: it has no last line with a checksum");
    }
    JsonNode node = json(file, lines, line);
    if (!node.has("sha256")) {
      digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return node;
  }

  private static JsonNode json(String file, LineNumberReader lines, String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JacksonException garbled) {
      throw notAnExport(file, lines, "is no JSON", garbled);
    }
  }

  private static void requireFormat(String file, JsonNode head) {
    if (!head.path("format").asString("").equals(FORMAT)) {
      throw new ExportException(file + " is not an export of kubekv");
    }
    if (head.path("version").asInt(-1) != VERSION) {
      throw new ExportException(
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
