package io.kubekv.page;

import io.kubekv.CompactedException;
import io.kubekv.FutureRevisionException;
import io.kubekv.LimitExceededException;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.StoreException;
import io.kubekv.UnauthenticatedException;
import io.kubekv.UnavailableException;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What went wrong, as a screen: what happened, and what can be done. */
final class Failures {
  private static final Header ASK =
      new Header("WWW-Authenticate", "Basic realm=\"kubekv, by token\", charset=\"UTF-8\"");

  private Failures() {}

  /**
   * A failure.
   *
   * @param words what happened
   * @param advice what can be done; empty for nothing
   * @param signIn whether it may help to say who one is
   */
  record Screen(int status, String title, String words, String advice, boolean signIn) {}

  static void answer(HttpExchange exchange, PageError wrong, Header... more) {
    String title =
        switch (wrong.status()) {
          case 403 -> "Not allowed";
          case 404 -> "Not here";
          case 413 -> "Too large";
          case 429 -> "Too much at once";
          default -> "That cannot be done";
        };
    answer(exchange, new Screen(wrong.status(), title, wrong.words(), "", false), more);
  }

  static void answer(HttpExchange exchange, StoreException why) {
    String words = sentence(why);
    switch (why) {
      case UnauthenticatedException nobody -> askWho(exchange, words);
      case PermissionDeniedException denied ->
          answer(
              exchange,
              new Screen(
                  403,
                  "Not allowed",
                  words,
                  "Search for a prefix that you may read, or sign in as somebody else.",
                  true));
      case LimitExceededException limit ->
          answer(exchange, new Screen(413, "Too large", words, "", false));
      case CompactedException gone ->
          answer(exchange, new Screen(410, "Forgotten", words, "", false));
      case FutureRevisionException early ->
          answer(exchange, new Screen(404, "Not yet", words, "", false));
      case OverloadedException overloaded ->
          answer(
              exchange,
              new Screen(429, "Too much at once", words, "Try again in a moment.", false),
              new Header("Retry-After", "1"));
      case UnavailableException away ->
          answer(
              exchange,
              new Screen(503, "The store does not answer", words, "Try again soon.", false));
      case OutcomeUnknownException unknown ->
          answer(
              exchange,
              new Screen(
                  500,
                  "Nobody knows whether it was changed",
                  words,
                  "Look at the key before you change it again.",
                  false));
    }
  }

  private static String sentence(StoreException why) {
    String words = Visible.of(String.valueOf(why.getMessage()));
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
  }

  /** Has the browser ask for a token. */
  static void askWho(HttpExchange exchange, String words) {
    answer(
        exchange,
        new Screen(
            401,
            "Who are you?",
            words,
            "Sign in: any user name, and your token as the password.",
            true),
        ASK);
  }

  private static void answer(HttpExchange exchange, Screen screen, Header... more) {
    Frame frame = new Frame(screen.title(), "", "");
    new Call(exchange, Fields.of("")).answer(screen.status(), "failure", frame, screen, more);
  }

  /** The body was not read, so the connection cannot go on. */
  static void tooLarge(HttpExchange exchange, long limit) {
    List<Header> headers = new ArrayList<>(Page.SHIELD);
    headers.add(Page.HTML);
    String words = "The form is larger than " + limit + " bytes, so nothing was changed.";
    Screen screen = new Screen(413, "Too large", words, "", false);
    exchange.replyAndClose(
        413, headers, Page.of("failure", new Frame(screen.title(), "", ""), screen));
  }
}
