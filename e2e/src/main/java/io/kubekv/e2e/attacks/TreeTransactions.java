package io.kubekv.e2e.attacks;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Transactions of 64 lists of a tree of 20 MB, by Consul's API and by gRPC. */
final class TreeTransactions implements Assault {
  private static final int OPERATIONS = 64;

  @Override
  public String name() {
    return "tree-transactions";
  }

  @Override
  public String about() {
    return "transactions that list 20 MB 64 times";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    Map<String, Integer> outcomes = new TreeMap<>();
    Workers.all(
        3,
        target.count(6, 40),
        number -> {
          String outcome = number % 2 == 0 ? consul(target, number) : grpc(target, number);
          synchronized (outcomes) {
            outcomes.merge(outcome, 1, Integer::sum);
          }
        });
    findings.accept(Finding.told("outcomes", "%s", outcomes));
  }

  private static String consul(Target target, int number) {
    String operation = "{\"KV\":{\"Verb\":\"get-tree\",\"Key\":\"" + Seed.TREE + "\"}}";
    String body = "[" + String.join(",", Collections.nCopies(OPERATIONS, operation)) + "]";
    byte[] request = HttpConnection.request("PUT", "/v1/txn", target.consul(), Map.of(), body);
    try {
      return "Consul "
          + Wire.ask(target, target.consul(), Target.source(number), request, target.patience())
              .status();
    } catch (IOException cutOff) {
      return "Consul no answer";
    }
  }

  private static String grpc(Target target, int number) throws IOException {
    Kv.Range tree = Kv.Range.newBuilder().setTree(Seed.TREE).build();
    Kv.TransactRequest.Operation list =
        Kv.TransactRequest.Operation.newBuilder()
            .setList(Kv.TransactRequest.ListRange.newBuilder().setRange(tree))
            .build();
    Kv.TransactRequest request =
        Kv.TransactRequest.newBuilder()
            .addAllOperations(Collections.nCopies(OPERATIONS, list))
            .build();
    ManagedChannel channel = Wire.channel(target, Target.source(number));
    try {
      Iterator<Kv.TransactResponse> parts =
          KeyValueGrpc.newBlockingStub(channel)
              .withDeadlineAfter(target.patience().toSeconds(), TimeUnit.SECONDS)
              .transact(request);
      while (parts.hasNext()) {
        parts.next();
      }
      return "gRPC " + Status.Code.OK;
    } catch (StatusRuntimeException refused) {
      return "gRPC " + refused.getStatus().getCode();
    } finally {
      channel.shutdownNow();
    }
  }
}
