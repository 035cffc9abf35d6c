package io.kubekv.etcd;

import com.google.protobuf.ByteString;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The first line of what this store writes to etcd: a mark, then {@code name=value} pairs, all in
 * text that {@code etcdctl get} shows. Behind it stands the body, as it is.
 */
final class Header {
  private static final String MARK = "kubekv1";
  private static final ByteString START = ByteString.copyFromUtf8(MARK + " ");

  /**
   * What was read.
   *
   * @param header the pairs
   * @param body what stands behind the line
   */
  record Read(Header header, ByteString body) {}

  private final Map<String, String> pairs = new LinkedHashMap<>();

  Header with(String name, Object value) {
    pairs.put(name, URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8));
    return this;
  }

  Header with(String name, Optional<?> value) {
    value.ifPresent(present -> with(name, (Object) present));
    return this;
  }

  /** All pairs of another. */
  Header with(Header other) {
    pairs.putAll(other.pairs);
    return this;
  }

  ByteString before(ByteString body) {
    StringBuilder line = new StringBuilder(MARK);
    pairs.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
    return ByteString.copyFromUtf8(line.append(" \n").toString()).concat(body);
  }

  /** Empty when the value was not written by a store. */
  static Optional<Read> read(ByteString value) {
    int end = value.startsWith(START) ? newline(value) : -1;
    if (end < 0) {
      return Optional.empty();
    }
    Header header = new Header();
    for (String pair : value.substring(START.size(), end).toStringUtf8().split(" ", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        header.pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return Optional.of(new Read(header, value.substring(end + 1)));
  }

  private static int newline(ByteString value) {
    for (int i = START.size(); i < value.size(); i++) {
      if (value.byteAt(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  /**
   * The value of a name.
   *
   * @throws IllegalArgumentException when {@code reading} cannot read it
   */
  <T> Optional<T> get(String name, Function<String, T> reading) {
    return Optional.ofNullable(pairs.get(name))
        .map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8))
        .map(reading);
  }
}
