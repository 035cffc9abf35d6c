package io.kubekv.cli;

import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.StoreStatus;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
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
          + " read the keys again, then watch from the revision that it names."
    })
final class WatchCommand extends StoreCommand {
  /** How long a quiet watch waits before it looks whether the server is still there. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  @Parameters(paramLabel = "KEY", description = "The key.")
  String key = "";

  @Option(
      names = "--from",
      paramLabel = "REVISION",
      description = "Begin with the first change at or after this one (the next change).")
  @Nullable String from;

  @Option(names = "--oldest", description = "Begin with the oldest change that is remembered.")
  boolean oldest;

  @Option(names = "--count", paramLabel = "N", description = "End after N changes.")
  long count = Long.MAX_VALUE;

  @Option(
      names = "--progress",
      description = "Print from time to time up to which revision every change was printed.")
  boolean progress;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "value (only the keys), json or table (table).")
  Format format = Format.TABLE;

  @Mixin RangeOptions range = new RangeOptions();

  private String trouble = "";

  WatchCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  Map<String, String> moreExitCodes() {
    return Map.of(" 5", "Changes were forgotten before they were printed.");
  }

  @Override
  int run(KeyValueStore store) throws InterruptedException {
    try (Watch watch = store.watch(request(range.of(key)))) {
      for (long printed = 0; printed < count; ) {
        Optional<WatchEvent> event = watch.next(LOOK);
        if (event.isEmpty()) {
          tellTrouble(store.status());
        } else if (event.get() instanceof WatchEvent.HistoryGone gone) {
          return gone(gone);
        } else if (print(event.get())) {
          printed++;
        }
      }
    }
    return ExitCodes.DONE;
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
    if (format == Format.JSON) {
      terminal.out().println(Json.line(Json.event(gone)));
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
      terminal.out().println(line(event));
    }
    return change;
  }

  private String line(WatchEvent event) {
    if (format == Format.JSON) {
      return Json.line(Json.event(event));
    }
    return switch (event) {
      case WatchEvent.Put put ->
          format == Format.VALUE
              ? put.entry().key().text()
              : "%s put %s %s %s"
                  .formatted(
                      put.revision(),
                      put.cause(),
                      Texts.line(put.entry().key().text()),
                      Texts.shown(put.entry()));
      case WatchEvent.Delete delete ->
          format == Format.VALUE
              ? delete.previous().key().text()
              : "%s delete %s %s%s"
                  .formatted(
                      delete.revision(),
                      delete.cause(),
                      Texts.line(delete.previous().key().text()),
                      delete.below().isEmpty()
                          ? ""
                          : " and " + delete.below().size() + " keys below");
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
