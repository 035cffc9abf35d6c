package io.kubekv.docker;

import io.kubekv.Key;
import io.kubekv.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a key is of, where it is one of those that are read. Docker writes others besides. A store
 * that was given to Docker with a path ({@code etcd://host:2379/some/path}) has all of its keys
 * below that path, so every key says of which path it is, and two stores are never taken for one.
 */
public sealed interface DockerKey {
  /** The key. */
  Key key();

  /** The path of its store, with a slash behind it; empty for a store without one. */
  String path();

  /** What all keys of Docker begin with, in a store of this path. */
  static Prefix all(String path) {
    return new Prefix(path + "docker/");
  }

  /** What the registrations begin with. */
  static Prefix nodes(String path) {
    return new Prefix(path + "docker/nodes/");
  }

  /** What the records of networks begin with. */
  static Prefix networks(String path) {
    return new Prefix(path + "docker/network/v1.0/network/");
  }

  /** The record of a network. */
  record Network(String path, String id) implements DockerKey {
    /** One of a store without a path. */
    public Network(String id) {
      this("", id);
    }

    @Override
    public Key key() {
      return Key.of(networks(path).text() + id);
    }

    /** Where the overlay driver keeps its own record of this network. */
    public Overlay overlay() {
      return new Overlay(path, id);
    }

    /** What the keys of this network's endpoints begin with. */
    public Prefix endpoints() {
      return new Prefix(path + "docker/network/v1.0/endpoint/" + id + "/");
    }
  }

  /** The overlay driver's own record of a network. */
  record Overlay(String path, String network) implements DockerKey {
    @Override
    public Key key() {
      return Key.of(path + "docker/network/v1.0/overlay/network/" + network);
    }

    /** The network's own record. */
    public Network of() {
      return new Network(path, network);
    }
  }

  /** The record of an endpoint: where a container is in a network. */
  record Endpoint(String path, String network, String id) implements DockerKey {
    /** One of a store without a path. */
    public Endpoint(String network, String id) {
      this("", network, id);
    }

    @Override
    public Key key() {
      return Key.of(of().endpoints().text() + id);
    }

    /** The record of its network. */
    public Network of() {
      return new Network(path, network);
    }
  }

  /**
   * The registration of an engine.
   *
   * @param address as it advertises itself
   */
  record Node(String path, String address) implements DockerKey {
    /** One of a store without a path. */
    public Node(String address) {
      this("", address);
    }

    @Override
    public Key key() {
      return Key.of(nodes(path).text() + address);
    }
  }

  /**
   * What a key is of; empty when it is none of these. Its last elements alone decide, of which each
   * kind has others, so there is one path that it can be of.
   */
  static Optional<DockerKey> of(Key key) {
    if (!key.text().contains("docker/")) {
      return Optional.empty();
    }
    List<String> parts = Arrays.asList(key.text().split("/", -1));
    if (parts.stream().anyMatch(String::isEmpty)) {
      return Optional.empty();
    }
    String last = parts.getLast();
    if (endsWith(parts, 1, "docker", "nodes")) {
      return Optional.of(new Node(path(parts, 3), last));
    }
    if (endsWith(parts, 1, "docker", "network", "v1.0", "network")) {
      return Optional.of(new Network(path(parts, 5), last));
    }
    if (endsWith(parts, 1, "docker", "network", "v1.0", "overlay", "network")) {
      return Optional.of(new Overlay(path(parts, 6), last));
    }
    if (endsWith(parts, 2, "docker", "network", "v1.0", "endpoint")) {
      return Optional.of(new Endpoint(path(parts, 6), parts.get(parts.size() - 2), last));
    }
    return Optional.empty();
  }

  /** Whether these elements stand before so many last ones. */
  private static boolean endsWith(List<String> parts, int behind, String... names) {
    int from = parts.size() - behind - names.length;
    return from >= 0 && parts.subList(from, parts.size() - behind).equals(List.of(names));
  }

  /** What stands before so many last elements. */
  private static String path(List<String> parts, int behind) {
    List<String> path = parts.subList(0, parts.size() - behind);
    return path.isEmpty() ? "" : String.join("/", path) + "/";
  }
}
