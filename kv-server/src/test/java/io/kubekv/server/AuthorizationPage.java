package io.kubekv.server;

import static io.kubekv.server.AuthorizationRequests.change;
import static io.kubekv.server.AuthorizationRequests.need;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.transport.access.Verb;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page, with its forms filled in as a browser does. */
final class AuthorizationPage implements AuthorizationRequests {
  private static final Pattern FIELD =
      Pattern.compile("name=\"(token|revision)\" value=\"(\\w+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final AuthorizationWorld world;

  AuthorizationPage(String url, AuthorizationWorld world) {
    this.url = url;
    this.world = world;
  }

  @Override
  public AuthorizationRequest next(Random random) {
    Key key = world.leaf();
    Range exact = new Range.Exact(key);
    String beginning = world.any().text();
    Prefix prefix = new Prefix(random.nextBoolean() ? beginning : beginning + "/");
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> ofPrefix("", prefix);
      case 3 -> ofPrefix("deleted", prefix);
      case 4 -> ofPrefix("watch", prefix);
      case 5 -> ofPrefix("locks", prefix);
      case 6 -> read("store", List.of(need(Verb.GET, Range.all())), "store");
      case 7 -> read("all", List.of(need(Verb.GET, Range.all())), "");
      case 8 -> ofKey("value", key);
      case 9 -> ofKey("edit", key);
      case 10, 11 ->
          new AuthorizationRequest(
              "page save " + key,
              change(Verb.PUT, exact),
              List.of(),
              false,
              (user, granted) -> form(user, "edit", key, world.value(key)));
      default -> ofKey("key", key);
    };
  }

  private AuthorizationRequest ofPrefix(String screen, Prefix prefix) {
    Range range = new Range.WithPrefix(prefix);
    return read(
        screen, List.of(need(Verb.GET, range)), screen + "?prefix=" + encoded(prefix.text()));
  }

  private AuthorizationRequest ofKey(String screen, Key key) {
    Range exact = new Range.Exact(key);
    return read(screen, List.of(need(Verb.GET, exact)), screen + "?key=" + encoded(key.text()));
  }

  private AuthorizationRequest read(
      String name, List<AuthorizationRequest.Need> needs, String target) {
    return new AuthorizationRequest(
        "page " + name + " " + target,
        needs,
        List.of(),
        false,
        (user, granted) -> answer(get(user, target)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String user, String target) {
    return HttpRequest.newBuilder(URI.create(url + "/ui/" + target))
        .header("Authorization", "Bearer " + user);
  }

  private HttpResponse<String> get(String user, String target)
      throws IOException, InterruptedException {
    return http.send(request(user, target).build(), BodyHandlers.ofString());
  }

  /** Opens a form and sends it. */
  private AuthorizationAnswer form(String user, String screen, Key key, String value)
      throws IOException, InterruptedException {
    HttpResponse<String> form = get(user, screen + "?key=" + encoded(key.text()));
    if (form.statusCode() != 200) {
      return answer(form);
    }
    StringBuilder body = new StringBuilder("step=save&form=text&key=" + encoded(key.text()));
    Matcher field = FIELD.matcher(form.body());
    while (field.find()) {
      body.append('&').append(field.group(1)).append('=').append(field.group(2));
    }
    body.append("&value=").append(encoded(value));
    HttpRequest post =
        request(user, screen)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", url)
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    return answer(http.send(post, BodyHandlers.ofString()));
  }

  private static AuthorizationAnswer answer(HttpResponse<String> response) {
    boolean refused =
        response.statusCode() == 403 && response.body().contains("<h1>Not allowed</h1>");
    return new AuthorizationAnswer(refused, response.headers().map() + response.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
