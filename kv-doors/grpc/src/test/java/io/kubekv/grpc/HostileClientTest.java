package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that want the server to hold or to do much for little, while another is served. */
class HostileClientTest {
  /** More than may be cancelled in ten seconds. */
  private static final int MANY_CALLS = 25_000;

  private final DoorUnderTest door;
  private final ManagedChannel hostile;

  HostileClientTest() throws IOException {
    door = new DoorUnderTest(EngineStore.inMemory(), GrpcSettings.DEFAULT);
    hostile = DoorUnderTest.connect(door.door().port());
  }

  @AfterEach
  void close() {
    hostile.shutdownNow();
    door.close();
  }

  private void requireOthersAreServed() {
    assertThat(
            KeyValueGrpc.newBlockingStub(door.channel())
                .get(Kv.GetRequest.newBuilder().setKey("a").build())
                .hasEntry())
        .isFalse();
  }

  @Test
  void messageThatGrowsWhenItIsUnpacked_isRefusedAtTheLimit() {
    Kv.PutRequest large =
        Kv.PutRequest.newBuilder()
            .setKey("a")
            .setValue(ByteString.copyFrom(new byte[64 << 20]))
            .build();

    // gRPC gives what it finds out while it unpacks no code of its own
    assertThatThrownBy(
            () -> KeyValueGrpc.newBlockingStub(hostile).withCompression("gzip").put(large))
        .isInstanceOf(StatusRuntimeException.class);
    requireOthersAreServed();
  }

  @Test
  void metadataOverTheLimit_isRefused() {
    Metadata large = new Metadata();
    large.put(Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(64 << 10));

    assertThatThrownBy(
            () ->
                KeyValueGrpc.newBlockingStub(hostile)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(large))
                    .get(Kv.GetRequest.newBuilder().setKey("a").build()))
        .isInstanceOf(StatusRuntimeException.class);
    requireOthersAreServed();
  }

  @Test
  void callsThatAreCancelledAtOnce_endTheirConnection() throws Exception {
    KeyValueGrpc.newBlockingStub(hostile).get(Kv.GetRequest.newBuilder().setKey("a").build());
    CountDownLatch ended = new CountDownLatch(1);
    hostile.notifyWhenStateChanged(ConnectivityState.READY, ended::countDown);

    for (int i = 0; i < MANY_CALLS && ended.getCount() > 0; i++) {
      ClientCall<Kv.WatchRequest, Kv.WatchResponse> call =
          hostile.newCall(KeyValueGrpc.getWatchMethod(), CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<>() {}, new Metadata());
      call.sendMessage(Kv.WatchRequest.getDefaultInstance());
      call.halfClose();
      call.cancel("planned by the test", null);
    }

    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    requireOthersAreServed();
  }
}
