package io.kubekv.benchmarks.naive;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How keys are found among the objects of a namespace. A key's object has kubekv's name. It carries
 * a label for the key itself and for each directory above it, so that the API server can pick out
 * what is below a directory; whatever it lets through besides, {@link Range#contains} takes out.
 */
final class Selection {
  private Selection() {}

  /** As kubekv names the object of a key. */
  static String objectName(Key key) {
    BigInteger hash = new BigInteger(1, sha256(key.text())).shiftLeft(4);
    String digits = hash.toString(32);
    return "k" + "0".repeat(52 - digits.length()) + digits;
  }

  /** The label of what is at or below a directory. */
  static String label(String directory) {
    return "d.kubekv.io/" + HexFormat.of().formatHex(sha256(directory), 0, 4);
  }

  /** The parameter that picks out a range; empty when the whole namespace must be looked at. */
  static String query(Range range) {
    return switch (range) {
      case Range.Exact exact -> "&fieldSelector=metadata.name%3D" + objectName(exact.key());
      case Range.Tree tree -> "&labelSelector=" + label(tree.top().text());
      case Range.WithPrefix with ->
          directory(with.prefix()).map(one -> "&labelSelector=" + label(one)).orElse("");
      case Range.Between between -> "";
    };
  }

  private static Optional<String> directory(Prefix prefix) {
    String text = prefix.text();
    return text.length() > 1 && text.endsWith("/")
        ? Optional.of(text.substring(0, text.length() - 1))
        : Optional.empty();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
