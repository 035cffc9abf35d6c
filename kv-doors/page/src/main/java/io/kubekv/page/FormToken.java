package io.kubekv.page;

import io.kubekv.transport.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a form must show, so that no other page of the web can send one: a secret of the process and
 * its user, and that the browser says it comes from here.
 */
final class FormToken {
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  FormToken() {
    byte[] secret = new byte[BYTES];
    RANDOM.nextBytes(secret);
    text = HexFormat.of().formatHex(secret);
  }

  String text() {
    return text;
  }

  /** Refuses a form that is not from here. */
  void require(HttpExchange exchange, Fields form) {
    Optional<String> origin = exchange.header("Origin");
    String host = exchange.header("Host").orElse("");
    boolean ours =
        origin.map(from -> from.replaceFirst("^https?://", "").equals(host)).orElse(false)
            && exchange.header("Sec-Fetch-Site").map("same-origin"::equals).orElse(true);
    if (!ours) {
      throw new PageError(403, "The form was not sent from this page, so nothing was changed.");
    }
    byte[] shown = form.text("token").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(shown, text.getBytes(StandardCharsets.UTF_8))) {
      throw new PageError(
          403,
          "Another server made the form, or this one before it was restarted, so nothing was"
              + " changed. Open the key again.");
    }
  }
}
