package io.kubekv.docker;

import io.kubekv.Key;
import io.kubekv.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a key is of, where it is one of those that are read. Docker writes others besides. */
public sealed interface DockerKey {
  /** What all keys of Docker begin with, in a store that was given to it without a path. */
  Prefix ALL = new Prefix("docker/");

  /** The key. */
  Key key();

  /** The record of a network. */
  record Network(String id) implements DockerKey {
    @Override
    public Key key() {
      return Key.of("docker/network/v1.0/network/" + id);
    }

    /** Where the overlay driver keeps its own record of this network. */
    public Overlay overlay() {
      return new Overlay(id);
    }

    /** What the keys of this network's endpoints begin with. */
    public Prefix endpoints() {
      return new Prefix("docker/network/v1.0/endpoint/" + id + "/");
    }
  }

  /** The overlay driver's own record of a network. */
  record Overlay(String network) implements DockerKey {
    @Override
    public Key key() {
      return Key.of("docker/network/v1.0/overlay/network/" + network);
    }
  }

  /** The record of an endpoint: where a container is in a network. */
  record Endpoint(String network, String id) implements DockerKey {
    @Override
    public Key key() {
      return Key.of("docker/network/v1.0/endpoint/" + network + "/" + id);
    }
  }

  /**
   * The registration of an engine.
   *
   * @param address as it advertises itself
   */
  record Node(String address) implements DockerKey {
    @Override
    public Key key() {
      return Key.of("docker/nodes/" + address);
    }
  }

  /** What a key is of; empty when it is none of these. */
  static Optional<DockerKey> of(Key key) {
    if (!key.text().startsWith(ALL.text())) {
      return Optional.empty();
    }
    List<String> parts = Arrays.asList(key.text().split("/", -1));
    if (parts.stream().anyMatch(String::isEmpty)) {
      return Optional.empty();
    }
    if (parts.size() == 3 && parts.get(1).equals("nodes")) {
      return Optional.of(new Node(parts.get(2)));
    }
    return parts.size() < 5 || !parts.get(1).equals("network") || !parts.get(2).equals("v1.0")
        ? Optional.empty()
        : ofNetworks(parts.subList(3, parts.size()));
  }

  private static Optional<DockerKey> ofNetworks(List<String> parts) {
    if (parts.size() == 2 && parts.getFirst().equals("network")) {
      return Optional.of(new Network(parts.get(1)));
    }
    if (parts.size() == 3 && parts.getFirst().equals("endpoint")) {
      return Optional.of(new Endpoint(parts.get(1), parts.get(2)));
    }
    boolean isOverlay =
        parts.size() == 3 && parts.subList(0, 2).equals(List.of("overlay", "network"));
    return isOverlay ? Optional.of(new Overlay(parts.get(2))) : Optional.empty();
  }
}
