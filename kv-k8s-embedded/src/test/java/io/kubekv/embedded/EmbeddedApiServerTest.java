package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a whole: its directory, its restarts, who gets in. */
class EmbeddedApiServerTest {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

  @TempDir Path directory;

  private ApiUnderTest start() throws IOException {
    return ApiUnderTest.of(
        EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(directory.resolve("data"))));
  }

  private static String lease(String name) {
    return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"holderIdentity\":\"x\"}}";
  }

  @Test
  void start_again_hasEverythingAndServesWatchesFromBefore() throws Exception {
    String first;
    String last;
    try (ApiUnderTest api = start()) {
      first = api.post(LEASES, lease("a")).resourceVersion();
      api.post(LEASES, lease("b"));
      last = api.post(LEASES, lease("c")).resourceVersion();
    }
    try (ApiUnderTest api = start()) {
      assertThat(api.get(LEASES).body().path("items")).hasSize(3);
      assertThat(api.get(LEASES).resourceVersion()).isEqualTo(last);
      assertThat(
              api.get(LEASES + "?resourceVersionMatch=Exact&resourceVersion=" + first)
                  .body()
                  .path("items"))
          .hasSize(1);
      try (WatchReader watch = api.watch(LEASES + "?watch=true&resourceVersion=" + first)) {
        assertThat(watch.next(2)).containsExactly("ADDED b", "ADDED c");
      }
    }
  }

  @Test
  void start_directoryInUse_isRefusedByName() throws Exception {
    try (ApiUnderTest api = start()) {
      assertThat(api.get(LEASES).code()).isEqualTo(200);
      assertThatThrownBy(this::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(directory.resolve("data").toString())
          .hasMessageContaining("in use");
    }
    start().close();
  }

  @Test
  void start_portTaken_isRefusedAndUnlocksTheDirectory() throws Exception {
    try (EmbeddedApiServer other = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory())) {
      EmbeddedApiServerConfig config =
          EmbeddedApiServerConfig.durable(directory.resolve("data")).withPort(other.port());

      assertThatThrownBy(() -> EmbeddedApiServer.start(config))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Integer.toString(other.port()));
    }
    start().close();
  }

  @Test
  void kubeconfig_isForItsOwnerOnly() throws Exception {
    try (EmbeddedApiServer server =
        EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(directory.resolve("data")))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.kubeconfig())))
          .isEqualTo("rw-------");
      assertThat(Files.readString(server.kubeconfig()))
          .contains(server.token())
          .contains(server.uri().toString());
    }
  }

  @Test
  void request_withAWrongToken_isRefused() throws Exception {
    try (ApiUnderTest api = start()) {
      List<Integer> codes = new ArrayList<>();
      for (String path : List.of("/version", "/token/wrong/version", "/token/", "/token")) {
        codes.add(api.anonymous(path).code());
      }

      assertThat(codes).containsOnly(401);
      assertThat(api.anonymous("/token/" + api.token() + "/version").code()).isEqualTo(200);
    }
  }
}
