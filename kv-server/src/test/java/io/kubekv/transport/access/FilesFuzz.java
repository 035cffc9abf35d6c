package io.kubekv.transport.access;

import io.kubekv.server.fuzz.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Files of grants and of tokens, and what a client says of itself. */
public final class FilesFuzz {
  private FilesFuzz() {}

  public static List<byte[]> seeds() {
    return Seeds.of(
        "kind: ClusterRole\nmetadata: {name: all}\nrules:\n"
            + "- {nonResourceURLs: [\"/kv/default/*\"], verbs: [get, put]}\n---\n"
            + "kind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {kind: ClusterRole, name: all}\n"
            + "subjects: [{kind: Group, name: hosts}]\n",
        "token,user,uid,\"group1,group2\"\n# a comment\none,two,3\n",
        "Basic YW55Om9uZQ==",
        "Bearer abc");
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Credentials.token(new String(input, StandardCharsets.ISO_8859_1));
    opening(input, RbacFile::open);
    opening(input, TokenFile::open);
  }

  private static void opening(byte[] content, Consumer<Path> open) {
    try {
      Path file = Files.createTempFile("kubekv-fuzz", ".yaml");
      try {
        Files.write(file, content);
        open.accept(file);
      } catch (IllegalArgumentException expected) {
        // it says what is wrong
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
