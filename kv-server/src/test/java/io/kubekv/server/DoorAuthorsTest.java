package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.kubekv.Author;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.client.RemoteStore;
import io.kubekv.consul.ConsulDoor;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.etcdv3.EtcdV3Door;
import io.kubekv.etcdv3.wire.KVGrpc;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.User;
import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.grpc.Companion;
import io.kubekv.transport.http.RawHttp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A change says by which door it came and from whom, and nobody says it came from another. */
class DoorAuthorsTest {
  private static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);
  private static final Author CLAIMED = new Author("page", "bob");
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> PROOF =
      Metadata.Key.of("proof", Metadata.ASCII_STRING_MARSHALLER);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyValueStore store = EngineStore.inMemory();
  private final Gate gate =
      new Gate(
          "test",
          Limits.DEFAULT,
          new Identities(
              CertificateUsers.bySubject(),
              token -> Optional.of(new User(token, List.of())),
              false),
          (user, verb, path) -> !path.contains("replica") || user.name().equals("replica"),
          Duration.ofSeconds(10),
          Audit.NONE,
          threads);
  private final DoorsUnderTest open = new DoorsUnderTest(store, Optional.empty());
  private final DoorsUnderTest guarded = new DoorsUnderTest(store, Optional.of(gate));

  @AfterEach
  void close() {
    open.close();
    guarded.close();
    gate.close();
    store.close();
    threads.close();
  }

  private static Door etcd() {
    EtcdV2Door second = new EtcdV2Door(FREE, List.of(), DoorsUnderTest::member);
    return new EtcdV3Door(FREE, new OneMember(), second::api);
  }

  private static void http(InetSocketAddress door, String user, String request, String body)
      throws IOException {
    try (RawHttp client = new RawHttp(door)) {
      client.send(
          "%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\nContent-Type: %s\r\n\r\n%s"
              .formatted(
                  request,
                  user,
                  body.length(),
                  body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded",
                  body));
      assertThat(client.answer().status()).isBetween(200, 201);
    }
  }

  private static ManagedChannel channel(InetSocketAddress door, String user, boolean proof) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + user);
    if (proof) {
      headers.put(PROOF, "shown");
    }
    return NettyChannelBuilder.forAddress(door)
        .usePlaintext()
        .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
        .build();
  }

  private static void call(InetSocketAddress door, String user, boolean proof, Author claimed) {
    try (KeyValueStore remote =
        RemoteStore.over(channel(door, user, proof), Duration.ofSeconds(30))) {
      var unused =
          Await.change(remote.put(PutRequest.of(Key.of("k"), Bytes.utf8("1")).withAuthor(claimed)));
    }
  }

  private static void putByEtcdV3(InetSocketAddress door, String user) {
    ManagedChannel channel = channel(door, user, false);
    try {
      var unused =
          KVGrpc.newBlockingStub(channel)
              .put(
                  io.kubekv.etcdv3.wire.PutRequest.newBuilder()
                      .setKey(ByteString.copyFromUtf8("k"))
                      .build());
    } finally {
      channel.shutdownNow();
    }
  }

  private static GrpcDoor grpc() {
    return new GrpcDoor(
        FREE,
        new Companion(
            List.of(),
            List.of(),
            Set.of(),
            Optional.empty(),
            headers -> headers.containsKey(PROOF)));
  }

  private static void put(DoorsUnderTest rig, String api, String user) throws IOException {
    switch (api) {
      case "etcd-v2" -> http(rig.doors().open(etcd()).socket(), user, "PUT /v2/keys/k", "value=1");
      case "etcd-v3" -> putByEtcdV3(rig.doors().open(etcd()).socket(), user);
      case "etcd-v3 as JSON" ->
          http(
              rig.doors().open(etcd()).socket(),
              user,
              "POST /v3/kv/put",
              "{\"key\":\"aw==\",\"value\":\"MQ==\"}");
      case "consul" ->
          http(rig.doors().open(new ConsulDoor(FREE, "node")).socket(), user, "PUT /v1/kv/k", "1");
      case "grpc" -> call(rig.doors().open(grpc()).socket(), user, false, Author.NONE);
      default -> throw new AssertionError(api);
    }
  }

  private Author author() throws Exception {
    try (Watch watch = store.watch(WatchRequest.fromOldest(Range.all()))) {
      WatchEvent event = watch.next(Duration.ofSeconds(30)).orElseThrow();
      assertThat(event).isInstanceOf(WatchEvent.Put.class);
      return ((WatchEvent.Put) event).author();
    }
  }

  /** What is called, and what it is named. */
  static Stream<Arguments> apis() {
    return Stream.of(
        Arguments.of("etcd-v2", "etcd-v2"),
        Arguments.of("etcd-v3", "etcd-v3"),
        Arguments.of("etcd-v3 as JSON", "etcd-v3"),
        Arguments.of("consul", "consul"),
        Arguments.of("grpc", "grpc"));
  }

  @ParameterizedTest
  @MethodSource("apis")
  void whereUsersHaveNoNames_theDoorIsNamed(String asked, String named) throws Exception {
    put(open, asked, "alice");

    assertThat(author()).isEqualTo(new Author(named, ""));
  }

  @ParameterizedTest
  @MethodSource("apis")
  void whereUsersHaveNames_theyAreNamedToo(String asked, String named) throws Exception {
    put(guarded, asked, "alice");

    assertThat(author()).isEqualTo(new Author(named, "alice"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoSaysThatItPassesACallOn_isBelievedWithTheProofOfAReplica(boolean proof) throws Exception {
    call(open.doors().open(grpc()).socket(), "alice", proof, CLAIMED);

    assertThat(author()).isEqualTo(proof ? CLAIMED : new Author("grpc", ""));
  }

  /** What proves it where users have no names proves nothing here. */
  @ParameterizedTest
  @ValueSource(strings = {"replica", "alice"})
  void whoSaysThatItPassesACallOn_isBelievedWithTheGrantOfAReplica(String user) throws Exception {
    call(guarded.doors().open(grpc()).socket(), user, true, CLAIMED);

    assertThat(author()).isEqualTo(user.equals("replica") ? CLAIMED : new Author("grpc", "alice"));
  }
}
