package io.kubekv.etcdv3.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import io.kubekv.etcdv3.gateway.JsonTokens.Kind;
import io.kubekv.etcdv3.gateway.JsonTokens.Token;
import io.kubekv.golang.StdBase64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values of fields as protobuf's JSON has them (protobuf-go 1.36, protojson/decode.go): numbers
 * also as texts, bytes in either base64, with padding or without.
 */
final class Scalars {
  private static final int MAX_DIGITS = 20;

  /** As much of a text as is a number; the rest is not looked at if it cannot go on with it. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "(-?)(0|[1-9][0-9]*+)(?:\\.([0-9]++))?(?:[eE]([+-]?[0-9]++))?(?![-+._a-zA-Z0-9])");

  private Scalars() {}

  /**
   * What a token says.
   *
   * @param known false when it says a name that an enumeration does not have, which counts as if
   *     nothing was said
   */
  record Value(Object object, boolean known) {
    static Value of(Object object) {
      return new Value(object, true);
    }
  }

  private static final Value UNKNOWN = new Value("", false);

  /** The value; empty when it can be none of that field. */
  static Optional<Value> of(FieldDescriptor field, Token token) {
    return switch (field.getType()) {
      case BOOL ->
          token.kind() == Kind.BOOL
              ? Optional.of(Value.of(token.raw().equals("true")))
              : Optional.empty();
      case STRING ->
          token.kind() == Kind.STRING ? Optional.of(Value.of(token.text())) : Optional.empty();
      case BYTES ->
          token.kind() == Kind.STRING ? bytes(token.text()).map(Value::of) : Optional.empty();
      case ENUM -> enumeration(field, token);
      case INT64 -> integer(token).flatMap(Scalars::int64).map(Value::of);
      case UINT64 -> integer(token).flatMap(Scalars::uint64).map(Value::of);
      case INT32 -> integer(token).flatMap(Scalars::int32).map(Value::of);
      case UINT32 -> integer(token).flatMap(Scalars::uint32).map(Value::of);
      default -> throw new IllegalStateException("etcd has no fields like " + field);
    };
  }

  private static Optional<Value> enumeration(FieldDescriptor field, Token token) {
    if (token.kind() == Kind.STRING) {
      Object named = field.getEnumType().findValueByName(token.text());
      return Optional.of(named == null ? UNKNOWN : Value.of(named));
    }
    return token.kind() == Kind.NUMBER
        ? integer(token)
            .flatMap(Scalars::int32)
            .map(number -> field.getEnumType().findValueByNumberCreatingIfUnknown(number))
            .map(Value::of)
        : Optional.empty();
  }

  private static Optional<ByteString> bytes(String base64) {
    String text = base64;
    if (text.indexOf('-') >= 0 || text.indexOf('_') >= 0) {
      if (text.indexOf('+') >= 0 || text.indexOf('/') >= 0) {
        return Optional.empty();
      }
      text = text.replace('-', '+').replace('_', '/');
    }
    if (text.length() % 4 != 0) {
      if (text.indexOf('=') >= 0) {
        return Optional.empty();
      }
      text = text.replace("\n", "").replace("\r", "");
      text += "=".repeat((4 - text.length() % 4) % 4);
    }
    try {
      return Optional.of(UnsafeByteOperations.unsafeWrap(StdBase64.decode(text)));
    } catch (StdBase64.BadBase64 none) {
      return Optional.empty();
    }
  }

  /** The digits of a whole number, however it is written; empty for any other. */
  private static Optional<String> integer(Token token) {
    return switch (token.kind()) {
      case NUMBER -> integer(token.raw());
      case STRING ->
          token.text().equals(token.text().strip()) ? integer(token.text()) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<String> integer(String text) {
    Matcher number = NUMBER.matcher(text);
    if (!number.lookingAt()) {
      return Optional.empty();
    }
    String whole = number.group(2).equals("0") ? "" : number.group(2);
    String fraction = withoutLastZeros(group(number, 3));
    if (whole.isEmpty() && fraction.isEmpty()) {
      return Optional.of("0");
    }
    Optional<Integer> exponent = exponent(group(number, 4));
    return exponent
        .flatMap(places -> shifted(whole, fraction, places))
        .map(digits -> number.group(1) + digits);
  }

  private static String group(Matcher matcher, int index) {
    String group = matcher.group(index);
    return group == null ? "" : group;
  }

  private static String withoutLastZeros(String digits) {
    int end = digits.length();
    while (end > 0 && digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, end);
  }

  private static Optional<Integer> exponent(String digits) {
    try {
      return Optional.of(digits.isEmpty() ? 0 : Integer.parseInt(digits));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  private static Optional<String> shifted(String whole, String fraction, int places) {
    if (places < 0) {
      int end = whole.length() + places;
      boolean fits = fraction.isEmpty() && end >= 0 && whole.substring(end).matches("0*+");
      return fits ? Optional.of(whole.substring(0, end)) : Optional.empty();
    }
    boolean fits = fraction.length() <= places && whole.length() + (long) places <= MAX_DIGITS;
    return fits
        ? Optional.of(whole + fraction + "0".repeat(places - fraction.length()))
        : Optional.empty();
  }

  private static Optional<Long> int64(String digits) {
    try {
      return Optional.of(Long.parseLong(digits));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  private static Optional<Long> uint64(String digits) {
    try {
      return Optional.of(Long.parseUnsignedLong(digits));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> int32(String digits) {
    try {
      return Optional.of(Integer.parseInt(digits));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> uint32(String digits) {
    try {
      return Optional.of(Integer.parseUnsignedInt(digits));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }
}
