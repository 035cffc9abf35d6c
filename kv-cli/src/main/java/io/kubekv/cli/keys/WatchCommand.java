package io.kubekv.cli.keys;

import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.StoreStatus;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.OutputOptions;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv watch}. */
@Command(
    name = "watch",
    description = {
      "Prints every change of a key, once and in order, until it is interrupted.",
      "When the connection breaks, it goes on after the last change that it printed. When the server"
          + " has forgotten changes that were not printed yet, it says so and ends with exit code 5:"
          + " read the keys again, then watch from the revision that it names. -o value prints the"
          + " keys alone."
    })
public final class WatchCommand extends StoreCommand {
  /** How long a quiet watch waits before it looks whether the server is still there. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  @Parameters(arity = "0..1", paramLabel = "KEY", description = "The key (with --prefix: every).")
  @Nullable String key;

  @Mixin RangeOptions range = new RangeOptions();

  @Option(
      names = {"--from", "--rev"},
      paramLabel = "REVISION",
      description = "Begin with the first change at or after this one (the next change).")
  @Nullable String from;

  @Option(names = "--oldest", description = "Begin with the oldest change that is remembered.")
  boolean oldest;

  @Option(names = "--count", paramLabel = "N", description = "End after N changes.")
  long count = Long.MAX_VALUE;

  @Option(
      names = "--exec",
      paramLabel = "COMMAND",
      description =
          "Run this by /bin/sh for each change, one after the other, with KUBEKV_WATCH_EVENT (put"
              + " or delete), KUBEKV_WATCH_KEY and KUBEKV_WATCH_REVISION in its environment and the"
              + " value as its standard input; nothing else is printed.")
  @Nullable String command;

  @Option(
      names = "--progress",
      description = "Print from time to time up to which revision every change was printed.")
  boolean progress;

  @Mixin OutputOptions output = new OutputOptions(Format.TABLE);

  private String trouble = "";

  public WatchCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, String> moreExitCodes() {
    return Map.of(" 5", "Changes were forgotten before they were printed.");
  }

  @Override
  protected int run(KeyValueStore store) throws InterruptedException {
    Optional<WatchScript> script =
        Optional.ofNullable(command).map(text -> new WatchScript(text, terminal));
    try (Watch watch = store.watch(request(range.of(key())))) {
      for (long printed = 0; printed < count; ) {
        Optional<WatchEvent> event = watch.next(LOOK);
        if (event.isEmpty()) {
          tellTrouble(store.status());
        } else if (event.get() instanceof WatchEvent.HistoryGone gone) {
          return gone(gone);
        } else if (script.isPresent()) {
          printed += script.get().run(event.get()) ? 1 : 0;
        } else if (print(event.get())) {
          printed++;
        }
      }
    }
    return ExitCodes.DONE;
  }

  private String key() {
    if (key == null && !range.prefix) {
      throw new IllegalArgumentException("say which KEY; with --prefix and none it is every key");
    }
    return key == null ? "" : key;
  }

  private WatchRequest request(Range watched) {
    if (from != null && oldest) {
      throw new IllegalArgumentException("--from and --oldest exclude each other");
    }
    if (from != null) {
      return WatchRequest.from(watched, Conditions.revision(from));
    }
    return oldest ? WatchRequest.fromOldest(watched) : WatchRequest.fromNow(watched);
  }

  private int gone(WatchEvent.HistoryGone gone) {
    if (output.kind() == Format.Kind.NODE) {
      output.print(terminal.out(), Json.event(gone));
    }
    terminal.say(
        "changes were forgotten before they were printed: read the keys again, then watch --from "
            + gone.revision());
    return ExitCodes.HISTORY_GONE;
  }

  /** Whether it was a change, which counts. */
  private boolean print(WatchEvent event) {
    boolean change = !(event instanceof WatchEvent.Progress);
    if (change || progress) {
      switch (output.kind()) {
        case NODE -> output.print(terminal.out(), Json.event(event));
        case VALUE -> terminal.out().println(key(event));
        case TABLE -> terminal.out().println(line(event));
      }
    }
    return change;
  }

  private static String key(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> put.entry().key().text();
      case WatchEvent.Delete delete -> delete.previous().key().text();
      case WatchEvent.Progress known -> line(known);
      case WatchEvent.HistoryGone gone -> line(gone);
    };
  }

  private static String line(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put ->
          "%s put %s %s %s"
              .formatted(
                  put.revision(),
                  put.cause(),
                  Texts.line(put.entry().key().text()),
                  Texts.shown(put.entry()));
      case WatchEvent.Delete delete ->
          "%s delete %s %s%s"
              .formatted(
                  delete.revision(),
                  delete.cause(),
                  Texts.line(delete.previous().key().text()),
                  delete.below().isEmpty() ? "" : " and " + delete.below().size() + " keys below");
      case WatchEvent.Progress known -> known.revision() + " progress";
      case WatchEvent.HistoryGone gone -> gone.revision() + " history gone";
    };
  }

  private void tellTrouble(StoreStatus status) {
    if (!status.reason().equals(trouble)) {
      trouble = status.reason();
      terminal.say(trouble.isEmpty() ? "the server is back" : "waiting: " + trouble);
    }
  }
}
