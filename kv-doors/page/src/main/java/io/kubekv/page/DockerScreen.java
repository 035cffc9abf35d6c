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
import java.util.List;
import java.util.Optional;

/** The screen of what Docker's engines keep: hosts, networks, and which container is where. */
final class DockerScreen {
  /** Hosts that are shown, and networks. */
  static final int SHOWN = 50;

  /** Endpoints that are shown. */
  static final int ENDPOINTS = 1000;

  private static final Prefix NODES = new Prefix("docker/nodes/");
  private static final Prefix NETWORKS = new Prefix("docker/network/v1.0/network/");

  private final KeyValueStore store;

  DockerScreen(KeyValueStore store) {
    this.store = store;
  }

  void answer(Call call) {
    DockerPicture picture = new DockerPicture();
    Listing nodes = list(NODES, SHOWN);
    for (Entry entry : nodes.entries()) {
      of(entry, DockerKey.Node.class).ifPresent(key -> picture.engine(key, entry));
    }
    Listing networks = list(NETWORKS, SHOWN);
    boolean isCut = nodes.more() || networks.more();
    int left = ENDPOINTS;
    for (Entry entry : networks.entries()) {
      Optional<DockerKey.Network> key = of(entry, DockerKey.Network.class);
      if (key.isPresent()) {
        Listing endpoints = list(key.get().endpoints(), Math.max(1, left));
        List<Entry> shown = left > 0 ? endpoints.entries() : List.of();
        isCut |= endpoints.more() || shown.size() < endpoints.entries().size();
        left -= shown.size();
        picture.network(key.get(), entry, overlay(key.get()), shown);
      }
    }
    call.answer("docker", new Frame("Docker", "docker", ""), picture.screen(isCut));
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
