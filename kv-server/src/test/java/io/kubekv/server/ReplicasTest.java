package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Locking;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.client.RemoteStore;
import io.kubekv.client.ReplicaStatus;
import io.kubekv.replica.Member;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What clients see of three replicas, whichever they ask. */
class ReplicasTest extends ThreeReplicas {
  @Test
  void change_throughAnyReplica_isReadThroughEveryOtherAtOnce() {
    for (int i = 0; i < 30; i++) {
      Revision revision = put(store(i), Integer.toString(i));

      assertThat(value(store(i + 1), Freshness.LINEARIZABLE)).contains(Integer.toString(i));
      assertThat(
              Await.read(store(i + 2).get(KEY, Freshness.LINEARIZABLE))
                  .entry()
                  .orElseThrow()
                  .modifyRevision())
          .isEqualTo(revision);
    }
    assertThat(replicas.get(1).replicas().forwarded()).isPositive();
    assertThat(replicas.get(0).replicas().forwarded()).isZero();
  }

  @Test
  void change_throughAFollower_isInItsOwnStaleReadsWhenItIsAnswered() {
    for (int i = 0; i < 30; i++) {
      put(store(1), Integer.toString(i));

      assertThat(value(store(1), Freshness.STALE)).contains(Integer.toString(i));
    }
  }

  @Test
  void watchFromNow_atAFollower_beginsAfterWhatWasAcknowledgedElsewhere() throws Exception {
    for (int i = 0; i < 20; i++) {
      Revision before = put(store(0), "before");
      try (Watch watch = store(1).watch(WatchRequest.fromNow(Range.all()))) {
        Revision after = put(store(2), "after");

        assertThat(watch.start().isBefore(before)).isFalse();
        assertThat(firstChange(watch).revision()).isEqualTo(after);
      }
    }
  }

  @Test
  void watch_goesOnAtAnotherReplica() throws Exception {
    Revision first = put(store(0), "1");
    Revision second = put(store(1), "2");
    try (Watch watch = store(2).watch(WatchRequest.from(Range.all(), first))) {
      assertThat(firstChange(watch).revision()).isEqualTo(first);
    }

    try (Watch watch = store(1).watch(WatchRequest.from(Range.all(), first.next()))) {
      assertThat(firstChange(watch).revision()).isEqualTo(second);
    }
  }

  /** Its own list stands where the store is now; what was before, the others remember. */
  @Test
  void watch_fromBeforeItsReplicaWasStarted_missesNothing() throws Exception {
    List<Revision> written = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      written.add(put(store(0), Integer.toString(i)));
    }
    replicas.add(replica("four"));
    written.add(put(store(3), "5"));

    try (Watch watch = store(3).watch(WatchRequest.from(Range.all(), written.getFirst()))) {
      for (Revision expected : written) {
        assertThat(firstChange(watch).revision()).isEqualTo(expected);
      }
    }
    try (Watch watch = store(3).watch(WatchRequest.fromOldest(Range.all()))) {
      assertThat(firstChange(watch).revision()).isEqualTo(written.getFirst());
    }
  }

  @Test
  void gracefulStop_nextReplicaServesAndNothingIsLost() throws Exception {
    Revision before = put(store(1), "before");
    try (Watch watch = store(2).watch(WatchRequest.from(Range.all(), before))) {
      replicas.get(0).close();

      Revision after = put(store(1), "after");

      assertThat(value(store(2), Freshness.LINEARIZABLE)).contains("after");
      assertThat(firstChange(watch).revision()).isEqualTo(before);
      assertThat(firstChange(watch).revision()).isEqualTo(after);
    }
    assertThat(replicas.stream().skip(1).filter(one -> one.replicas().isActive())).hasSize(1);
  }

  @Test
  void members_areTheSameAtAllAndWithoutThoseThatLeft() {
    await().until(() -> membersAt(0).size() == 3);
    await().until(() -> membersAt(1).equals(membersAt(0)) && membersAt(2).equals(membersAt(0)));
    assertThat(membersAt(0).stream().map(Member::name))
        .containsExactlyInAnyOrder("one", "two", "three");
    assertThat(replicas.get(2).replicas().holder().map(Member::name)).contains("one");

    replicas.get(1).close();

    await().until(() -> membersAt(0).size() == 2 && membersAt(2).size() == 2);
  }

  @Test
  void storeAndLimits_areTheSameAtAll() {
    assertThat(store(1).id()).isEqualTo(store(0).id()).isEqualTo(store(2).id());
    assertThat(store(1).status().ready()).isTrue();
  }

  @Test
  void forwardedCall_atAReplicaWithoutTheLease_isRefusedAndNotForwardedAgain() {
    long before = replicas.get(1).replicas().forwarded();
    Metadata mark = new Metadata();
    mark.put(Metadata.Key.of("kubekv-forwarded", Metadata.ASCII_STRING_MARSHALLER), "0");
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(replicas.get(1).address())
            .usePlaintext()
            .intercept(MetadataUtils.newAttachHeadersInterceptor(mark))
            .build();
    try (KeyValueStore client = RemoteStore.over(channel, SOON)) {
      assertThatThrownBy(() -> put(client, "1"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("does not hold the lease");
      assertThatThrownBy(() -> Await.read(client.get(KEY, Freshness.LINEARIZABLE)))
          .isInstanceOf(UnavailableException.class);
      assertThatThrownBy(() -> Await.change(client.sessions().renew(SessionId.random())))
          .isInstanceOf(UnavailableException.class);
    }
    assertThat(replicas.get(1).replicas().forwarded()).isEqualTo(before);
    assertThat(Await.read(store(0).get(KEY, Freshness.LINEARIZABLE)).entry()).isEmpty();
  }

  @Test
  void lock_acquiredThroughOneReplica_isHeldAtAllAndTokensGrow() {
    SessionId first =
        Await.change(store(1).sessions().create(SessionSpec.of(SessionId.random()))).id();
    SessionId second =
        Await.change(store(2).sessions().create(SessionSpec.of(SessionId.random()))).id();
    PutRequest request = PutRequest.of(KEY, Bytes.utf8("x"));
    Revision token =
        stored(Await.change(store(1).put(request.withLocking(new Locking.Acquire(first)))));

    Refused refused =
        (Refused) Await.change(store(2).put(request.withLocking(new Locking.Acquire(second))));
    assertThat(refused.reason()).isEqualTo(Refused.Reason.HELD);

    Await.change(store(0).sessions().destroy(first));
    Revision next =
        stored(Await.change(store(2).put(request.withLocking(new Locking.Acquire(second)))));
    assertThat(next).isGreaterThan(token);
  }

  @Test
  void keyAttachedThroughOneReplica_endsAtAllWithTheSession() {
    SessionId session = Await.change(store(1).sessions().create(SessionSpec.random())).id();
    PutRequest request = PutRequest.of(KEY, Bytes.utf8("x"));
    stored(Await.change(store(2).put(request.withAttachment(new Attachment.To(session)))));

    assertThat(Await.read(store(1).sessions().keys(session, Freshness.LINEARIZABLE)).keys())
        .containsExactly(KEY);
    Await.change(store(0).sessions().destroy(session));

    assertThat(Await.read(store(1).get(KEY, Freshness.LINEARIZABLE)).entry()).isEmpty();
    assertThat(Await.read(store(2).sessions().keys(session, Freshness.LINEARIZABLE)).session())
        .isEmpty();
  }

  @Test
  void awaitChange_ofSessionsAtAFollower_isWokenByTheHolder() throws Exception {
    Revision changed = Await.read(store(1).sessions().list(Freshness.LINEARIZABLE)).changed();
    assertThat(Await.interruptibly(store(1).sessions().awaitChange(changed, Duration.ofMillis(50))))
        .isFalse();

    Await.change(store(0).sessions().create(SessionSpec.of(SessionId.random())));

    assertThat(Await.interruptibly(store(1).sessions().awaitChange(changed, SOON))).isTrue();
  }

  @Test
  void status_saysWhoHoldsTheLeaseAndHowFarEachIs() {
    Revision revision = put(store(1), "1");
    await().until(() -> membersAt(2).size() == 3);
    ReplicaStatus holder = status(0);
    ReplicaStatus follower = status(1);

    assertThat(holder.role()).isEqualTo(ReplicaStatus.Role.HOLDER);
    assertThat(holder.heard()).isEmpty();
    assertThat(follower.role()).isEqualTo(ReplicaStatus.Role.FOLLOWER);
    assertThat(follower.ready()).isTrue();
    assertThat(follower.heard()).isPresent();
    assertThat(follower.revision().isBefore(revision)).isFalse();
    assertThat(follower.announced().isBefore(revision)).isFalse();
    assertThat(follower.storeId()).isEqualTo(holder.storeId());
    assertThat(follower.lease().orElseThrow().holder()).isEqualTo(holder.identity());
    assertThat(follower.lease().orElseThrow().address()).isEqualTo(replicas.get(0).address());
    assertThat(follower.lease().orElseThrow().duration()).isEqualTo(LEASE);
    assertThat(follower.members()).hasSize(3).isEqualTo(holder.members());
    assertThat(follower.forwarded()).isPositive();
  }

  @Test
  void statusVerb_printsItForPeopleAndPrograms() {
    await().until(() -> membersAt(1).size() == 3);

    assertThat(verb(0, "status", "-o", "value")).isEqualTo("holder\n");
    assertThat(verb(1, "status", "-o", "value")).isEqualTo("follower\n");
    assertThat(verb(1, "status"))
        .contains("follower")
        .contains(replicas.get(0).address())
        .contains("http://three:2379");
    assertThat(verb(1, "status", "-o", "json"))
        .contains("\"role\":\"follower\"")
        .contains("\"durationMillis\":3000")
        .contains("\"ready\":true");
  }

  private String verb(int number, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Map<String, String> environment = Map.of("KUBEKV_SERVER", replicas.get(number).address());
    Terminal terminal =
        new Terminal(environment, InputStream.nullInputStream(), stream, stream, "");
    assertThat(ProgramUnderTest.run(terminal, args)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private ReplicaStatus status(int number) {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(replicas.get(number).address()).usePlaintext().build();
    try (RemoteStore client = RemoteStore.over(channel, SOON)) {
      return client.replica();
    }
  }

  private List<Member> membersAt(int number) {
    return replicas.get(number).replicas().members();
  }

  private static Optional<String> value(KeyValueStore store, Freshness freshness) {
    return Await.read(store.get(KEY, freshness)).entry().flatMap(entry -> entry.value().asText());
  }
}
