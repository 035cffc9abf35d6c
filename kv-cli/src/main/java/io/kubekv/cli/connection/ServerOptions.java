package io.kubekv.cli.connection;

import java.lang.reflect.Member;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Which server a verb talks to. */
public final class ServerOptions {
  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description =
          "What kubekv context has set by this name; also KUBEKV_CLIENT_CONTEXT (what kubekv"
              + " context use has chosen, unless a server is named).")
  @Nullable String context;

  ServerOptions() {}

  /** Whether an option of a verb is one of these. */
  public static boolean isOne(OptionSpec option) {
    return option.userObject() instanceof Member member
        && Set.of(ServerOptions.class, ConnectionOptions.class)
            .contains(member.getDeclaringClass());
  }

  /** The way to it; what is wrong with it is an {@link IllegalArgumentException}. */
  Way way(Map<String, String> environment) {
    return Way.of(connection.given(), Optional.ofNullable(context), environment);
  }
}
