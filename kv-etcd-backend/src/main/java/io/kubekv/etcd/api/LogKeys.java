package io.kubekv.etcd.api;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.Map;
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

  /** What all keys of the log begin with. */
  public String prefix() {
    return prefix;
  }

  /**
   * Below the prefix, what no key of a log is in: ranges from the first key to before the second.
   */
  public Map<ByteString, ByteString> strange() {
    Map<ByteString, ByteString> gaps = new LinkedHashMap<>();
    gaps.put(key(""), lease());
    gaps.put(behind(lease()), entry(0));
    gaps.put(entriesEnd(), trimmed());
    gaps.put(behind(trimmed()), chunks());
    gaps.put(chunksEnd(), manifest());
    gaps.put(behind(manifest()), previousManifest());
    gaps.put(behind(previousManifest()), end());
    return gaps;
  }

  /** The last byte of UTF-8 text is never 255. */
  private ByteString end() {
    ByteString all = key("");
    int last = all.size() - 1;
    byte[] next = {(byte) (all.byteAt(last) + 1)};
    return all.substring(0, last).concat(ByteString.copyFrom(next));
  }

  /** The next possible key. */
  private static ByteString behind(ByteString key) {
    return key.concat(ByteString.copyFrom(new byte[1]));
  }

  private ByteString key(String name) {
    return ByteString.copyFromUtf8(prefix + name);
  }
}
