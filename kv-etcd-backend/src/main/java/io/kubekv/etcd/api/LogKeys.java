package io.kubekv.etcd.api;

import com.google.protobuf.ByteString;
import java.util.OptionalLong;

/**
 * Where a log stands in etcd, below a prefix: {@code log/POSITION} in twenty digits, {@code
 * log/trimmed}, {@code snapshot/manifest}, {@code snapshot/previous}, {@code snapshot/chunk/HASH}
 * and {@code lease}.
 */
public final class LogKeys {
  private static final int DIGITS = 20;

  private final String prefix;

  /**
   * @param prefix another one is another log
   */
  public LogKeys(String prefix) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("the prefix of the log in etcd must not be empty");
    }
    this.prefix = prefix;
  }

  public ByteString entry(long position) {
    String digits = Long.toString(position);
    return key("log/" + "0".repeat(DIGITS - digits.length()) + digits);
  }

  /** The first key behind all entries. */
  public ByteString entriesEnd() {
    return key("log/:");
  }

  /** The position of a key; empty for one that holds no entry. */
  public OptionalLong position(ByteString key) {
    int begin = prefix.length() + "log/".length();
    String text = key.toStringUtf8();
    if (text.length() != begin + DIGITS) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text, begin, text.length(), 10));
    } catch (NumberFormatException other) {
      return OptionalLong.empty();
    }
  }

  /** Below which position the log has no entries. */
  public ByteString trimmed() {
    return key("log/trimmed");
  }

  /** Behind the entries and {@link #trimmed}. */
  public ByteString logEnd() {
    return key("log0");
  }

  public ByteString manifest() {
    return key("snapshot/manifest");
  }

  /** The manifest before. */
  public ByteString previousManifest() {
    return key("snapshot/previous");
  }

  public ByteString chunk(String name) {
    return key("snapshot/chunk/" + name);
  }

  public ByteString chunks() {
    return key("snapshot/chunk/");
  }

  public ByteString chunksEnd() {
    return key("snapshot/chunk0");
  }

  /** The name of a chunk from its key. */
  public String chunkName(ByteString key) {
    return key.toStringUtf8().substring(prefix.length() + "snapshot/chunk/".length());
  }

  /** Who appends. */
  public ByteString lease() {
    return key("lease");
  }

  private ByteString key(String name) {
    return ByteString.copyFromUtf8(prefix + name);
  }
}
