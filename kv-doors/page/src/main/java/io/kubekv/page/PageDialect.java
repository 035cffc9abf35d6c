package io.kubekv.page;

import io.kubekv.Key;
import io.kubekv.StoreException;
import io.kubekv.transport.access.Credentials;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.door.View;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.limits.OverLimitException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Answers what browsers ask, on what somebody may see of a store. Thread-safe. */
final class PageDialect implements Dialect {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  private final PageSettings settings;
  private final FormToken token = new FormToken();
  private final Browsing browsing;
  private final Editing editing;
  private final Watching watching;
  private final Holding holding;
  private final DockerScreen docker;
  private final StoreScreen store;
  private final Exporting exporting;
  private final Importing importing;

  /**
   * Serves; what it is given stays the caller's, but for the streams.
   *
   * @param view which somebody may see
   * @param mayPut whether they may write a key; may block
   */
  PageDialect(View view, Predicate<Key> mayPut, PageSettings settings) {
    this.settings = settings;
    this.browsing = new Browsing(view.store(), settings.writes());
    this.editing = new Editing(view.store(), token);
    this.watching = new Watching(view, settings);
    this.holding = new Holding(view.store());
    this.docker = new DockerScreen(view.store());
    this.store = new StoreScreen(view.store(), settings);
    this.exporting = new Exporting(view.store(), settings.threads());
    this.importing = new Importing(view.store(), token, mayPut, System::nanoTime);
  }

  /** The same for somebody else; it ends with this one, and is not closed. */
  PageDialect on(View other, Predicate<Key> mayPut) {
    return new PageDialect(other, mayPut, settings);
  }

  @Override
  public void handle(HttpExchange exchange) {
    try {
      if (Assets.has(exchange.path())) {
        Assets.answer(exchange);
      } else if (!exchange.path().startsWith(Urls.HOME)) {
        elsewhere(exchange);
      } else {
        answer(Call.of(exchange));
      }
    } catch (PageError wrong) {
      Failures.answer(exchange, wrong);
    } catch (StoreException why) {
      Failures.answer(exchange, why);
    }
  }

  private static void elsewhere(HttpExchange exchange) {
    if (!exchange.path().equals("/") && !exchange.path().equals(PageDoor.PATH)) {
      throw new PageError(404, "There is no such screen; the page is at " + Urls.HOME + ".");
    }
    new Call(exchange, Fields.of("")).redirect(302, Urls.HOME);
  }

  private void answer(Call call) {
    if (call.isPost()) {
      change(call);
      return;
    }
    if (!READS.contains(call.exchange().method())) {
      throw new PageError(405, "The page is read by GET and changed by POST.");
    }
    switch (call.screen()) {
      case "" -> browsing.level(call);
      case "key" -> browsing.key(call);
      case "value" -> browsing.value(call);
      case "diff" -> browsing.diff(call);
      case "deleted" -> browsing.deleted(call);
      case "watch" -> watching.screen(call);
      case "events" -> events(call);
      case "locks" -> holding.answer(call);
      case "docker" -> docker.answer(call);
      case "store" -> store.answer(call);
      case "export" -> exporting.answer(call);
      case "sign-in" -> signIn(call);
      case "import" -> {
        requireWrites();
        importing.form(call);
      }
      case "edit" -> writing().form(call);
      case "restore" -> writing().restore(call);
      case "delete" -> writing().confirmDelete(call);
      default -> throw new PageError(404, "There is no such screen.");
    }
  }

  private void events(Call call) {
    if (!call.exchange().method().equals("GET")) {
      throw new PageError(405, "A stream is read by GET.");
    }
    watching.events(call);
  }

  private void change(Call call) {
    switch (call.screen()) {
      case "import" -> {
        requireWrites();
        importing.post(call);
      }
      case "edit" -> writing().post(call);
      case "delete" -> writing().delete(call);
      default -> throw new PageError(405, "Nothing is changed here.");
    }
  }

  private Editing writing() {
    requireWrites();
    return editing;
  }

  private void requireWrites() {
    if (!settings.writes()) {
      throw new PageError(
          403, "This page only shows: kubekv serve --ui-writes lets people change keys by it.");
    }
  }

  /** Has the browser ask who its user is. */
  private void signIn(Call call) {
    HttpExchange exchange = call.exchange();
    if (token(exchange).isPresent() || exchange.clientCertificate().isPresent()) {
      call.redirect(303, Urls.HOME);
    } else {
      Failures.askWho(exchange, "Your browser asks for your token: it is the password.");
    }
  }

  @Override
  public void refuse(HttpExchange exchange, StoreException why) {
    Failures.answer(exchange, why);
  }

  /** A browser can only send it as a password. */
  @Override
  public Optional<String> token(HttpExchange exchange) {
    return exchange.header("Authorization").flatMap(Credentials::token);
  }

  /** The style and the scripts. */
  @Override
  public boolean isForEverybody(HttpExchange exchange) {
    return Assets.has(exchange.path());
  }

  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    Failures.answer(
        exchange,
        new PageError(429, "You ask too often: " + why.getMessage() + "."),
        new Header("Retry-After", "1"));
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    Failures.tooLarge(exchange, limit);
  }

  /** Ends the streams of all. */
  @Override
  public void close() {
    settings.streams().close();
  }
}
