package io.kubekv.page;

import io.kubekv.Entry;
import io.kubekv.docker.DockerEndpoint;
import io.kubekv.docker.DockerKey;
import io.kubekv.docker.DockerNetwork;
import io.kubekv.docker.DockerNode;
import io.kubekv.docker.OverlayNetwork;
import io.kubekv.docker.UndecodedException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which container is where: a column for each network, a row for each host. What cannot be decoded
 * is listed with the reason; of a network, the column stays, with its id.
 */
final class DockerPicture {
  /** A subnet of a network; a text is empty where there is no such thing. */
  record Subnet(String pool, String gateway, String vni) {}

  /** A network. */
  record Column(String name, String url, String driver, List<Subnet> subnets) {}

  /** A container in a network. */
  record Place(String container, String url, String address) {}

  /** An engine, as it has registered itself. */
  record Engine(String address, String url, String until) {}

  /**
   * A host.
   *
   * @param address empty for endpoints that name no host
   * @param engines registered with this address
   * @param cells what it has in each network
   */
  record Row(String address, List<Engine> engines, List<List<Place>> cells) {}

  /** A record that is not shown, or not whole. */
  record Undecoded(String key, String url, String reason) {}

  /**
   * All of it.
   *
   * @param path of the store, to be looked at safely; empty for that without one
   * @param pathText the same as it is
   * @param isCut when there is more than is shown
   */
  record Screen(
      String path,
      String pathText,
      List<Column> columns,
      List<Row> rows,
      List<Undecoded> undecoded,
      boolean isCut) {}

  private final List<Column> columns = new ArrayList<>();
  private final Map<String, List<Engine>> engines = new TreeMap<>();
  private final List<Map<String, List<Place>>> places = new ArrayList<>();
  private final List<Undecoded> undecoded = new ArrayList<>();

  void engine(DockerKey.Node key, Entry entry) {
    try {
      DockerNode node = DockerNode.read(key.address(), entry.value());
      String until =
          entry
              .expiry()
              .map(expiry -> expiry.expiresAt().truncatedTo(ChronoUnit.SECONDS).toString())
              .orElse("");
      engines
          .computeIfAbsent(node.host(), host -> new ArrayList<>())
          .add(new Engine(Visible.of(key.address()), Urls.key(entry.key()), until));
    } catch (UndecodedException why) {
      leaveOut(entry, why.reason());
    }
  }

  /**
   * Begins a column.
   *
   * @param overlay the overlay driver's own record of it
   * @param endpoints all that are known of it
   */
  void network(DockerKey.Network key, Entry entry, Optional<Entry> overlay, List<Entry> endpoints) {
    Column column;
    try {
      DockerNetwork network = DockerNetwork.read(key.id(), entry.value());
      Map<String, Long> vnis = network.driver().equals("overlay") ? vnis(entry, overlay) : Map.of();
      List<Subnet> subnets =
          network.subnets().stream().map(subnet -> subnet(subnet, vnis)).toList();
      column =
          new Column(
              Visible.of(network.name()),
              Urls.key(entry.key()),
              Visible.of(network.driver()),
              subnets);
    } catch (UndecodedException why) {
      leaveOut(entry, why.reason());
      column = new Column(Visible.of(key.id()), Urls.key(entry.key()), "", List.of());
    }
    columns.add(column);
    Map<String, List<Place>> byHost = new TreeMap<>();
    places.add(byHost);
    endpoints.forEach(endpoint -> endpoint(endpoint, byHost));
  }

  private static Subnet subnet(DockerNetwork.Subnet subnet, Map<String, Long> vnis) {
    Long vni = vnis.get(subnet.pool());
    return new Subnet(
        subnet.pool(), subnet.gateway().orElse(""), vni == null ? "" : vni.toString());
  }

  private Map<String, Long> vnis(Entry network, Optional<Entry> overlay) {
    if (overlay.isEmpty()) {
      leaveOut(network, "the overlay driver's record of it is missing, so no VNI is known");
      return Map.of();
    }
    try {
      return OverlayNetwork.read(overlay.get().value()).vnis();
    } catch (UndecodedException why) {
      leaveOut(overlay.get(), why.reason());
      return Map.of();
    }
  }

  private void endpoint(Entry entry, Map<String, List<Place>> byHost) {
    if (!(DockerKey.of(entry.key()).orElse(null) instanceof DockerKey.Endpoint key)) {
      return;
    }
    try {
      DockerEndpoint endpoint = DockerEndpoint.read(key.network(), key.id(), entry.value());
      byHost
          .computeIfAbsent(endpoint.host().orElse(""), host -> new ArrayList<>())
          .add(
              new Place(
                  Visible.of(endpoint.container()),
                  Urls.key(entry.key()),
                  endpoint.address().or(endpoint::address6).orElse("")));
    } catch (UndecodedException why) {
      leaveOut(entry, why.reason());
    }
  }

  private void leaveOut(Entry entry, String reason) {
    undecoded.add(new Undecoded(Visible.of(entry.key().text()), Urls.key(entry.key()), reason));
  }

  /** As far as it has been told. */
  Screen screen(String path, boolean isCut) {
    Map<String, List<Engine>> hosts = new TreeMap<>(engines);
    places.forEach(byHost -> byHost.keySet().forEach(host -> hosts.putIfAbsent(host, List.of())));
    List<Row> rows = new ArrayList<>();
    hosts.forEach(
        (host, own) ->
            rows.add(
                new Row(
                    Visible.of(host),
                    own,
                    places.stream().map(at -> at.getOrDefault(host, List.of())).toList())));
    return new Screen(Visible.of(path), path, columns, rows, undecoded, isCut);
  }
}
