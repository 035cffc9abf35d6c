package io.kubekv.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The file that lets kubectl and other clients in: mode 0600, new token at every start. The token
 * is in the address too, for kubectl, which sends bearer tokens over TLS only.
 */
final class Kubeconfig {
  private static final int TOKEN_BYTES = 32;

  private Kubeconfig() {}

  static String newToken() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Writes the file in one step, so that nobody ever reads half of it or with a wider mode. */
  static void write(Path file, URI server, String token) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("no directory for " + file);
    }
    Path fresh =
        Files.createTempFile(
            directory,
            "kubeconfig",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text(server, token), StandardCharsets.UTF_8);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String text(URI server, String token) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: kubekv
          cluster:
            server: %s%s
        users:
        - name: kubekv
          user:
            token: %s
        contexts:
        - name: kubekv
          context:
            cluster: kubekv
            user: kubekv
            namespace: default
        current-context: kubekv
        """
        .formatted(server, Credentials.pathPrefix(token), token);
  }
}
