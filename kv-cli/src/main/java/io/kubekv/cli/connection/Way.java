package io.kubekv.cli.connection;

import io.kubekv.cli.terminal.Durations;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.client.ClientBuilder;
import io.kubekv.client.KubekvClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The way to a server, put together from the command line, the environment and a context, in this
 * order. A server that the first two name is reached without the chosen context: a token is for the
 * server that it was set with, unless somebody names both.
 */
final class Way {
  private static final String ADDRESS = "127.0.0.1:2390";
  private static final String TOKEN = "KUBEKV_TOKEN";
  private static final String CONTEXT = "KUBEKV_CLIENT_CONTEXT";

  /** Those that say more than a {@link Setting}. */
  static final Set<String> VARIABLES = Set.of(TOKEN, CONTEXT);

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** A value, and by what it was said. */
  private record Said(String text, String by) {}

  private final Map<Setting, Said> said = new EnumMap<>(Setting.class);
  private final Optional<String> token;

  private Way(Optional<String> token) {
    this.token = token;
  }

  /**
   * Puts it together.
   *
   * @param given what the command line says
   * @param context the context that it names
   */
  static Way of(
      Map<Setting, String> given, Optional<String> context, Map<String, String> environment) {
    Way way = new Way(Optional.ofNullable(environment.get(TOKEN)));
    given.forEach((setting, text) -> way.said.put(setting, new Said(text, setting.option())));
    for (Setting setting : Setting.values()) {
      Optional.ofNullable(environment.get(setting.variable()))
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> way.said.putIfAbsent(setting, new Said(text, setting.variable())));
    }
    Optional<String> named =
        context.or(() -> Optional.ofNullable(environment.get(CONTEXT)).filter(s -> !s.isEmpty()));
    if (named.isPresent() || !way.said.containsKey(Setting.SERVER)) {
      Contexts contexts = Contexts.read(environment);
      named
          .or(contexts::current)
          .ifPresent(
              name ->
                  contexts
                      .require(name)
                      .forEach(
                          (setting, text) ->
                              way.said.putIfAbsent(
                                  setting,
                                  new Said(text, setting.word() + " of context " + name))));
    }
    return way;
  }

  /** Where the server is, as somebody said. */
  String address() {
    return Optional.ofNullable(said.get(Setting.SERVER)).map(Said::text).orElse(ADDRESS);
  }

  Duration timeout() {
    return value(Setting.TIMEOUT, Durations::parsePositive).orElse(TIMEOUT);
  }

  boolean isTls() {
    return value(Setting.TLS, Way::truth).orElse(false)
        || said.containsKey(Setting.CACERT)
        || said.containsKey(Setting.CERT);
  }

  /**
   * A client; does not wait for a connection.
   *
   * @param callTimeout how long a call may take
   */
  KubekvClient connect(Duration callTimeout) {
    Optional<ClientBuilder> named = value(Setting.SERVER, KubekvClient::to);
    ClientBuilder client = secured(named.orElseGet(() -> KubekvClient.to(ADDRESS)));
    String shown = token();
    return client.deadline(callTimeout).token(() -> shown).connect();
  }

  private ClientBuilder secured(ClientBuilder client) {
    if (said.containsKey(Setting.CERT) != said.containsKey(Setting.KEY)) {
      throw new IllegalArgumentException("--cert and --key go together");
    }
    if (!isTls()) {
      return client.plaintext();
    }
    client.tls();
    file(Setting.CACERT, Pem::requireCertificates).ifPresent(client::trust);
    Optional<Path> certificate = file(Setting.CERT, Pem::requireCertificates);
    Optional<Path> key = file(Setting.KEY, Pem::requireKey);
    certificate.ifPresent(chain -> client.clientCertificate(chain, key.orElseThrow()));
    Optional.ofNullable(said.get(Setting.SERVER_NAME))
        .ifPresent(name -> client.serverName(name.text()));
    return client;
  }

  private String token() {
    Optional<Said> file = Optional.ofNullable(said.get(Setting.TOKEN_FILE));
    boolean onCommandLine = file.filter(at -> at.by().startsWith("--")).isPresent();
    return token
        .filter(text -> !onCommandLine)
        .or(() -> value(Setting.TOKEN_FILE, Way::content).map(String::strip))
        .orElse("");
  }

  private Optional<Path> file(Setting setting, Pem.Check check) {
    return value(
        setting,
        name -> {
          check.check(content(name));
          return Path.of(name);
        });
  }

  private static String content(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(FileProblems.explain(unreadable), unreadable);
    }
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is not true or false");
    };
  }

  /** What was said, parsed; what is wrong with it names by what it was said. */
  private <T> Optional<T> value(Setting setting, Function<String, T> parse) {
    Said text = said.get(setting);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(text.text()));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(text.by() + ": " + wrong.getMessage());
    }
  }
}
