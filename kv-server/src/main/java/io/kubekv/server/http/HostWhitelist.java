package io.kubekv.server.http;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * By which names a server may be called in plain text. A page of the web whose own name was made to
 * lead here (DNS rebinding, CVE-2018-5702) shows that name in {@code Host}.
 */
public final class HostWhitelist {
  /** Every name. */
  public static final HostWhitelist ANY = new HostWhitelist(Set.of("*"), false);

  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]*]");

  private final Set<String> names;
  private final boolean all;
  private final boolean ownNames;

  private HostWhitelist(Set<String> names, boolean ownNames) {
    this.names = names;
    this.all = names.contains("*");
    this.ownNames = ownNames;
  }

  /** These names and no others, as etcd has it; every one if {@code *} is among them. */
  public static HostWhitelist of(Collection<String> names) {
    return new HostWhitelist(lower(names), false);
  }

  /**
   * What nobody else can give a machine: addresses, {@code localhost}, and its own name.
   *
   * @param own the machine's names
   */
  public static HostWhitelist ofThisMachine(Collection<String> own) {
    return new HostWhitelist(lower(own), true);
  }

  private static Set<String> lower(Collection<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The name in a {@code Host}, without the port. */
  static String name(String host) {
    return PORT.matcher(host).replaceFirst("");
  }

  /** Whether a request with this {@code Host} is let in. */
  boolean allows(String host) {
    if (all) {
      return true;
    }
    String name = name(host).toLowerCase(Locale.ROOT);
    return names.contains(name) || ownNames && isOwn(name);
  }

  private static boolean isOwn(String name) {
    return name.isEmpty()
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || ADDRESS.matcher(name).matches();
  }
}
