package io.kubekv.docker;

import io.kubekv.Bytes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An engine, as it has registered itself.
 *
 * @param host an address or a name
 */
public record DockerNode(String host, int port) {
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:.%]{2,64}]|[0-9a-zA-Z._-]{1,253}):([0-9]{1,5})");

  /**
   * Reads a registration.
   *
   * @param address from its key
   */
  public static DockerNode read(String address, Bytes value) throws UndecodedException {
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches()) {
      throw new UndecodedException("the key's last element is no address with a port");
    }
    if (!value.equals(Bytes.utf8(address))) {
      throw new UndecodedException("the value is not the address in the key");
    }
    int port = Integer.parseInt(parts.group(2));
    if (port < 1 || port > 65_535) {
      throw new UndecodedException("the port is none from 1 to 65535");
    }
    return new DockerNode(parts.group(1), port);
  }
}
