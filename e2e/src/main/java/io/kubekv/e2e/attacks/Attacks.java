package io.kubekv.e2e.attacks;

import java.util.List;

/** All attacks, those that share a server one after the other. */
final class Attacks {
  private Attacks() {}

  static List<Attack> all() {
    return List.of(
        new EarlyCloses(),
        new Digits(),
        new UnreadStreams(),
        new UnreadListings(),
        new TreeTransactions(),
        new Listers(),
        new UnreadGrpcLists(),
        new Watchers(),
        new Forwarded(),
        new Handshakes(),
        new Slashes(),
        new AuditedKeys(),
        new Announced(),
        new Ciphers(),
        new ReplacedAuthority(),
        new Fill(),
        new FullDisk(),
        new RemovedFolder(),
        new Damages());
  }

  static Attack named(String name) {
    return all().stream()
        .filter(attack -> attack.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no attack is called '"
                        + name
                        + "'; there are "
                        + String.join(", ", all().stream().map(Attack::name).toList())));
  }
}
