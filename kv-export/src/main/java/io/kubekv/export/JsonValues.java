package io.kubekv.export;

import io.kubekv.Bytes;
import java.math.BigInteger;
import tools.jackson.databind.node.ObjectNode;

/** How values and numbers of a store are written as JSON. */
public final class JsonValues {
  private JsonValues() {}

  /** One that is UTF-8 is the text {@code value}; any other is {@code base64}. */
  public static void value(ObjectNode node, Bytes value) {
    value
        .asText()
        .ifPresentOrElse(
            text -> node.put("value", text), () -> node.put("base64", value.toBase64()));
  }

  /** A number that is never below zero, in all its 64 bits. */
  public static void unsigned(ObjectNode node, String name, long number) {
    if (number >= 0) {
      node.put(name, number);
    } else {
      node.put(name, new BigInteger(Long.toUnsignedString(number)));
    }
  }
}
