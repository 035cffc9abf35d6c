package io.kubekv.server;

import java.util.Optional;

/**
 * Where a door listens.
 *
 * @param host a host name or address; IPv6 without brackets
 * @param port 1 to 65535, or 0 for any free one
 */
record ListenAddress(String host, int port) {
  /** Parses {@code HOST:PORT}, or {@code off} for none. */
  static Optional<ListenAddress> parse(String text) {
    if (text.equals("off")) {
      return Optional.empty();
    }
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT or off");
    }
    String host = text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    return Optional.of(new ListenAddress(host, port(text, text.substring(colon + 1))));
  }

  private static int port(String text, String digits) {
    if (digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= 65535) {
      return Integer.parseInt(digits);
    }
    throw new IllegalArgumentException("'" + text + "' has no port from 0 to 65535");
  }

  /** Every address of this machine: nobody can connect to it by that name. */
  boolean isWildcard() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  boolean isLoopback() {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
