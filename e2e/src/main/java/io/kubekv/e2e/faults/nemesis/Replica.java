package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.Repository;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.api.ApiProxy;
import io.kubekv.e2e.faults.agent.Agent;
import io.kubekv.e2e.faults.load.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One {@code kubekv serve}, with a proxy on each way that leads to it and from it. */
final class Replica implements AutoCloseable {
  private final Program program;
  private final ApiProxy api;
  private final TcpProxy etcd;
  private final TcpProxy consul;
  private final TcpProxy grpc;
  private final TcpProxy zookeeper;
  private final ClockFile clock;

  /**
   * @param namespace the store
   * @param requestTimeout how long a request may wait for the store
   * @param mistakes whether it can be told to make one
   */
  Replica(
      String name,
      String namespace,
      ApiServer server,
      Path folder,
      boolean mistakes,
      Duration requestTimeout)
      throws IOException {
    api = ApiProxy.start(server::upstream);
    InetSocketAddress etcdPort = FreePorts.next();
    InetSocketAddress consulPort = FreePorts.next();
    InetSocketAddress grpcPort = FreePorts.next();
    InetSocketAddress zookeeperPort = FreePorts.next();
    InetSocketAddress operations = FreePorts.next();
    etcd = new TcpProxy(etcdPort);
    consul = new TcpProxy(consulPort);
    grpc = new TcpProxy(grpcPort);
    zookeeper = new TcpProxy(zookeeperPort);
    clock = new ClockFile(folder.resolve(name + ".clock"));
    Path kubeconfig = api.writeKubeconfig(folder.resolve(name + ".kubeconfig"));
    List<String> command = new ArrayList<>();
    command.add(Repository.root().resolve("kubekv").toString());
    command.addAll(List.of("serve", "--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of("--namespace", namespace));
    command.addAll(List.of("--lease-duration", Cluster.LEASE.toSeconds() + "s"));
    command.addAll(List.of("--request-timeout", requestTimeout.toSeconds() + "s"));
    command.addAll(List.of("--etcd-listen", StoreProcess.hostAndPort(etcdPort)));
    command.addAll(List.of("--consul-listen", StoreProcess.hostAndPort(consulPort)));
    command.addAll(List.of("--grpc-listen", StoreProcess.hostAndPort(grpcPort)));
    command.addAll(List.of("--zookeeper-listen", StoreProcess.hostAndPort(zookeeperPort)));
    command.addAll(List.of("--zookeeper-tick", "1s")); // sessions of two seconds
    command.addAll(List.of("--advertise-replica", StoreProcess.hostAndPort(grpc.address())));
    command.addAll(List.of("--ops-listen", StoreProcess.hostAndPort(operations)));
    String options =
        "-Xmx256m -XX:TieredStopAtLevel=1 " + Agents.option(folder, clock.path(), mistakes);
    Map<String, String> environment = Map.of("HOSTNAME", name, "KUBEKV_JAVA_OPTS", options);
    program = new Program(name, command, environment, folder.resolve(name + ".log"), operations);
    program.start();
  }

  String name() {
    return program.name();
  }

  Program program() {
    return program;
  }

  /** The way to the API server. */
  ApiProxy api() {
    return api;
  }

  /** The ways of clients to it. */
  List<TcpProxy> doors() {
    return List.of(etcd, consul, grpc, zookeeper);
  }

  /** The way of clients and of other replicas to its gRPC door. */
  TcpProxy grpc() {
    return grpc;
  }

  /** A clock that nothing moves would look like one that a replica bears. */
  void requireMovableClocks() throws IOException {
    if (!program.hasSaid(Agent.CHANGED + Agent.CLOCKS)) {
      throw new IOException(name() + " has not loaded " + Agent.CLOCKS + ": its clocks stay right");
    }
  }

  /** What its clocks are off by. */
  ClockFile clock() {
    return clock;
  }

  Endpoint endpoint() {
    return new Endpoint(
        name(), etcd.address(), consul.address(), grpc.address(), zookeeper.address());
  }

  /** Undoes what is done to its ways; not to its process. */
  void heal() {
    api.heal();
    doors().forEach(TcpProxy::heal);
  }

  @Override
  public void close() {
    program.close();
    api.close();
    for (TcpProxy door : doors()) {
      try {
        door.close();
      } catch (IOException closed) {
        // it is gone either way
      }
    }
  }
}
