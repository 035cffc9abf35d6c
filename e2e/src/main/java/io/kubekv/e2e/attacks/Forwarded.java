package io.kubekv.e2e.attacks;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.replica.v1.ReplicaProto;
import io.kubekv.replica.v1.ReplicasGrpc;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A stranger that says it is a replica: whose calls would be on no budget, and a member to others.
 */
final class Forwarded implements Assault {
  private static final Duration TIME = Duration.ofSeconds(4);
  private static final long BYTES_PER_SECOND = 4 << 20;

  /** What may be taken at once after a quiet time is not less than a second's. */
  private static final double MOST = 3.0 * BYTES_PER_SECOND * TIME.toSeconds();

  private static final String URL = "http://attacker.example:2379";

  @Override
  public String name() {
    return "forwarded";
  }

  @Override
  public String about() {
    return "a stranger that calls itself a replica";
  }

  @Override
  public Kind kind() {
    return Kind.OPEN;
  }

  @Override
  public void attack(Target target, Consumer<Finding> findings) throws IOException {
    follow(target, findings);
    AtomicLong bytes = new AtomicLong();
    long end = System.nanoTime() + TIME.toNanos();
    ManagedChannel channel = Wire.channel(target, Target.source(0));
    Workers.forTime(8, TIME.multipliedBy(3), number -> take(channel, number, end, bytes));
    channel.shutdownNow();
    findings.accept(
        Finding.atMost(
            "MB that it was answered beyond its budget", bytes.get() / 1e6, MOST / 1e6, "MB"));
  }

  private static void take(ManagedChannel channel, int number, long end, AtomicLong bytes) {
    KeyValueGrpc.KeyValueBlockingStub calls =
        KeyValueGrpc.newBlockingStub(channel)
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(Wire.metadata("kubekv-forwarded", "0")));
    Kv.GetRequest request = Kv.GetRequest.newBuilder().setKey(Seed.TREE + "/k" + number).build();
    while (System.nanoTime() < end) {
      try {
        bytes.addAndGet(
            calls.withDeadlineAfter(10, TimeUnit.SECONDS).get(request).getSerializedSize());
      } catch (StatusRuntimeException refused) {
        // it may be refused altogether
      }
    }
  }

  /** Says where "its" clients are, and looks whether others are told. */
  private static void follow(Target target, Consumer<Finding> findings) throws IOException {
    ManagedChannel channel = Wire.channel(target, Target.source(1));
    ReplicaProto.Member member =
        ReplicaProto.Member.newBuilder()
            .setIdentity("attacker")
            .setName("attacker")
            .addClientUrls(URL)
            .setAddress("127.9.0.1:1")
            .build();
    ReplicaProto.FollowRequest request =
        ReplicaProto.FollowRequest.newBuilder().setMember(member).build();
    String outcome = "followed";
    try {
      Iterator<ReplicaProto.Announcement> stream =
          ReplicasGrpc.newBlockingStub(channel)
              .withDeadlineAfter(5, TimeUnit.SECONDS)
              .follow(request);
      stream.next();
    } catch (StatusRuntimeException refused) {
      outcome = refused.getStatus().getCode().toString();
    }
    findings.accept(Finding.told("what it is told as a replica", "%s", outcome));
    for (String path : new String[] {"/v2/machines", "/v2/members"}) {
      byte[] ask = HttpConnection.request("GET", path, target.etcd(), Map.of(), "");
      HttpAnswer answer =
          Wire.ask(target, target.etcd(), Target.source(2), ask, Duration.ofSeconds(10));
      boolean clean = answer.status() == 200 && !answer.body().contains("attacker.example");
      findings.accept(Finding.of(path + " names no stranger", clean, answer.body().strip()));
    }
    channel.shutdownNow();
  }
}
