package io.kubekv.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the doors that speak HTTP say and let in; the first two are named as etcd's are. */
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

  DoorsConfig config() {
    return new DoorsConfig(
        origins, hosts, Optional.ofNullable(consulNode).filter(name -> !name.isEmpty()));
  }
}
