package io.kubekv.e2e.attacks;

import io.grpc.ManagedChannel;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.Waiting;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Lists of 20 MB on one gRPC connection, of which nobody takes anything. */
final class UnreadGrpcLists implements Assault {
  private static final int LISTS = 66;

  @Override
  public String name() {
    return "unread-grpc-lists";
  }

  @Override
  public String about() {
    return LISTS + " lists of 20 MB on one gRPC connection that are not read";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    Kv.Range tree = Kv.Range.newBuilder().setTree(Seed.TREE).build();
    Kv.ListRequest request = Kv.ListRequest.newBuilder().setRange(tree).build();
    for (int round = 0; round < target.count(1, 5); round++) {
      ManagedChannel channel = Wire.channel(target, Target.source(round));
      for (int i = 0; i < LISTS; i++) {
        Wire.unread(channel, KeyValueGrpc.getListMethod(), request);
      }
      Waiting.pause(Duration.ofSeconds(5));
      channel.shutdownNow();
    }
    findings.accept(Finding.told("lists", "%d at a time", LISTS));
  }
}
