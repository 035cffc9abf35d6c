package io.kubekv.server;

import io.kubekv.transport.door.ListenAddress;
import io.kubekv.zookeeper.ZooKeeperDoor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What doors say and let in; the first two are named as etcd's are. */
final class DoorOptions {
  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      split = ",",
      description =
          "Origins whose web pages may use the etcd API from a browser, and change keys by"
              + " Consul's, as http://HOST:PORT; * for all (none).")
  List<String> origins = new ArrayList<>();

  @Option(
      names = "--host-whitelist",
      paramLabel = "NAME",
      split = ",",
      description =
          "Host names that plain HTTP requests may call this server by; * for all (on loopback:"
              + " addresses, the host's names, those of one label or below .internal, .local,"
              + " .home.arpa, .test and .localhost; elsewhere all).")
  List<String> hosts = new ArrayList<>();

  @Option(
      names = "--consul-node",
      paramLabel = "NAME",
      description = "The name of Consul's one node, the same at every replica (the host's name).")
  @Nullable String consulNode;

  @Option(
      names = "--zookeeper-listen",
      paramLabel = "HOST:PORT",
      description =
          "Where the ZooKeeper protocol is served, as 127.0.0.1:2181; off for nowhere"
              + " (${DEFAULT-VALUE}).")
  String zookeeperListen = "off";

  @Option(
      names = "--zookeeper-tick",
      paramLabel = "TIME",
      description =
          "ZooKeeper's tickTime, at most 1h: sessions may ask for 2 to 20 of these as their timeout"
              + " (${DEFAULT-VALUE}).")
  Duration zookeeperTick = ZooKeeperDoor.Settings.DEFAULT.tick();

  @Option(
      names = "--zookeeper-words",
      paramLabel = "WORD",
      split = ",",
      description =
          "ZooKeeper's four letter words that are answered, and at /commands of the operations"
              + " port (${DEFAULT-VALUE}).")
  List<String> zookeeperWords = new ArrayList<>(ZooKeeperDoor.Settings.DEFAULT.words());

  @Option(
      names = "--ui-listen",
      paramLabel = "HOST:PORT",
      description =
          "Where the web page is; auto for the operations port if that is for this machine alone;"
              + " off for nowhere (${DEFAULT-VALUE}).")
  String uiListen = PageConfig.AUTO;

  @Option(names = "--ui-writes", description = "Lets people change keys by the web page.")
  boolean uiWrites;

  DoorsConfig config() {
    ZooKeeperDoor.Settings settings =
        new ZooKeeperDoor.Settings(zookeeperTick, Set.copyOf(zookeeperWords));
    return new DoorsConfig(
        origins,
        hosts,
        Optional.ofNullable(consulNode).filter(name -> !name.isEmpty()),
        ListenAddress.parse("zookeeper-listen", zookeeperListen)
            .map(address -> new ZooKeeperDoor(address, settings)),
        PageConfig.parse(uiListen, uiWrites));
  }
}
