package io.kubekv.golang;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What content looks like, as Go's {@code http.DetectContentType} guesses it from the first 512
 * bytes: HTML, XML, PDF, PostScript, the common images and archives, other text, other bytes.
 */
public final class ContentType {
  private static final int LOOKED_AT = 512;
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final List<String> TAGS =
      List.of(
          "<!doctype html",
          "<html",
          "<head",
          "<script",
          "<iframe",
          "<h1",
          "<div",
          "<font",
          "<table",
          "<a",
          "<style",
          "<title",
          "<b",
          "<body",
          "<br",
          "<p",
          "<!--");

  /** Beginnings, each character one byte, and what they mean. */
  private record Magic(String beginning, String type) {}

  private static final List<Magic> MAGICS =
      List.of(
          new Magic("%PDF-", "application/pdf"),
          new Magic("%!PS-Adobe-", "application/postscript"),
          new Magic("\u00fe\u00ff", "text/plain; charset=utf-16be"),
          new Magic("\u00ff\u00fe", "text/plain; charset=utf-16le"),
          new Magic("\u00ef\u00bb\u00bf", TEXT),
          new Magic("GIF87a", "image/gif"),
          new Magic("GIF89a", "image/gif"),
          new Magic("\u0089PNG\r\n\u001a\n", "image/png"),
          new Magic("\u00ff\u00d8\u00ff", "image/jpeg"),
          new Magic("PK\u0003\u0004", "application/zip"),
          new Magic("\u001f\u008b\b", "application/x-gzip"));

  private ContentType() {}

  public static String of(byte[] content) {
    int length = Math.min(content.length, LOOKED_AT);
    String start = new String(content, 0, length, StandardCharsets.ISO_8859_1);
    String text = start.replaceFirst("^[\t\n\f\r ]+", "");
    if (isHtml(text.toLowerCase(Locale.ROOT))) {
      return "text/html; charset=utf-8";
    }
    if (text.startsWith("<?xml")) {
      return "text/xml; charset=utf-8";
    }
    return MAGICS.stream()
        .filter(magic -> start.startsWith(magic.beginning()))
        .map(Magic::type)
        .findFirst()
        .orElse(start.chars().anyMatch(ContentType::isBinary) ? "application/octet-stream" : TEXT);
  }

  private static boolean isHtml(String text) {
    return TAGS.stream()
        .filter(text::startsWith)
        .anyMatch(
            tag ->
                tag.equals("<!--")
                    || text.length() > tag.length()
                        && " >".indexOf(text.charAt(tag.length())) >= 0);
  }

  private static boolean isBinary(int b) {
    return b <= 0x08 || b == 0x0b || b >= 0x0e && b <= 0x1a || b >= 0x1c && b <= 0x1f;
  }
}
