package io.kubekv.transport.http;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * By which names a server may be called in plain text. A page of the web whose own name was made to
 * lead here (DNS rebinding, CVE-2018-5702) shows that name in {@code Host}.
 */
public final class HostWhitelist {
  private static final Future<String> NO_NAME = CompletableFuture.completedFuture("");

  /** Every name. */
  public static final HostWhitelist ANY = new HostWhitelist(Set.of("*"), false, NO_NAME);

  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]*(%[0-9a-z._~-]*)?]");

  /**
   * Names that are nobody's to register: of one label, and below what is set apart for private use
   * (RFC 6761, RFC 6762, RFC 8375, and .internal by ICANN).
   */
  private static final Pattern PRIVATE =
      Pattern.compile("[^.]+|.*\\.(internal|local|home\\.arpa|test|localhost)");

  private final Set<String> names;
  private final boolean all;
  private final boolean privateNames;
  private final Future<String> fullName;

  private HostWhitelist(Set<String> names, boolean privateNames, Future<String> fullName) {
    this.names = names;
    this.all = names.contains("*");
    this.privateNames = privateNames;
    this.fullName = fullName;
  }

  /** These names and no others, as etcd has it; every one if {@code *} is among them. */
  public static HostWhitelist of(Collection<String> names) {
    return new HostWhitelist(lower(names), false, NO_NAME);
  }

  /**
   * What no stranger can give a machine: addresses, its own names, and those that cannot be
   * registered publicly.
   *
   * @param own the machine's names
   * @param fullName the machine's name with its domain, when it is known
   */
  public static HostWhitelist ofThisMachine(Collection<String> own, Future<String> fullName) {
    return new HostWhitelist(lower(own), true, fullName);
  }

  private static Set<String> lower(Collection<String> names) {
    return names.stream().map(HostWhitelist::plain).collect(Collectors.toUnmodifiableSet());
  }

  /** In lower case, and without the dot that may stand at the end of a name. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
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
    String name = plain(name(host));
    return names.contains(name) || privateNames && isPrivate(name);
  }

  private boolean isPrivate(String name) {
    return name.isEmpty()
        || ADDRESS.matcher(name).matches()
        || PRIVATE.matcher(name).matches()
        || isFullName(name);
  }

  /** Never waits: it may still be asked for, or be unknown. */
  private boolean isFullName(String name) {
    return fullName.state() == Future.State.SUCCESS && name.equals(plain(fullName.resultNow()));
  }
}
