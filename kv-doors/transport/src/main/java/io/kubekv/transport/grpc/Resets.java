package io.kubekv.transport.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Streams that can be reset. A status stands behind what was sent before, and so never reaches a
 * client that does not read, nor frees anything; gRPC resets a stream, and drops what waits, only
 * when a message cannot be written. So there is a message that never can.
 */
public final class Resets {
  private static final Object RESET = new Object();

  /** They tell of each stream that is reset, and of each message that it drops, with its stack. */
  private static final List<Logger> TALKATIVE =
      List.of(
          Logger.getLogger("io.grpc.internal.ServerCallImpl"),
          Logger.getLogger("io.grpc.netty.NettyServerHandler"));

  static {
    TALKATIVE.forEach(logger -> logger.setLevel(Level.SEVERE));
  }

  private Resets() {}

  /** The same service, whose streams {@link #reset} can end. */
  static ServerServiceDefinition allowed(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    service.getMethods().forEach(method -> methods.add(allowed(method)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder same = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(same::addMethod);
    return same.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> allowed(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                descriptor.getRequestMarshaller(),
                new Marshaller<>(descriptor.getResponseMarshaller()))
            .build(),
        method.getServerCallHandler());
  }

  /** Ends a stream that has more to send, and frees what waits to be sent. */
  @SuppressWarnings("unchecked") // the marshaller looks before anybody else does
  static <A> void reset(ServerCall<?, A> call) {
    call.sendMessage((A) RESET);
  }

  /** The same by a stub's observer. */
  @SuppressWarnings("unchecked") // as above
  public static <A> void reset(StreamObserver<A> client) {
    client.onNext((A) RESET);
  }

  private record Marshaller<A>(MethodDescriptor.Marshaller<A> marshaller)
      implements MethodDescriptor.Marshaller<A> {
    @Override
    public InputStream stream(A message) {
      if (RESET.equals(message)) {
        throw Status.RESOURCE_EXHAUSTED
            .withDescription("too little of the stream was read")
            .asRuntimeException();
      }
      return marshaller.stream(message);
    }

    @Override
    public A parse(InputStream stream) {
      return marshaller.parse(stream);
    }
  }
}
