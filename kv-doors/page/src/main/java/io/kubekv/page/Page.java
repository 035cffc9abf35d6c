package io.kubekv.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.Payload;
import java.util.List;
import java.util.Map;

/** A screen as HTML, and what a browser is told of it. */
final class Page {
  private static final TemplateEngine TEMPLATES = templates();

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** Nothing from elsewhere, nothing in line, in no other page, kept by nobody. */
  static final List<Header> SHIELD =
      List.of(
          new Header("Content-Security-Policy", POLICY),
          new Header("X-Content-Type-Options", "nosniff"),
          new Header("X-Frame-Options", "DENY"),
          new Header("Referrer-Policy", "same-origin"),
          new Header("Cross-Origin-Resource-Policy", "same-origin"),
          new Header("Cross-Origin-Opener-Policy", "same-origin"),
          new Header("Cache-Control", "no-store"));

  static final Header HTML = new Header("Content-Type", "text/html; charset=utf-8");

  private Page() {}

  private static TemplateEngine templates() {
    TemplateEngine engine =
        TemplateEngine.createPrecompiled(
            null, ContentType.Html, Page.class.getClassLoader(), "io.kubekv.page");
    engine.setTrimControlStructures(true);
    return engine;
  }

  /** A screen in its frame. */
  static Payload of(String template, Frame frame, Object screen) {
    return Payload.utf8(text(template, Map.of("frame", frame, "screen", screen)));
  }

  /** A part of one. */
  static String text(String template, Map<String, Object> parameters) {
    StringOutput out = new StringOutput();
    TEMPLATES.render(template + ".jte", parameters, out);
    return out.toString();
  }
}
