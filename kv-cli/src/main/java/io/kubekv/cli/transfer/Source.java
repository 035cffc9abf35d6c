package io.kubekv.cli.transfer;

import io.kubekv.export.Item;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Where an import takes its entries from. */
interface Source {
  /** How many there are, when that is known beforehand. */
  OptionalLong total();

  /** What the user is to know of it before anything is moved, a line each. */
  default List<String> notes() {
    return List.of();
  }

  /**
   * Hands on every entry, parents before what is below them.
   *
   * @throws TransferException when the source cannot be read
   */
  void each(Consumer<Item> items);

  /**
   * {@code etcd2://HOST:PORT}, {@code etcd3://HOST:PORT}, {@code consul://HOST:PORT}, a file of an
   * export, or the data directory of an etcd with the v2 API or a snapshot file in it.
   */
  static Source of(String address, InstantSource clock) {
    int scheme = address.indexOf("://");
    if (scheme < 0) {
      Path place = Path.of(address);
      return EtcdV2DataSource.is(place)
          ? new EtcdV2DataSource(place, clock)
          : new FileSource(place);
    }
    HttpJson http;
    try {
      http = new HttpJson("http" + address.substring(scheme));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("'" + address + "': " + wrong.getMessage(), wrong);
    }
    return switch (address.substring(0, scheme)) {
      case "etcd2" -> new EtcdV2Source(http, clock);
      case "etcd3" -> new EtcdV3Source(http, clock);
      case "consul" -> new ConsulSource(http);
      default ->
          throw new IllegalArgumentException(
              "'" + address + "' is no file or directory, etcd2://, etcd3:// or consul:// address");
    };
  }
}
