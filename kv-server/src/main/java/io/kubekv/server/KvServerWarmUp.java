package io.kubekv.server;

import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.transport.http.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/** An API server that is reached as one of a cluster is: by kubeconfig, over sockets, with TLS. */
final class KvServerWarmUp implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  private final EmbeddedApiServer api;
  private final EventLoop loop = new EventLoop();
  private final Path kubeconfig;

  /**
   * @param folder takes a certificate and a kubeconfig
   */
  KvServerWarmUp(Path folder) throws IOException, InterruptedException {
    Path certificate = folder.resolve("certificate.p12");
    makeCertificate(certificate);
    api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    int port = front(loop.vertx(), certificate, api.uri().getPort());
    kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        Files.readString(api.kubeconfig())
            .replace(
                "server: " + api.uri(),
                "insecure-skip-tls-verify: true\n    server: https://" + LOOPBACK + ":" + port));
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  /** By the JDK's own tool: a library would be here for nothing else. */
  private static void makeCertificate(Path file) throws IOException, InterruptedException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process made =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "warm-up",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + LOOPBACK,
                "-storetype",
                "PKCS12",
                "-storepass",
                LOOPBACK,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (made.waitFor() != 0) {
      throw new IOException("keytool made no certificate: " + said.strip());
    }
  }

  /** Takes TLS off and passes everything on. Yields the port. */
  private static int front(Vertx vertx, Path certificate, int behind) {
    NetServerOptions tls =
        new NetServerOptions()
            .setHost(LOOPBACK)
            .setSsl(true)
            .setKeyCertOptions(
                new PfxOptions().setPath(certificate.toString()).setPassword(LOOPBACK));
    NetClient plain = vertx.createNetClient();
    Future<NetServer> listening =
        vertx.createNetServer(tls).connectHandler(client -> join(client, plain, behind)).listen();
    try {
      return listening.toCompletionStage().toCompletableFuture().join().actualPort();
    } catch (CompletionException failed) {
      throw new IllegalStateException("cannot listen with TLS", failed.getCause());
    }
  }

  private static void join(NetSocket client, NetClient plain, int behind) {
    client.pause();
    plain
        .connect(behind, LOOPBACK)
        .onSuccess(
            server -> {
              client.pipeTo(server);
              server.pipeTo(client);
              client.resume();
            })
        .onFailure(failed -> client.close());
  }

  @Override
  public void close() throws IOException {
    loop.close();
    api.close();
  }
}
