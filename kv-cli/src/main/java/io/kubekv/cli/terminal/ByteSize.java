package io.kubekv.cli.terminal;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory.
 *
 * @param bytes never negative
 */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(|b|kib|mib|gib)");

  /** Parses {@code 4096}, {@code 512KiB}, {@code 64MiB} or {@code 1GiB}. */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size such as 4096, 512KiB, 64MiB or 1GiB");
    }
    long number = Long.parseLong(matcher.group(1));
    return new ByteSize(
        switch (matcher.group(2)) {
          case "kib" -> number << 10;
          case "mib" -> number << 20;
          case "gib" -> number << 30;
          default -> number;
        });
  }

  @Override
  public String toString() {
    String[] units = {"", "KiB", "MiB", "GiB"};
    int unit = 0;
    long shown = bytes;
    while (unit < 3 && shown >= 1024 && shown % 1024 == 0) {
      shown /= 1024;
      unit++;
    }
    return shown + units[unit];
  }
}
