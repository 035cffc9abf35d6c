package io.kubekv.transport.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TreeMap;

/** One HTTP/1.1 connection on which a test says every byte itself. */
public final class RawHttp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  /** An answer; header names in lower case, a chunked body put together. */
  public record Answer(int status, TreeMap<String, String> headers, String body) {
    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  private final Socket socket;
  private final InputStream in;

  public RawHttp(InetSocketAddress address) throws IOException {
    socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    socket.connect(address, TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  public RawHttp send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends a request with a form body; an empty one has no body at all. */
  public RawHttp request(String method, String target, String form) throws IOException {
    String body =
        form.isEmpty()
            ? ""
            : "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + form.length()
                + "\r\n";
    String noBody = form.isEmpty() && !method.equals("GET") ? "Content-Length: 0\r\n" : "";
    return send(
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: store.test:2379\r\n"
            + body
            + noBody
            + "\r\n"
            + form);
  }

  /** Status and headers; the body is left to be read. */
  public Answer head() throws IOException {
    String[] statusLine = line().split(" ", 3);
    TreeMap<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(statusLine[1]), headers, "");
  }

  public Answer answer() throws IOException {
    return body(head());
  }

  /** The answer to a HEAD request: headers that promise a body and none after them. */
  public Answer bodyless() throws IOException {
    return head();
  }

  public Answer body(Answer head) throws IOException {
    if (head.headers().containsKey("content-length")) {
      int length = Integer.parseInt(head.header("content-length"));
      return new Answer(
          head.status(), head.headers(), new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
    if (!head.header("transfer-encoding").equals("chunked")) {
      return new Answer(
          head.status(), head.headers(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    StringBuilder body = new StringBuilder();
    for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
      body.append(chunk);
    }
    return new Answer(head.status(), head.headers(), body.toString());
  }

  /** The next chunk of a chunked body; empty at its end. */
  public String chunk() throws IOException {
    int size = Integer.parseInt(line(), 16);
    String chunk = new String(in.readNBytes(size), StandardCharsets.UTF_8);
    line();
    return chunk;
  }

  /** As many bytes as they are. */
  public byte[] bytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** All bytes until the server closes the connection. */
  public String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Whether the server has closed the connection; waits for it. */
  public boolean isCut() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  /** Whether nothing has been sent within a time. */
  public boolean isSilent(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      int first = in.read();
      throw new AssertionError("not silent: " + first);
    } catch (java.net.SocketTimeoutException silent) {
      return true;
    } finally {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  /** The next line, without its end. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended in a line");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
