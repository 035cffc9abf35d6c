package io.kubekv.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/1.1 connection over a plain socket, or one with TLS: the same small client for every
 * contestant, so that what is measured is the server. Requests are sent one after the other; an
 * answer can be read in two steps (head, body) because a watch's head comes long before its body.
 * Not safe for use by several threads at once, except {@link #close}, which also ends a read that
 * is blocked.
 */
public final class HttpConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[8 * 1024];
  private int position;
  private int limit;

  private HttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** Connects; blocks for at most 10 seconds. */
  public static HttpConnection open(InetSocketAddress server) throws IOException {
    return open(server, new InetSocketAddress(0));
  }

  /**
   * Connects from a source address, of which the machine may need several when it holds very many
   * connections.
   */
  public static HttpConnection open(InetSocketAddress server, InetSocketAddress source)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.bind(source);
      socket.connect(server, 10_000);
      return new HttpConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Over a socket that is connected, whatever was said on it before; closes it in the end. */
  public static HttpConnection over(Socket connected) throws IOException {
    return new HttpConnection(connected);
  }

  /** Connects with TLS; blocks for at most 10 seconds, and as long again for the handshake. */
  public static HttpConnection open(InetSocketAddress server, SSLContext trust) throws IOException {
    SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(server, 10_000);
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      return new HttpConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Reads fail with a timeout after this long without a byte; zero means never. */
  public void readTimeout(Duration timeout) throws IOException {
    socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
  }

  /**
   * The bytes of a request; {@code Host} and {@code Content-Length} are added. A form body is named
   * as one.
   */
  public static byte[] request(
      String method,
      String target,
      InetSocketAddress server,
      Map<String, String> headers,
      String body) {
    return request(method, target, server, headers, body.getBytes(UTF_8));
  }

  /** The same with a body of bytes. The target is sent as it is, a byte for each char. */
  static byte[] request(
      String method,
      String target,
      InetSocketAddress server,
      Map<String, String> headers,
      byte[] content) {
    StringBuilder head =
        new StringBuilder(256).append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ")
        .append(server.getAddress().getHostAddress())
        .append(':')
        .append(server.getPort())
        .append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (content.length > 0 || method.equals("PUT") || method.equals("POST")) {
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(ISO_8859_1);
    byte[] all = new byte[start.length + content.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(content, 0, all, start.length, content.length);
    return all;
  }

  /** Sends a request made by {@link #request} and reads its whole answer. */
  public HttpAnswer exchange(byte[] request) throws IOException {
    send(request);
    return readBody(readHead());
  }

  public void send(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
  }

  /** Blocks until the status line and the headers are there: an answer still without its body. */
  public HttpAnswer readHead() throws IOException {
    String status = readLine();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new IOException("not an HTTP/1.1 answer: " + status);
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).trim(),
          (first, next) -> first + ", " + next);
    }
    return new HttpAnswer(Integer.parseInt(status.substring(9, 12)), headers, "");
  }

  /** Blocks until the body is there whole. */
  public HttpAnswer readBody(HttpAnswer head) throws IOException {
    String body = new String(readBytes(head), UTF_8);
    return new HttpAnswer(head.status(), head.headers(), body);
  }

  /** The bytes of a body, whole; without a stated length they end with the connection. */
  byte[] readBytes(HttpAnswer head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (head.header("Transfer-Encoding").isPresent()) {
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        readInto(body, size);
        readLine();
      }
      readLine();
    } else if (head.status() == 204 || head.status() == 304) {
      return body.toByteArray();
    } else if (head.header("Content-Length").isPresent()) {
      readInto(body, Integer.parseInt(head.header("Content-Length").orElseThrow()));
    } else if (head.header("Connection").orElse("").equals("close")) {
      body.write(buffer, position, limit - position);
      in.transferTo(body);
    }
    return body.toByteArray();
  }

  /** Reads and forgets whatever comes until the server ends the connection, or it is closed. */
  public void discardBody() throws IOException {
    position = limit;
    while (in.read(buffer) >= 0) {
      // forgotten
    }
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(readLine().trim(), 16);
  }

  private void readInto(ByteArrayOutputStream body, int size) throws IOException {
    for (int left = size; left > 0; ) {
      fill();
      int part = Math.min(left, limit - position);
      body.write(buffer, position, part);
      position += part;
      left -= part;
    }
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      fill();
      for (int at = position; at < limit; at++) {
        if (buffer[at] == '\n') {
          line.append(new String(buffer, position, at - position, ISO_8859_1));
          position = at + 1;
          int last = line.length() - 1;
          return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
        }
      }
      line.append(new String(buffer, position, limit - position, ISO_8859_1));
      position = limit;
    }
  }

  private void fill() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(in.read(buffer), 0);
      if (limit == 0) {
        throw new EOFException("the server closed the connection");
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
