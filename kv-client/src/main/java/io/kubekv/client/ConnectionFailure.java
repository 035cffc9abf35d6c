package io.kubekv.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a call has no answer of the server's. This is the one place that turns what gRPC, Netty and
 * the JDK's TLS say about a connection into words.
 */
public enum ConnectionFailure {
  /** The machine is there, and no program listens at the port. */
  REFUSED("nothing listens there (connection refused)"),
  UNKNOWN_HOST("no address of its host is known"),
  NO_ROUTE("the network has no way to its address"),
  CONNECT_TIMEOUT("nobody answers at its address"),
  NOT_TLS("it speaks no TLS, and TLS is wanted"),
  /** The other side speaks something, and it is no HTTP/2: a TLS port, or another protocol's. */
  NOT_HTTP2("what listens there answers in another protocol"),
  UNTRUSTED("its certificate is of an authority that is not trusted"),
  WRONG_NAME("its certificate is for another name"),
  NOT_VALID_NOW("its certificate is not valid at this time"),
  /** It ended the handshake over our certificate: we showed none, or one that it does not trust. */
  CLIENT_CERTIFICATE("it wants a client certificate that it trusts"),
  TLS("it and we do not agree on TLS"),
  /** A gRPC server without our API. */
  NOT_KUBEKV("what listens there is no kubekv"),
  NO_ANSWER("no answer came in time"),
  BROKEN("the connection ended before an answer came"),
  OTHER("the call failed");

  /** How the JDK names the alert that a peer sends; nothing but its text tells them apart. */
  private static final Pattern OUR_CERTIFICATE =
      Pattern.compile(
          ".*\\b(certificate_required|bad_certificate|certificate_unknown|unknown_ca|"
              + "certificate_expired|certificate_revoked|access_denied)$");

  private final String words;

  ConnectionFailure(String words) {
    this.words = words;
  }

  /** What a call has failed by; empty when the server itself has said what is wrong. */
  public static Optional<ConnectionFailure> of(Throwable failure) {
    return failure.getCause() instanceof StatusRuntimeException status
        ? Optional.of(of(status.getStatus()))
        : Optional.empty();
  }

  /** What a status that is not the server's own stands for. */
  static ConnectionFailure of(Status status) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable at = status.getCause(); at != null; at = at.getCause()) {
      causes.addFirst(at);
    }
    return causes.stream()
        .flatMap(cause -> ofCause(cause).stream())
        .findFirst()
        .orElseGet(() -> ofCode(status));
  }

  /** Says in one line why, without where. */
  static String describe(Status status) {
    ConnectionFailure failure = of(status);
    String detail = status.getDescription();
    return failure == OTHER
        ? failure.words + " (" + status.getCode() + (detail == null ? "" : ": " + detail) + ")"
        : failure.words;
  }

  /** The same in words, without where. */
  public String words() {
    return words;
  }

  private static Optional<ConnectionFailure> ofCause(Throwable cause) {
    return Optional.ofNullable(
        switch (cause) {
          case UnknownHostException unknown -> UNKNOWN_HOST;
          case UnresolvedAddressException unknown -> UNKNOWN_HOST;
          case NoRouteToHostException none -> NO_ROUTE;
          case ConnectTimeoutException silent -> CONNECT_TIMEOUT;
          case ConnectException refused -> REFUSED;
          case NotSslRecordException plain -> NOT_TLS;
          case Http2Exception other -> NOT_HTTP2;
          case CertPathValidatorException invalid ->
              invalid.getReason() == BasicReason.EXPIRED
                      || invalid.getReason() == BasicReason.NOT_YET_VALID
                  ? NOT_VALID_NOW
                  : UNTRUSTED;
          case CertPathBuilderException unknown -> UNTRUSTED;
          case CertificateExpiredException over -> NOT_VALID_NOW;
          case CertificateNotYetValidException early -> NOT_VALID_NOW;
          case CertificateException other -> ofCertificate(other);
          case SSLException tls -> ofTls(tls);
          default -> null;
        });
  }

  /** Of the JDK's checks the one for the name alone throws no class of its own. */
  private static ConnectionFailure ofCertificate(CertificateException failure) {
    return failure.getClass() == CertificateException.class ? WRONG_NAME : UNTRUSTED;
  }

  /** An error of the handshake whose cause says more is found by that. */
  private static @Nullable ConnectionFailure ofTls(SSLException failure) {
    if (failure.getCause() != null) {
      return null;
    }
    String message = String.valueOf(failure.getMessage());
    return OUR_CERTIFICATE.matcher(message).matches() ? CLIENT_CERTIFICATE : TLS;
  }

  private static ConnectionFailure ofCode(Status status) {
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED -> NO_ANSWER;
      case UNIMPLEMENTED -> NOT_KUBEKV;
      case UNAVAILABLE -> BROKEN;
      default -> OTHER;
    };
  }
}
