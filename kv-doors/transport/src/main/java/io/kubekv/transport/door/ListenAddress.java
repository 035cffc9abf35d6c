package io.kubekv.transport.door;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.Optional;

/**
 * Where a door listens.
 *
 * @param host a host name or address; IPv6 without brackets
 * @param port 1 to 65535, or 0 for any free one
 */
public record ListenAddress(String host, int port) {
  /**
   * Parses {@code HOST:PORT}, or {@code off} for none.
   *
   * @param setting whose value the text is
   * @throws IllegalArgumentException saying what is wrong with which setting
   */
  public static Optional<ListenAddress> parse(String setting, String text) {
    return text.equals("off") ? Optional.empty() : Optional.of(required(setting, text));
  }

  /** As above, where there must be one. */
  public static ListenAddress required(String setting, String text) {
    int colon = text.lastIndexOf(':');
    if (text.contains("/")) {
      throw wrong(setting, text, "is a URL or a path, and HOST:PORT is wanted, without http://");
    }
    if (colon == 0) {
      throw wrong(setting, text, "has no host: 0.0.0.0" + text + " is every address");
    }
    if (colon < 0) {
      throw wrong(setting, text, "is not HOST:PORT or off");
    }
    String host = text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    return new ListenAddress(host, port(setting, text, text.substring(colon + 1)));
  }

  private static int port(String setting, String text, String digits) {
    if (digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= 65535) {
      return Integer.parseInt(digits);
    }
    throw wrong(setting, text, "has no port from 0 to 65535");
  }

  private static IllegalArgumentException wrong(String setting, String text, String problem) {
    return new IllegalArgumentException(setting + ": '" + text + "' " + problem);
  }

  /**
   * Finds out whether a server could listen here now, without listening.
   *
   * @param setting whose value this is
   * @throws IOException saying why not
   */
  public void requireFree(String setting) throws IOException {
    InetSocketAddress address = socket();
    if (address.isUnresolved()) {
      throw new IOException(
          setting
              + ": cannot listen on "
              + this
              + ": no address of a host '"
              + host
              + "' is known");
    }
    try (Socket probe = new Socket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException taken) {
      boolean ours =
          address.getAddress().isAnyLocalAddress()
              || NetworkInterface.getByInetAddress(address.getAddress()) != null;
      String why =
          ours
              ? taken.getMessage() + "; is another server running there? Choose another with --"
              : "it is no address of this machine; choose one of its with --";
      throw new IOException(setting + ": cannot listen on " + this + ": " + why + setting);
    }
  }

  /** The same for who opens sockets. */
  public InetSocketAddress socket() {
    return new InetSocketAddress(host, port);
  }

  /** Whether nobody can listen at both: one has the other's address, or every address. */
  public boolean overlaps(ListenAddress other) {
    if (port == 0 || port != other.port) {
      return false;
    }
    InetAddress mine = socket().getAddress();
    InetAddress others = other.socket().getAddress();
    return host.equals(other.host)
        || mine != null
            && others != null
            && (mine.isAnyLocalAddress() || others.isAnyLocalAddress() || mine.equals(others));
  }

  /** Every address of this machine: nobody can connect to it by that name. */
  public boolean isWildcard() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  public boolean isLoopback() {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
