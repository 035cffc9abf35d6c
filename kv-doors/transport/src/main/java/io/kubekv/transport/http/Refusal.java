package io.kubekv.transport.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server says to a request that no door should see, as Go's {@code net/http} does, which
 * etcd and Consul leave this to. The connection ends with it.
 *
 * @param reason what the status line says, too
 * @param body empty for none
 */
record Refusal(int status, String reason, String body) {
  /** Of what cannot be read as a request. */
  static final Refusal BAD_REQUEST = badRequest("400 Bad Request");

  /** Of a body whose chunks cannot be read: nothing was done. */
  static final Refusal BAD_CHUNK = badRequest("400 Bad Request: malformed chunked encoding");

  private static final Refusal NO_HOST =
      new Refusal(
          400,
          "Bad Request: missing required Host header",
          "400 Bad Request: missing required Host header");
  private static final Refusal BAD_HOST =
      new Refusal(
          400, "Bad Request: malformed Host header", "400 Bad Request: malformed Host header");
  private static final Refusal CODING =
      new Refusal(501, "Not Implemented", "Unsupported transfer encoding");
  private static final Refusal EXPECTATION = new Refusal(417, "Expectation Failed", "");

  /** Beside letters and digits; net/http, httpguts.ValidHostHeader. */
  private static final String OF_HOSTS = "!$%&'()*+,-.:;=[]_~";

  private static final Pattern URL =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*", Pattern.DOTALL);

  private static Refusal badRequest(String body) {
    return new Refusal(400, "Bad Request", body);
  }

  /** Why a request is refused by its head alone, in Go's order of checks; absent when it is not. */
  static Optional<Refusal> of(HttpServerRequest request) {
    return coding(request)
        .or(() -> target(request))
        .or(() -> host(request))
        .or(() -> expectation(request));
  }

  /** A body in a coding that nobody reads here would be taken for something else. */
  static Optional<Refusal> coding(HttpServerRequest request) {
    List<String> codings = request.headers().getAll("Transfer-Encoding");
    boolean known =
        codings.isEmpty() || codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
    return known || isOld(request) ? Optional.empty() : Optional.of(CODING);
  }

  /** A path, a URL, or the star of OPTIONS; and nothing that no log should show. */
  private static Optional<Refusal> target(HttpServerRequest request) {
    String target = request.uri();
    boolean options = request.method().equals(HttpMethod.OPTIONS);
    boolean isOne =
        target.startsWith("/") || URL.matcher(target).matches() || target.equals("*") && options;
    boolean printable = target.chars().noneMatch(character -> character < ' ' || character == 0x7f);
    return isOne && printable ? Optional.empty() : Optional.of(BAD_REQUEST);
  }

  private static Optional<Refusal> host(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll("Host");
    if (hosts.size() > 1) {
      return Optional.of(BAD_REQUEST);
    }
    if (hosts.isEmpty()) {
      return isOld(request) ? Optional.empty() : Optional.of(NO_HOST);
    }
    return hosts.getFirst().chars().allMatch(Refusal::isOfHosts)
        ? Optional.empty()
        : Optional.of(BAD_HOST);
  }

  private static boolean isOfHosts(int character) {
    return character >= 'a' && character <= 'z'
        || character >= '0' && character <= '9'
        || character >= 'A' && character <= 'Z'
        || OF_HOSTS.indexOf(character) >= 0;
  }

  private static Optional<Refusal> expectation(HttpServerRequest request) {
    String expected = request.getHeader("Expect");
    return expected == null || expected.isEmpty() || isContinue(expected)
        ? Optional.empty()
        : Optional.of(EXPECTATION);
  }

  /** Whether a client waits for leave to send its body, and understands it. */
  static boolean waitsForLeave(HttpServerRequest request) {
    String expected = request.getHeader("Expect");
    return expected != null && !isOld(request) && isContinue(expected);
  }

  private static boolean isContinue(String expected) {
    for (String token : expected.split(",")) {
      if (token.strip().equalsIgnoreCase("100-continue")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOld(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_1_0;
  }
}
