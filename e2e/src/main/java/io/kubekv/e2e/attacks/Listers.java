package io.kubekv.e2e.attacks;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Clients from an address each that list a tree of 20 MB at once, a third by each door. */
final class Listers implements Assault {

  @Override
  public String name() {
    return "listers";
  }

  @Override
  public String about() {
    return "20 to 60 clients that list 20 MB at once";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    Map<String, Integer> outcomes = new TreeMap<>();
    int[] crowds = target.quick() ? new int[] {30} : new int[] {20, 40, 60};
    for (int clients : crowds) {
      Workers.forTime(
          clients,
          target.patience(),
          number -> {
            String outcome =
                switch (number % 3) {
                  case 0 -> http(target, target.etcd(), number, "/v2/keys/large?recursive=true");
                  case 1 -> http(target, target.consul(), number, "/v1/kv/large?recurse");
                  default -> grpc(target, number);
                };
            synchronized (outcomes) {
              outcomes.merge(outcome, 1, Integer::sum);
            }
          });
    }
    synchronized (outcomes) {
      findings.accept(Finding.told("outcomes", "%s", outcomes));
    }
  }

  private static String http(Target target, InetSocketAddress door, int number, String path) {
    String name = door.equals(target.etcd()) ? "etcd " : "Consul ";
    InetSocketAddress source = new InetSocketAddress(Target.source(100 + number), 0);
    try (HttpConnection connection = HttpConnection.open(door, source)) {
      connection.readTimeout(target.patience());
      byte[] request = HttpConnection.request("GET", path, door, Map.of("Connection", "close"), "");
      connection.send(request);
      int status = connection.readHead().status();
      connection.discardBody();
      return name + status;
    } catch (IOException cutOff) {
      return name + "no answer";
    }
  }

  private static String grpc(Target target, int number) throws IOException {
    ManagedChannel channel = Wire.channel(target, Target.source(100 + number));
    try {
      Kv.Range tree = Kv.Range.newBuilder().setTree(Seed.TREE).build();
      Iterator<Kv.ListResponse> parts =
          KeyValueGrpc.newBlockingStub(channel)
              .withDeadlineAfter(target.patience().toSeconds(), TimeUnit.SECONDS)
              .list(Kv.ListRequest.newBuilder().setRange(tree).build());
      while (parts.hasNext()) {
        parts.next();
      }
      return "gRPC OK";
    } catch (StatusRuntimeException refused) {
      return "gRPC " + refused.getStatus().getCode();
    } finally {
      channel.shutdownNow();
    }
  }
}
