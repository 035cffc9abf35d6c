package io.kubekv.e2e;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The few arguments that a check takes: flags ({@code --quick}) and options with a value ({@code
 * --rounds 5}). What is not asked for is refused.
 */
public final class Arguments {
  private final List<String> left;

  public Arguments(String... arguments) {
    left = new ArrayList<>(List.of(arguments));
  }

  public boolean flag(String name) {
    return left.remove(name);
  }

  public Optional<String> option(String name) {
    int at = left.indexOf(name);
    if (at < 0) {
      return Optional.empty();
    }
    if (at + 1 == left.size()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    left.remove(at);
    return Optional.of(left.remove(at));
  }

  /** A whole number from 1 on. */
  public int count(String name, int otherwise) {
    String value = option(name).orElse(Integer.toString(otherwise));
    if (!value.matches("[1-9][0-9]{0,7}")) {
      throw new IllegalArgumentException(name + " needs a number from 1 on, not " + value);
    }
    return Integer.parseInt(value);
  }

  /**
   * Where a URL leads that an option has for its value.
   *
   * @param usualPort of what is served there, for a URL that names no port
   */
  public static InetSocketAddress address(String option, String url, int usualPort) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException noUri) {
      uri = URI.create("");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          option + " " + url + ": that names no host; write http://HOST:PORT");
    }
    InetSocketAddress address =
        new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? usualPort : uri.getPort());
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          option
              + " "
              + url
              + ": no address is known of "
              + uri.getHost()
              + "; write another host");
    }
    return address;
  }

  /** To be called when all has been asked for. */
  public void end() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("unknown argument " + left.getFirst());
    }
  }
}
