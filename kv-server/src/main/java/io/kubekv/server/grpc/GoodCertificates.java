package io.kubekv.server.grpc;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.kubekv.UnauthenticatedException;
import io.kubekv.server.tls.Certificates;
import io.kubekv.wire.Errors;

/** Refuses calls on connections whose client has shown a certificate that is not good any more. */
record GoodCertificates(Certificates certificates) implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return certificates.areGood(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
        ? next.startCall(call, headers)
        : UserServices.refuse(
            call,
            Errors.toWire(
                new UnauthenticatedException(
                    "the client's certificate is over, or of an authority that is trusted no"
                        + " more: connect again with another")));
  }
}
