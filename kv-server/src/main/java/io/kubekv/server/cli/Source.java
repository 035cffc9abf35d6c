package io.kubekv.server.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Where an import takes its entries from. */
interface Source {
  /** How many there are, when that is known beforehand. */
  OptionalLong total();

  /**
   * Hands on every entry, parents before what is below them.
   *
   * @throws TransferException when the source cannot be read
   */
  void each(Consumer<Item> items);

  /** {@code etcd2://HOST:PORT}, {@code etcd3://HOST:PORT}, {@code consul://HOST:PORT} or a file. */
  static Source of(String address, InstantSource clock) {
    int scheme = address.indexOf("://");
    if (scheme < 0) {
      return new FileSource(Path.of(address));
    }
    HttpJson http = new HttpJson("http" + address.substring(scheme));
    return switch (address.substring(0, scheme)) {
      case "etcd2" -> new EtcdV2Source(http, clock);
      case "etcd3" -> new EtcdV3Source(http, clock);
      case "consul" -> new ConsulSource(http);
      default ->
          throw new IllegalArgumentException(
              "'" + address + "' is no file, etcd2://, etcd3:// or consul:// address");
    };
  }
}
