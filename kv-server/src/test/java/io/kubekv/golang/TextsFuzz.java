package io.kubekv.golang;

import io.kubekv.golang.Escapes.BadEscape;
import io.kubekv.golang.GoDuration.BadDuration;
import io.kubekv.server.fuzz.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Texts as Go reads them: clean stays clean, and what is escaped is read back. */
public final class TextsFuzz {
  private TextsFuzz() {}

  public static List<byte[]> seeds() {
    return Seeds.of(
        "/v2/keys/a%2Fb/../c//d/./e/",
        "1h2m3.5s4ms5us6ns", "-1.5h", "<!DOCTYPE HTML><b>", "%zz%", "a+b%20c");
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    byte[] clean = UrlPath.clean(input);
    require(Arrays.equals(UrlPath.clean(clean), clean), "a clean path is not clean");
    try {
      byte[] decoded = Escapes.decode(text, false);
      byte[] again = Escapes.decode(Escapes.encodePath(decoded), false);
      require(Arrays.equals(decoded, again), "an escape is not read back");
    } catch (BadEscape expected) {
      // as Go says
    }
    try {
      GoDuration.parseNanos(text);
    } catch (BadDuration expected) {
      // as Go says
    }
    ContentType.of(input);
    Escapes.inHtml(text);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
