package io.kubekv.e2e;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP answer, read to its end.
 *
 * @param headers by lower-case name; a repeated header's values are joined by commas
 * @param body decoded as UTF-8; empty when there was none
 */
public record HttpAnswer(int status, Map<String, String> headers, String body) {

  public HttpAnswer {
    headers = Map.copyOf(headers);
  }

  /** The header's value; the name in any case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
