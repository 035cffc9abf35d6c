package io.kubekv.consul;

import io.kubekv.Bytes;
import io.kubekv.golang.Indented;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** One request on its way: what it asks, and the form in which its client wants the answer. */
final class Call {
  private static final Pattern TAKES_GZIP =
      Pattern.compile("gzip(;q=(0?\\.0*[1-9]\\d*|1(\\.0*)?))?");
  private static final Header VARY = new Header("Vary", "Accept-Encoding");
  private static final Header GZIP = new Header("Content-Encoding", "gzip");

  private final HttpExchange exchange;
  private final Query query;
  private final Bytes below;

  /**
   * @param below the decoded path behind the route that was found
   */
  Call(HttpExchange exchange, Bytes below) {
    this.exchange = exchange;
    this.query = Query.of(exchange.query());
    this.below = below;
  }

  String method() {
    return exchange.method();
  }

  Query query() {
    return query;
  }

  byte[] body() {
    return exchange.body();
  }

  /** The decoded path behind the route; an error when it is not text. */
  String below() throws ConsulError {
    return below
        .asText()
        .orElseThrow(() -> new ConsulError(400, "not valid UTF-8 in the path: keys are text here"));
  }

  /** The host that the client came by, without port. */
  String host() {
    return exchange.clientUrl().replaceFirst("^https?://", "").replaceFirst(":\\d+$", "");
  }

  void requireDatacenter(String own) throws ConsulError {
    String wanted = query.text("dc");
    if (!wanted.isEmpty() && !wanted.equals(own)) {
      throw new ConsulError(500, "No path to datacenter");
    }
  }

  /** Has the current thread do something for this request; see {@link HttpExchange#run}. */
  void run(Runnable task) {
    exchange.run(task);
  }

  /** The event loop that answers this request; see {@link HttpExchange#loop}. */
  Executor loop() {
    return exchange.loop();
  }

  /** Has a thread answer after all; see {@link HttpExchange#giveToThread}. */
  void giveToThread() {
    exchange.giveToThread();
  }

  /** An error that nobody expected; see {@link HttpExchange#fail}. */
  void fail(Throwable unexpected) {
    exchange.fail(unexpected);
  }

  /** Leaves the answer for later; see {@link HttpExchange#park}. */
  void park(Runnable gone) {
    exchange.park(gone);
  }

  void answer(Response response) {
    answer(response, false);
  }

  void answer(ConsulError error) {
    answer(error.response(), error.endsConnection());
  }

  private void answer(Response response, boolean last) {
    byte[] body = response.body();
    if (response.isJson() && query.has("pretty")) {
      body = Indented.of(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
    List<Header> headers = new ArrayList<>(response.headers());
    headers.add(VARY);
    if (body.length > 0 && takesGzip()) {
      headers.add(GZIP);
      body = zipped(body);
    }
    Payload payload = Payload.of(body);
    if (last) {
      exchange.replyAndClose(response.status(), headers, payload);
    } else {
      exchange.reply(response.status(), headers, payload);
    }
  }

  private boolean takesGzip() {
    Optional<String> accepted = exchange.header("Accept-Encoding");
    return accepted.isPresent()
        && Arrays.stream(accepted.get().split(","))
            .map(coding -> coding.replace(" ", ""))
            .anyMatch(coding -> TAKES_GZIP.matcher(coding).matches());
  }

  private static byte[] zipped(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 2 + 32);
    try (GZIPOutputStream zip = new FastGzip(bytes)) {
      zip.write(body);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return bytes.toByteArray();
  }

  /** Small answers gain little: speed counts. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
