package io.kubekv.transport.grpc;

import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.Grpc;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;

/**
 * What a gRPC server negotiates on a connection that another listener has passed on: nothing. If it
 * is behind TLS, calls are told of the session, as they are where the server has its own.
 */
final class PassedNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  private final boolean tls;

  private PassedNegotiator(boolean tls) {
    this.tls = tls;
  }

  static ServerCredentials credentials(boolean tls) {
    return InternalNettyServerCredentials.create(new PassedNegotiator(tls));
  }

  @Override
  public AsciiString scheme() {
    return AsciiString.of(tls ? "https" : "http");
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler calls) {
    ChannelLogger logger = calls.getNegotiationLogger();
    ChannelHandler last = InternalProtocolNegotiators.grpcNegotiationHandler(calls);
    return InternalProtocolNegotiators.waitUntilActiveHandler(
        new TellsSession(last, logger), logger);
  }

  @Override
  public void close() {}

  private static final class TellsSession
      extends InternalProtocolNegotiators.ProtocolNegotiationHandler {
    TellsSession(ChannelHandler next, ChannelLogger logger) {
      super(next, logger);
    }

    @Override
    protected void protocolNegotiationEventTriggered(ChannelHandlerContext context) {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls != null) {
        Attributes told =
            InternalProtocolNegotiationEvent.getAttributes(getProtocolNegotiationEvent())
                .toBuilder()
                .set(Grpc.TRANSPORT_ATTR_SSL_SESSION, tls.engine().getSession())
                .build();
        replaceProtocolNegotiationEvent(
            InternalProtocolNegotiationEvent.withAttributes(getProtocolNegotiationEvent(), told));
      }
      fireProtocolNegotiationEvent(context);
    }
  }
}
