package io.kubekv.k8s.view;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.docker.DockerEndpoint;
import io.kubekv.docker.DockerKey;
import io.kubekv.docker.DockerNetwork;
import io.kubekv.docker.DockerNode;
import io.kubekv.docker.OverlayNetwork;
import io.kubekv.docker.UndecodedException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the objects of Docker's keys are to say, as the store is. A subject is a key that has an
 * object; the overlay driver's record belongs to the object of its network.
 */
final class DockerRecords {
  private static final Logger log = LoggerFactory.getLogger(DockerRecords.class);

  /** So many keys are read at a time. */
  private static final int PORTION = 1000;

  /**
   * Below so many paths records are looked for, that without one among them: each is a list, and
   * whoever writes keys may write them below any path.
   */
  static final int MOST_PATHS = 100;

  private final KeyValueStore store;
  private final ViewSettings settings;

  /** Those of the stores that Docker was given, as far as keys have told. */
  private final Set<String> paths = new TreeSet<>(Set.of(""));

  private boolean isFull;

  DockerRecords(KeyValueStore store, ViewSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * The key whose object a change of this one makes wrong; empty when it has a part in none, or is
   * below a path too many.
   */
  Optional<Key> subject(Key key) {
    return DockerKey.of(key)
        .filter(known -> paths.contains(known.path()))
        .map(known -> known instanceof DockerKey.Overlay overlay ? overlay.of().key() : key)
        .filter(settings::includes);
  }

  /** Remembers where a key of Docker is, however it was met; of paths too many it says so once. */
  void met(Key key) {
    DockerKey.of(key)
        .map(DockerKey::path)
        .filter(path -> !paths.contains(path))
        .ifPresent(this::add);
  }

  private void add(String path) {
    if (paths.size() < MOST_PATHS) {
      paths.add(path);
    } else if (!isFull) {
      isFull = true;
      log.warn(
          "Docker's keys are below more than {} paths: those below {} and others are not shown",
          MOST_PATHS,
          path);
    }
  }

  /** Meets every key of the store, a portion at a time, and forgets paths without any. */
  void meetAll() {
    paths.retainAll(Set.of(""));
    Listing found = portion(new Range.WithPrefix(Prefix.ALL));
    found.entries().forEach(entry -> met(entry.key()));
    while (found.more()) {
      Key last = found.entries().getLast().key(); // is met twice
      found = portion(new Range.Between(last, Optional.empty()));
      found.entries().forEach(entry -> met(entry.key()));
    }
  }

  private Listing portion(Range range) {
    return Await.read(store.list(ListRequest.of(range).withLimit(PORTION), Freshness.LINEARIZABLE));
  }

  /** All subjects that stand in the store, below the paths of keys that were met. */
  Set<Key> subjects() {
    Set<Key> subjects = new TreeSet<>();
    paths.forEach(path -> subjects.addAll(subjects(DockerKey.all(path))));
    return subjects;
  }

  /** Those of them that are endpoints of a network. */
  Set<Key> endpointsOf(DockerKey.Network network) {
    return subjects(network.endpoints());
  }

  private Set<Key> subjects(Prefix prefix) {
    return Await.read(
            store.list(ListRequest.of(new Range.WithPrefix(prefix)), Freshness.LINEARIZABLE))
        .entries()
        .stream()
        .map(Entry::key)
        .filter(key -> subject(key).filter(key::equals).isPresent())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Optional<Entry> entry(DockerKey key) {
    return Await.read(store.get(key.key(), Freshness.LINEARIZABLE)).entry();
  }

  /** What the object is to say; empty when there is to be none. */
  Optional<Map<String, Object>> status(DockerKey subject) {
    return entry(subject).map(entry -> status(subject, entry));
  }

  private Map<String, Object> status(DockerKey subject, Entry entry) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("key", entry.key().text());
    status.put("revision", entry.modifyRevision().toString());
    try {
      if (entry.isDirectory()) {
        throw new Incomplete("the key is a directory");
      }
      switch (subject) {
        case DockerKey.Network network -> network(network, entry, status);
        case DockerKey.Overlay overlay -> throw new IllegalArgumentException(overlay.toString());
        case DockerKey.Endpoint endpoint -> endpoint(endpoint, entry, status);
        case DockerKey.Node node -> node(node, entry, status);
      }
      status.put("conditions", condition(true, "Understood", "all of it is shown"));
    } catch (UndecodedException undecoded) {
      status.put("conditions", condition(false, "Undecoded", undecoded.reason()));
    } catch (Incomplete incomplete) {
      status.put(
          "conditions", condition(false, "Incomplete", String.valueOf(incomplete.getMessage())));
    }
    return status;
  }

  /** Something is missing besides the record itself. */
  private static final class Incomplete extends Exception {
    private static final long serialVersionUID = 1L;

    Incomplete(String what) {
      super(what);
    }
  }

  private static List<Map<String, Object>> condition(boolean holds, String reason, String message) {
    return List.of(
        Map.of(
            "type",
            "Decoded",
            "status",
            holds ? "True" : "False",
            "reason",
            reason,
            "message",
            message));
  }

  private void network(DockerKey.Network key, Entry entry, Map<String, Object> status)
      throws UndecodedException, Incomplete {
    DockerNetwork network = DockerNetwork.read(key.id(), entry.value());
    status.put("id", network.id());
    status.put("name", network.name());
    status.put("driver", network.driver());
    network.scope().ifPresent(scope -> status.put("scope", scope));
    status.put("internal", network.internal());
    status.put("attachable", network.attachable());
    status.put("ipv6", network.ipv6());
    network.created().ifPresent(created -> status.put("created", created));
    status.put("subnets", subnets(network, Map.of()));
    if (!network.driver().equals("overlay")) {
      return;
    }
    Entry own =
        entry(key.overlay())
            .orElseThrow(
                () -> new Incomplete(key.overlay().key() + " is missing: no VNI is known"));
    status.put("revision", Revision.max(entry.modifyRevision(), own.modifyRevision()).toString());
    try {
      OverlayNetwork overlay = OverlayNetwork.read(own.value());
      status.put("encrypted", overlay.encrypted());
      status.put("subnets", subnets(network, overlay.vnis()));
    } catch (UndecodedException undecoded) {
      throw new Incomplete(key.overlay().key() + " is undecoded: " + undecoded.reason());
    }
  }

  private static List<Map<String, Object>> subnets(DockerNetwork network, Map<String, Long> vnis) {
    return network.subnets().stream().map(subnet -> subnet(subnet, vnis)).toList();
  }

  private static Map<String, Object> subnet(DockerNetwork.Subnet subnet, Map<String, Long> vnis) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("subnet", subnet.pool());
    subnet.range().ifPresent(range -> shown.put("range", range));
    subnet.gateway().ifPresent(gateway -> shown.put("gateway", gateway));
    Optional.ofNullable(vnis.get(subnet.pool())).ifPresent(vni -> shown.put("vni", vni));
    return shown;
  }

  private void endpoint(DockerKey.Endpoint key, Entry entry, Map<String, Object> status)
      throws UndecodedException, Incomplete {
    DockerEndpoint endpoint = DockerEndpoint.read(key.network(), key.id(), entry.value());
    status.put("id", endpoint.id());
    status.put("networkID", endpoint.network());
    status.put("container", endpoint.container());
    endpoint.host().ifPresent(host -> status.put("host", host));
    endpoint.address().ifPresent(address -> status.put("address", address));
    endpoint.address6().ifPresent(address -> status.put("address6", address));
    endpoint.mac().ifPresent(mac -> status.put("mac", mac));
    if (!endpoint.aliases().isEmpty()) {
      status.put("aliases", endpoint.aliases());
    }
    endpoint.sandbox().ifPresent(sandbox -> status.put("sandbox", sandbox));
    status.put("network", networkName(key.of()));
  }

  private String networkName(DockerKey.Network key) throws Incomplete {
    Entry network =
        entry(key).orElseThrow(() -> new Incomplete(key.key() + " is missing: no name is known"));
    try {
      return DockerNetwork.read(key.id(), network.value()).name();
    } catch (UndecodedException undecoded) {
      throw new Incomplete(key.key() + " is undecoded: " + undecoded.reason());
    }
  }

  private static void node(DockerKey.Node key, Entry entry, Map<String, Object> status)
      throws UndecodedException {
    DockerNode node = DockerNode.read(key.address(), entry.value());
    status.put("address", key.address());
    status.put("host", node.host());
    status.put("port", (long) node.port());
    entry
        .expiry()
        .ifPresent(
            expiry -> {
              status.put("ttlSeconds", expiry.timeToLive().toSeconds());
              status.put("expires", expiry.expiresAt().truncatedTo(ChronoUnit.SECONDS).toString());
            });
  }
}
