package io.kubekv.benchmarks.naive;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.api.ApiAddress;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.k8s.form.KeyValueDefinition;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.transport.http.HttpLimits;
import io.kubekv.transport.http.HttpListener;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/**
 * The naive store behind kubekv's own doors, as a program: with {@code --data-dir} on an embedded
 * API server of its own, with {@code --kubeconfig} and {@code --namespace} on that cluster.
 */
final class NaiveServer implements AutoCloseable {
  private final NaiveStore store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final WatchHub hub;
  private final HttpListener etcd;
  private final OpenDoor grpc;

  /** Takes over the store, and listens. */
  NaiveServer(NaiveStore store, InetSocketAddress etcd, InetSocketAddress grpc) throws IOException {
    this.store = store;
    this.hub = WatchHub.open(store, Thread.ofVirtual().factory());
    Dialect door = EtcdV2Door.dialect(store, hub);
    this.grpc =
        new GrpcDoor(
                new ListenAddress(grpc.getAddress().getHostAddress(), grpc.getPort()),
                Companion.none())
            .openUnguarded(GrpcSettings.DEFAULT, store, threads);
    this.etcd =
        HttpListener.start(
            etcd.getAddress().getHostAddress(),
            etcd.getPort(),
            HttpLimits.DEFAULT,
            new NaiveWaits(store, door),
            threads);
  }

  public static void main(String[] words) throws IOException, InterruptedException {
    Arguments arguments = new Arguments(words);
    Optional<String> data = arguments.option("--data-dir");
    Optional<String> kubeconfig = arguments.option("--kubeconfig");
    String namespace = arguments.option("--namespace").orElse("default");
    InetSocketAddress etcd = address(arguments, "--etcd-listen");
    InetSocketAddress grpc = address(arguments, "--grpc-listen");
    arguments.end();
    Path access = kubeconfig.isPresent() ? Path.of(kubeconfig.get()) : embedded(data.orElseThrow());
    NaiveServer server = new NaiveServer(open(access, namespace), etcd, grpc);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
    new CountDownLatch(1).await();
  }

  private static Path embedded(String folder) throws IOException {
    return EmbeddedApiServer.start(EmbeddedApiServerConfig.durable(Path.of(folder))).kubeconfig();
  }

  /** The store of a namespace; its resource type is made when it is not there. */
  static NaiveStore open(Path kubeconfig, String namespace) throws IOException {
    ObjectApi api = new ObjectApi(ApiAddress.of(kubeconfig), namespace);
    api.install(definition());
    return new NaiveStore(api, namespace);
  }

  private static JsonNode definition() {
    Load yaml = new Load(LoadSettings.builder().build());
    return ObjectApi.JSON.valueToTree(yaml.loadFromString(KeyValueDefinition.yaml()));
  }

  private static InetSocketAddress address(Arguments arguments, String name) {
    String text =
        arguments.option(name).orElseThrow(() -> new IllegalArgumentException(name + " is needed"));
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public void close() {
    etcd.close();
    grpc.close();
    hub.close();
    store.close();
    threads.shutdownNow();
  }
}
