package io.kubekv.etcd.lease;

import com.google.protobuf.ByteString;
import io.kubekv.engine.log.SharedLease.Holder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Who has the lease, as its key says: lines of {@code name=value}, of which others are passed over.
 */
final class HolderText {
  /** Of whom the key says nothing that can be read. */
  private static final Holder SOMEBODY = new Holder("somebody-else", "", "");

  /** What is longer was not written by us. */
  private static final int MOST_BYTES = 4096;

  private static final int MOST_NAME = 512;
  private static final String IDENTITY = "holder";
  private static final String ADDRESS = "address";
  private static final String SECRET = "secret";
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]*");

  private HolderText() {}

  /** Throws {@link IllegalArgumentException} naming what cannot be told so. */
  static void check(Holder holder) {
    require("identity", holder.identity(), !holder.identity().isEmpty());
    require("address", holder.address(), true);
    require("secret", holder.secret(), true);
  }

  /** The key's value. */
  static ByteString encode(Holder holder) {
    return ByteString.copyFromUtf8(
        "%s=%s\n%s=%s\n%s=%s\n"
            .formatted(
                IDENTITY, holder.identity(), ADDRESS, holder.address(), SECRET, holder.secret()));
  }

  private static void require(String field, String value, boolean holds) {
    if (!holds || !isName(value)) {
      throw new IllegalArgumentException(
          "the %s of a lease's holder must be up to %d printable characters without spaces, but has %d characters"
              .formatted(field, MOST_NAME, value.length()));
    }
  }

  private static boolean isName(String value) {
    return value.length() <= MOST_NAME && PRINTABLE.matcher(value).matches();
  }

  /** What a key says, whoever has written it. */
  static Holder decode(ByteString value) {
    if (value.size() > MOST_BYTES) {
      return SOMEBODY;
    }
    Map<String, String> lines = new LinkedHashMap<>();
    value.toStringUtf8().lines().forEach(line -> put(lines, line));
    String identity = lines.getOrDefault(IDENTITY, "");
    return identity.isEmpty()
        ? SOMEBODY
        : new Holder(identity, lines.getOrDefault(ADDRESS, ""), lines.getOrDefault(SECRET, ""));
  }

  private static void put(Map<String, String> lines, String line) {
    int equals = line.indexOf('=');
    String value = line.substring(equals + 1);
    if (equals > 0 && isName(value)) {
      lines.putIfAbsent(line.substring(0, equals), value);
    }
  }
}
