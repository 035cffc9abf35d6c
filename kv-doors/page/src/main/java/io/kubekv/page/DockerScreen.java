package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.docker.DockerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The screen of what Docker's engines keep: hosts, networks, and which container is where. */
final class DockerScreen {
  /** Hosts that are shown, and networks. */
  static final int SHOWN = 50;

  /** Endpoints that are shown. */
  static final int ENDPOINTS = 1000;

  /** Bytes of records that are decoded. */
  static final int BYTES = 8 << 20;

  private final KeyValueStore store;

  DockerScreen(KeyValueStore store) {
    this.store = store;
  }

  /** Shows one store of Docker's: that of the path which is asked for, or the one without. */
  void answer(Call call) {
    String asked = call.query().prefix().text();
    String path = asked.isEmpty() || asked.endsWith("/") ? asked : asked + "/";
    DockerPicture picture = new DockerPicture();
    Portion portion = new Portion();
    for (Entry entry : portion.of(list(DockerKey.nodes(path), SHOWN))) {
      of(entry, DockerKey.Node.class).ifPresent(key -> picture.engine(key, entry));
    }
    for (Entry entry : portion.of(list(DockerKey.networks(path), SHOWN))) {
      of(entry, DockerKey.Network.class)
          .ifPresent(
              key ->
                  picture.network(
                      key, entry, overlay(key), portion.ofEndpoints(endpoints(key, portion))));
    }
    call.answer("docker", new Frame("Docker", "docker", ""), picture.screen(path, portion.isCut));
  }

  /** What is still decoded of what there is, so that nobody has the page work for long. */
  private static final class Portion {
    private int endpoints = ENDPOINTS;
    private long bytes = BYTES;
    private boolean isCut;

    List<Entry> of(Listing found) {
      List<Entry> taken = new ArrayList<>();
      for (Entry entry : found.entries()) {
        if (entry.value().size() <= bytes) {
          bytes -= entry.value().size();
          taken.add(entry);
        }
      }
      isCut |= found.more() || taken.size() < found.entries().size();
      return taken;
    }

    List<Entry> ofEndpoints(Listing found) {
      List<Entry> taken = of(found);
      List<Entry> shown = taken.subList(0, Math.min(endpoints, taken.size()));
      isCut |= shown.size() < taken.size();
      endpoints -= shown.size();
      return shown;
    }
  }

  /** One even where no more is shown: it tells whether there are more. */
  private Listing endpoints(DockerKey.Network network, Portion portion) {
    return list(network.endpoints(), Math.max(1, portion.endpoints));
  }

  private Listing list(Prefix prefix, int most) {
    ListRequest first = ListRequest.of(new Range.WithPrefix(prefix)).withLimit(most);
    return Await.read(store.list(first, Freshness.LINEARIZABLE));
  }

  private Optional<Entry> overlay(DockerKey.Network network) {
    return Await.read(store.get(network.overlay().key(), Freshness.LINEARIZABLE)).entry();
  }

  private static <K extends DockerKey> Optional<K> of(Entry entry, Class<K> kind) {
    return DockerKey.of(entry.key()).filter(kind::isInstance).map(kind::cast);
  }
}
