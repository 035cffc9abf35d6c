package io.kubekv.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who reads a message: its connection's event loop, or a thread. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CallThreadsTest {
  private static final int SHORT = CallThreads.SHORT_BYTES;

  /** A message as it was read. */
  private record Message(byte[] bytes, boolean onThread) {}

  private final ConcurrentLinkedQueue<Boolean> served = new ConcurrentLinkedQueue<>();
  private final EngineStore store = EngineStore.inMemory();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Budgets budgets = new Budgets(ClientLimits.DEFAULT, 100);
  private final GrpcListener listener;
  private final ManagedChannel channel;

  CallThreadsTest() throws IOException {
    listener =
        GrpcListener.start(
            new InetSocketAddress("127.0.0.1", 0),
            GrpcSettings.DEFAULT,
            new GrpcServices(
                "test",
                access -> List.of(service()),
                Set.of("test.Lengths/One", "test.Lengths/Many"),
                Set.of(),
                why -> Status.INTERNAL.asRuntimeException(),
                Set.of(),
                GrpcServices::authorization),
            store,
            threads,
            Companion.none(),
            Optional.empty(),
            budgets);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", listener.port()).usePlaintext().build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    listener.close();
    budgets.close();
    store.close();
    threads.close();
  }

  private static MethodDescriptor<Message, Message> method(String name, MethodType type) {
    return MethodDescriptor.<Message, Message>newBuilder()
        .setType(type)
        .setFullMethodName("test.Lengths/" + name)
        .setRequestMarshaller(new Read())
        .setResponseMarshaller(new Read())
        .build();
  }

  private static final MethodDescriptor<Message, Message> ONE = method("One", MethodType.UNARY);
  private static final MethodDescriptor<Message, Message> MANY =
      method("Many", MethodType.BIDI_STREAMING);
  private static final MethodDescriptor<Message, Message> SLOW = method("Slow", MethodType.UNARY);

  /** Answers each message with whether a thread read it, and its first byte. */
  private ServerServiceDefinition service() {
    ServerCalls.UnaryMethod<Message, Message> once =
        (message, client) -> {
          served.add(Thread.currentThread().isVirtual());
          client.onNext(told(message));
          client.onCompleted();
        };
    return ServerServiceDefinition.builder("test.Lengths")
        .addMethod(ONE, ServerCalls.asyncUnaryCall(once))
        .addMethod(SLOW, ServerCalls.asyncUnaryCall(once))
        .addMethod(MANY, ServerCalls.asyncBidiStreamingCall(CallThreadsTest::many))
        .build();
  }

  private static StreamObserver<Message> many(StreamObserver<Message> client) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Message message) {
        client.onNext(told(message));
      }

      @Override
      public void onError(Throwable gone) {}

      @Override
      public void onCompleted() {
        client.onCompleted();
      }
    };
  }

  private static Message told(Message message) {
    return new Message(
        new byte[] {(byte) (message.onThread() ? 1 : 0), message.bytes()[0]}, message.onThread());
  }

  private static Message of(int bytes) {
    return new Message(new byte[bytes], false);
  }

  private boolean isReadByThread(MethodDescriptor<Message, Message> method, int bytes) {
    return isReadByThread(method, bytes, CallOptions.DEFAULT);
  }

  private boolean isReadByThread(
      MethodDescriptor<Message, Message> method, int bytes, CallOptions options) {
    return ClientCalls.blockingUnaryCall(channel, method, options, of(bytes)).bytes()[0] == 1;
  }

  @Test
  void shortMessage_isReadAndServedByTheLoop() {
    assertThat(isReadByThread(ONE, 1)).isFalse();
    assertThat(isReadByThread(ONE, SHORT)).isFalse();
    assertThat(served).containsExactly(false, false);
  }

  @Test
  void longMessage_isReadAndServedByAThread() {
    assertThat(isReadByThread(ONE, SHORT + 1)).isTrue();
    assertThat(isReadByThread(ONE, 2 << 20)).isTrue();
    assertThat(served).containsExactly(true, true);
  }

  @Test
  void compressedMessage_isReadByAThread_asNobodyKnowsHowLongItIs() {
    assertThat(isReadByThread(ONE, 1, CallOptions.DEFAULT.withCompression("gzip"))).isTrue();
  }

  @Test
  void methodThatTheLoopDoesNotServe_isReadByAThread() {
    assertThat(isReadByThread(SLOW, 1)).isTrue();
  }

  /** Each message carries its number. */
  @Test
  void longMessage_amongShortOnes_keepsItsPlace() throws Exception {
    LinkedBlockingQueue<Message> answers = new LinkedBlockingQueue<>();
    StreamObserver<Message> requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(MANY, CallOptions.DEFAULT),
            new StreamObserver<>() {
              @Override
              public void onNext(Message answer) {
                answers.add(answer);
              }

              @Override
              public void onError(Throwable failure) {}

              @Override
              public void onCompleted() {}
            });

    for (int i = 0; i < 100; i++) {
      byte[] bytes = new byte[i % 10 == 3 ? SHORT + 1 : 16];
      bytes[0] = (byte) i;
      requests.onNext(new Message(bytes, false));
    }

    for (int number : IntStream.range(0, 100).toArray()) {
      Message answer = answers.poll(30, TimeUnit.SECONDS);
      assertThat(answer).isNotNull();
      assertThat((int) answer.bytes()[1]).isEqualTo(number);
      assertThat(number < 3 || answer.bytes()[0] == 1).as("message %s", number).isTrue();
    }
    requests.onCompleted();
  }

  /** Notes who reads. */
  private static final class Read implements MethodDescriptor.Marshaller<Message> {
    @Override
    public InputStream stream(Message message) {
      return new ByteArrayInputStream(message.bytes());
    }

    @Override
    public Message parse(InputStream stream) {
      try {
        return new Message(stream.readAllBytes(), Thread.currentThread().isVirtual());
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }
}
