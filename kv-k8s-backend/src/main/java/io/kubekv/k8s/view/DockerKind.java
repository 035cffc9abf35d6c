package io.kubekv.k8s.view;

import io.kubekv.docker.DockerKey;

/** The types of objects that show what Docker keeps. */
enum DockerKind {
  NETWORK("DockerNetwork", "dockernetworks"),
  ENDPOINT("DockerEndpoint", "dockerendpoints"),
  NODE("DockerNode", "dockernodes");

  private final String kind;
  private final String plural;

  DockerKind(String kind, String plural) {
    this.kind = kind;
    this.plural = plural;
  }

  String kind() {
    return kind;
  }

  String plural() {
    return plural;
  }

  /** The type of the object that a key has a part in. */
  static DockerKind of(DockerKey key) {
    return switch (key) {
      case DockerKey.Network network -> NETWORK;
      case DockerKey.Overlay overlay -> NETWORK;
      case DockerKey.Endpoint endpoint -> ENDPOINT;
      case DockerKey.Node node -> NODE;
    };
  }
}
