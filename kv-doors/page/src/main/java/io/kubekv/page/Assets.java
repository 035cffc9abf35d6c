package io.kubekv.page;

import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * The files of the page: style, scripts, picture. Their addresses change with what is in them, so
 * browsers may keep them.
 */
final class Assets {
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final int DIGITS = 12;
  private static final Header KEPT =
      new Header("Cache-Control", "public, max-age=31536000, immutable");
  private static final Header NOSNIFF = new Header("X-Content-Type-Options", "nosniff");
  private static final Header VARY = new Header("Vary", "Accept-Encoding");

  private static final Map<String, Asset> ALL = new LinkedHashMap<>();
  private static final Map<String, String> URLS = new LinkedHashMap<>();

  static {
    load("page.css", STYLE);
    load("htmx.min.js", SCRIPT);
    load("sse.min.js", SCRIPT);
    load("icon.svg", "image/svg+xml");
  }

  private Assets() {}

  private record Asset(String type, Payload plain, Payload gzip) {}

  private static void load(String name, String type) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the page lacks its file " + name);
      }
      byte[] content = in.readAllBytes();
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
      String url = Urls.ASSETS + hash.substring(0, DIGITS) + "-" + name;
      ALL.put(url, new Asset(type, Payload.of(content), Payload.of(zipped(content))));
      URLS.put(name, url);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] zipped(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  /** Where a file is. */
  static String url(String name) {
    String url = URLS.get(name);
    if (url == null) {
      throw new IllegalArgumentException("the page has no file " + name);
    }
    return url;
  }

  static boolean has(String path) {
    return ALL.containsKey(path);
  }

  static void answer(HttpExchange exchange) {
    Asset asset = ALL.get(exchange.path());
    if (asset == null) {
      throw new PageError(404, "The page has no such file.");
    }
    boolean zip = exchange.header("Accept-Encoding").orElse("").contains("gzip");
    List<Header> headers =
        zip
            ? List.of(type(asset), KEPT, NOSNIFF, VARY, new Header("Content-Encoding", "gzip"))
            : List.of(type(asset), KEPT, NOSNIFF, VARY);
    exchange.reply(200, headers, zip ? asset.gzip() : asset.plain());
  }

  private static Header type(Asset asset) {
    return new Header("Content-Type", asset.type());
  }
}
