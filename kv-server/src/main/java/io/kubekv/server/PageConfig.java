package io.kubekv.server;

import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.tls.TlsFiles;
import java.util.Optional;

/**
 * Where people look at the store with a browser.
 *
 * @param own a port of its own; absent for none
 * @param shared whether it is on the operations port, where that is for this machine alone
 * @param writes whether keys can be changed by it
 */
record PageConfig(Optional<ListenAddress> own, boolean shared, boolean writes) {
  static final String SETTING = "ui-listen";

  /** On the operations port, where that is for this machine alone. */
  static final String AUTO = "auto";

  static final PageConfig DEFAULT = new PageConfig(Optional.empty(), true, false);

  /**
   * Parses where.
   *
   * @param listen {@link #AUTO}, {@code off} or {@code HOST:PORT}
   */
  static PageConfig parse(String listen, boolean writes) {
    boolean shared = listen.equals(AUTO);
    return new PageConfig(
        shared ? Optional.empty() : ListenAddress.parse(SETTING, listen), shared, writes);
  }

  /** The operations port, if the page is on it. */
  Optional<ListenAddress> onOperationsPort(
      Optional<ListenAddress> operations, Optional<TlsFiles> tls) {
    boolean certified = tls.filter(TlsFiles::clientsMust).isPresent();
    return operations.filter(port -> shared && mayShare(port, certified));
  }

  /**
   * Whether the page may be there. The operations port speaks plain text and asks for no
   * certificate: so it must be on loopback, and the doors must not be for those alone who show one.
   *
   * @param certified whether they are
   */
  static boolean mayShare(ListenAddress operations, boolean certified) {
    return operations.isLoopback() && !certified;
  }
}
