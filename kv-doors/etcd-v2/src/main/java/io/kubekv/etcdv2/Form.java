package io.kubekv.etcdv2;

import io.kubekv.Bytes;
import io.kubekv.golang.Escapes;
import io.kubekv.golang.Escapes.BadEscape;
import io.kubekv.golang.GoUint;
import io.kubekv.golang.MediaType;
import io.kubekv.golang.MediaType.BadMediaType;
import io.kubekv.transport.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a request: those of a form body first, then those of the query; the first value
 * of a name counts (Go's {@code Request.ParseForm}). A body is a form only with PUT or POST and the
 * content type of forms.
 */
final class Form {
  private static final String FORM_TYPE = "application/x-www-form-urlencoded";
  private static final String MULTIPART_TYPE = "multipart/form-data";

  private final Map<String, byte[]> values = new HashMap<>();

  private Form() {}

  static Form of(HttpExchange exchange) throws EtcdError {
    Form form = new Form();
    try {
      if (hasFormBody(exchange)) {
        form.add(new String(exchange.body(), StandardCharsets.ISO_8859_1));
      }
      form.add(exchange.query());
    } catch (BadEscape e) {
      throw EtcdError.ofRequest(ErrorCode.INVALID_FORM, String.valueOf(e.getMessage()));
    }
    return form;
  }

  private static boolean hasFormBody(HttpExchange exchange) throws EtcdError {
    if (!exchange.method().equals("PUT") && !exchange.method().equals("POST")) {
      return false;
    }
    String media = media(exchange.header("Content-Type").orElse(""));
    if (media.equals(MULTIPART_TYPE)) {
      throw EtcdError.ofRequest(
          ErrorCode.INVALID_FORM, MULTIPART_TYPE + " is not supported, send " + FORM_TYPE);
    }
    return media.equals(FORM_TYPE);
  }

  /** A body whose type nobody can read may hold a condition: it is refused, as etcd does. */
  private static String media(String type) throws EtcdError {
    if (type.isEmpty() || type.equals(FORM_TYPE)) {
      return type;
    }
    try {
      return MediaType.of(type);
    } catch (BadMediaType e) {
      throw EtcdError.ofRequest(ErrorCode.INVALID_FORM, String.valueOf(e.getMessage()));
    }
  }

  private void add(String encoded) throws BadEscape, EtcdError {
    for (int start = 0; start < encoded.length(); ) {
      int end = encoded.indexOf('&', start);
      String pair = encoded.substring(start, end < 0 ? encoded.length() : end);
      start += pair.length() + 1;
      if (pair.indexOf(';') >= 0) {
        throw EtcdError.ofRequest(ErrorCode.INVALID_FORM, "invalid semicolon separator in query");
      }
      if (!pair.isEmpty()) {
        addPair(pair);
      }
    }
  }

  private void addPair(String pair) throws BadEscape {
    int equals = pair.indexOf('=');
    String name = equals < 0 ? pair : pair.substring(0, equals);
    byte[] value = Escapes.decode(equals < 0 ? "" : pair.substring(equals + 1), true);
    values.putIfAbsent(new String(Escapes.decode(name, true), StandardCharsets.UTF_8), value);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value; empty bytes when there is none. */
  Bytes bytes(String name) {
    byte[] value = values.get(name);
    return value == null ? Bytes.EMPTY : Bytes.copyOf(value);
  }

  /** An unsigned 64-bit number; 0 when the name is not there. */
  long index(String name) throws EtcdError {
    return unsigned(name).orElseThrow(() -> invalid(ErrorCode.INDEX_NOT_A_NUMBER, quoted(name)));
  }

  /** Seconds to live; absent when the name is not there or its value is empty. */
  Optional<Long> seconds(String name) throws EtcdError {
    if (bytes(name).size() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        unsigned(name).orElseThrow(() -> invalid(ErrorCode.TTL_NOT_A_NUMBER, quoted(name))));
  }

  /** A flag as Go's {@code strconv.ParseBool} reads it; false when the name is not there. */
  boolean flag(String name) throws EtcdError {
    byte[] value = values.get(name);
    return value != null
        && parsed(value).orElseThrow(() -> invalid(ErrorCode.INVALID_FIELD, quoted(name)));
  }

  /** As {@link #flag(String)}, absent when the name is not there. */
  Optional<Boolean> optionalFlag(String name) throws EtcdError {
    byte[] value = values.get(name);
    return value == null
        ? Optional.empty()
        : Optional.of(parsed(value).orElseThrow(() -> invalid(ErrorCode.INVALID_FIELD, name)));
  }

  private static Optional<Boolean> parsed(byte[] value) {
    return switch (new String(value, StandardCharsets.UTF_8)) {
      case "1", "t", "T", "TRUE", "true", "True" -> Optional.of(true);
      case "0", "f", "F", "FALSE", "false", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private Optional<Long> unsigned(String name) {
    return has(name) ? GoUint.parse(text(name)) : Optional.of(0L);
  }

  private String text(String name) {
    return bytes(name).toText();
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  private static EtcdError invalid(ErrorCode code, String shown) {
    return EtcdError.ofRequest(code, "invalid value for " + shown);
  }
}
