package io.kubekv.transport.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection comes from, as far as one client can be told from another by it: an IPv4
 * address, or the first half of an IPv6 one, because a host may take any other half.
 */
public final class Origin {
  private static final int PREFIX_BYTES = 8;

  private Origin() {}

  /** As text; what is no Internet address is as it prints itself. */
  public static String of(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet && !internet.isUnresolved()
        ? of(internet.getAddress())
        : String.valueOf(address);
  }

  private static String of(InetAddress address) {
    if (address instanceof Inet6Address) {
      String half = HexFormat.of().formatHex(address.getAddress(), 0, PREFIX_BYTES);
      return String.join(
              ":",
              half.substring(0, 4),
              half.substring(4, 8),
              half.substring(8, 12),
              half.substring(12))
          + "::/64";
    }
    return address.getHostAddress();
  }
}
