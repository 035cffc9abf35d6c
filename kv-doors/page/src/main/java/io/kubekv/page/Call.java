package io.kubekv.page;

import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One request of a browser. */
record Call(HttpExchange exchange, Fields query) {
  static Call of(HttpExchange exchange) {
    return new Call(exchange, Fields.of(exchange.query()));
  }

  /** The name of the screen: what follows {@code /ui/}. */
  String screen() {
    return exchange.path().substring(Urls.HOME.length());
  }

  boolean isPost() {
    return exchange.method().equals("POST");
  }

  /** What a form has sent. */
  Fields form() {
    String type = exchange.header("Content-Type").orElse("");
    if (!type.startsWith("application/x-www-form-urlencoded")) {
      throw new PageError(415, "A form is sent as application/x-www-form-urlencoded.");
    }
    return Fields.of(new String(exchange.body(), StandardCharsets.ISO_8859_1));
  }

  void answer(String template, Frame frame, Object screen) {
    answer(200, template, frame, screen);
  }

  void answer(int status, String template, Frame frame, Object screen, Header... more) {
    List<Header> headers = new ArrayList<>(Page.SHIELD);
    headers.add(Page.HTML);
    headers.addAll(List.of(more));
    exchange.reply(status, headers, Page.of(template, frame, screen));
  }

  void redirect(int status, String url) {
    List<Header> headers = new ArrayList<>(Page.SHIELD);
    headers.add(new Header("Location", url));
    exchange.reply(status, headers, Payload.EMPTY);
  }
}
