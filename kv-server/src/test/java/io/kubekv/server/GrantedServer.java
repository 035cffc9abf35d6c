package io.kubekv.server;

import io.kubekv.transport.door.ListenAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A whole server with data of its own, on free ports, with grants and tokens from files. */
final class GrantedServer {
  private GrantedServer() {}

  /**
   * Starts one, whose audit log is {@code audit.log}.
   *
   * @param folder for its files and its data
   * @param rbac ClusterRoles and their bindings
   * @param tokens a line of TOKEN,USER,UID for each user
   * @param keyDoors where etcd's and Consul's APIs listen; absent: nowhere
   */
  static KvServer start(
      Path folder, String rbac, String tokens, Optional<ListenAddress> keyDoors, DoorsConfig doors)
      throws IOException {
    AccessConfig access =
        new AccessConfig(
            AccessConfig.Mode.RBAC,
            Optional.of(Files.writeString(folder.resolve("rbac.yaml"), rbac)),
            Duration.ofSeconds(10),
            false,
            List.of(),
            Optional.of(Files.writeString(folder.resolve("tokens.csv"), tokens)),
            AccessConfig.CertificateField.subject,
            false,
            Optional.of(folder.resolve("audit.log")));
    return KvServer.start(
        ConfigUnderTest.embedded(folder.resolve("data"))
            .etcd(keyDoors)
            .consul(keyDoors)
            .access(Optional.of(access))
            .doors(doors)
            .config());
  }
}
