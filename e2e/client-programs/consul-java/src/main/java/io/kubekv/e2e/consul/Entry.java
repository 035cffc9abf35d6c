package io.kubekv.e2e.consul;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An entry as a client shows it.
 *
 * @param value absent for an empty one
 */
record Entry(String key, Optional<byte[]> value, long flags, long lockIndex, Optional<String> session, long createIndex, long modifyIndex) {
  /** key=value, the root's name left out, with what is not usual about it: flags, lock index, session. */
  String tell(String root) {
    String usual = key.substring(root.length()) + "=" + value.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    return usual
        + (flags == 0 ? "" : " flags " + Long.toUnsignedString(flags))
        + (lockIndex == 0 ? "" : " lock " + lockIndex)
        + session.map(" session "::concat).orElse("")
        + (modifyIndex >= createIndex && createIndex > 0 ? "" : " indexes " + createIndex + ", " + modifyIndex);
  }
}
