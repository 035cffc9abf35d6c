package io.kubekv.e2e;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What one server's answers were kept as, to be put into later requests: {@code {name}}, {@code
 * {name+1}}; and {@code {x*5}} for {@code xxxxx}, {@code {bytes}} for every byte.
 */
final class ProbeNames {
  private static final Pattern EXPRESSION =
      Pattern.compile("\\{(?:([a-z][a-z0-9]*)([+-][0-9]+)?|(.)\\*([0-9]+))}");
  private static final String BYTES =
      IntStream.range(0, 256)
          .mapToObj(value -> String.valueOf((char) value))
          .collect(Collectors.joining());

  private final Map<String, String> values = new HashMap<>();

  ProbeNames() {
    values.put("bytes", BYTES);
  }

  void keep(String name, String value) {
    values.put(name, value);
  }

  /** A name that the server has given no value for stays legible: the request shows it. */
  String expand(String text) {
    return EXPRESSION.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found)));
  }

  private String value(MatchResult found) {
    if (found.group(3) != null) {
      return found.group(3).repeat(Integer.parseInt(found.group(4)));
    }
    String value = values.get(found.group(1));
    if (value == null) {
      return "no-" + found.group(1);
    }
    return found.group(2) == null
        ? value
        : Long.toString(Long.parseLong(value) + Long.parseLong(found.group(2)));
  }
}
