package io.kubekv.e2e;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What clients speak, and with whom: the reference is the real server, on which every expected
 * answer must hold, and a second one of it may stand in kubekv's place.
 */
enum ClientProtocol {
  ETCD,
  ETCD_V3,
  CONSUL,
  ZOOKEEPER;

  private static final String KUBEKV = "kubekv";

  /** The protocols that a store of this name speaks. */
  static List<ClientProtocol> spokenBy(String store) {
    List<ClientProtocol> spoken =
        Arrays.stream(values())
            .filter(protocol -> store.equals(KUBEKV) || store.equals(protocol.reference()))
            .toList();
    if (spoken.isEmpty()) {
      throw new IllegalArgumentException(
          "no store is called '" + store + "': " + StoreProcess.NAMES);
    }
    return spoken;
  }

  /** The name of the real server. */
  String reference() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The option that names a program on a client of this protocol. */
  String option() {
    return "--" + reference() + "-program";
  }

  /** Starts a store that speaks it. Blocks until it serves. */
  ClientStore open(String store) throws IOException {
    if (store.equals(KUBEKV) && (this == CONSUL || this == ZOOKEEPER)) {
      String door = StoreProcess.hostAndPort(FreePorts.next());
      return new ClientStore(StoreProcess.kubekv("--" + reference() + "-listen", door), door);
    }
    StoreProcess process = StoreProcess.named(store);
    return new ClientStore(process, StoreProcess.hostAndPort(process.address()));
  }
}
