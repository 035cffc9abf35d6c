package io.kubekv.grpc;

import io.kubekv.KeyValueStore;
import io.kubekv.client.KubekvClient;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.grpc.GrpcSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The door over a store in memory and real time, and clients whose connections go through a proxy
 * that can break them.
 */
final class ClientRig implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KeyValueStore store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CallScript script = new CallScript();
  private final LostCalls losses = new LostCalls();
  private final OpenDoor door;
  private final FaultProxy proxy;
  private final List<KubekvClient> clients = new ArrayList<>();

  ClientRig() throws IOException {
    this(EngineStore.inMemory());
  }

  ClientRig(KeyValueStore store) throws IOException {
    this.store = store;
    door =
        new GrpcDoor(new ListenAddress("127.0.0.1", 0), Companion.none(script, losses))
            .openUnguarded(GrpcSettings.DEFAULT, store, threads);
    proxy = new FaultProxy(door.port());
    losses.breakWith(proxy::cut);
  }

  /** Behind the door. */
  KeyValueStore store() {
    return store;
  }

  CallScript script() {
    return script;
  }

  LostCalls losses() {
    return losses;
  }

  FaultProxy proxy() {
    return proxy;
  }

  String target() {
    return "127.0.0.1:" + proxy.port();
  }

  KubekvClient client() {
    KubekvClient client = KubekvClient.to(target()).deadline(PATIENCE).connect();
    clients.add(client);
    return client;
  }

  /** A client with a connection of its own that nobody breaks. */
  KubekvClient undisturbedClient() {
    KubekvClient client = KubekvClient.to("127.0.0.1:" + door.port()).deadline(PATIENCE).connect();
    clients.add(client);
    return client;
  }

  @Override
  public void close() {
    clients.forEach(KubekvClient::close);
    door.close();
    proxy.close();
    store.close();
    threads.close();
  }
}
