package io.kubekv.cli.keys;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.session.SessionTexts;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.Refusals;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv put}. */
@Command(
    name = "put",
    description = {
      "Puts a value and prints the revision of the change (-o value).",
      "The value is VALUE, or the bytes of --file, or those of standard input. One that begins with"
          + " a dash comes after --."
    })
public final class PutCommand extends StoreCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
  String key = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "The value.")
  @Nullable String value;

  @Option(names = "--file", paramLabel = "FILE", description = "Take the value from this file.")
  @Nullable Path file;

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "The key ends by itself after this time (never).")
  @Nullable Duration timeToLive;

  @Option(
      names = "--attach",
      paramLabel = "SESSION",
      description = "The key ends with the session of this id; with none when this is not given.")
  @Nullable String session;

  @Option(
      names = "--flags",
      paramLabel = "N",
      description = "A number that is kept with the value (0).")
  String flags = "0";

  @Option(
      names = "--fence",
      paramLabel = "TOKEN",
      description = "The fencing token of the lock that guards this put (KUBEKV_LOCK_TOKEN).")
  @Nullable String fence;

  @Mixin TableOptions output = new TableOptions(Format.VALUE);

  @Mixin Conditions conditions = new Conditions();

  public PutCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) throws IOException {
    return switch (Await.change(store.put(request()))) {
      case PutOutcome.Stored stored -> {
        print(stored);
        yield ExitCodes.DONE;
      }
      case Refused refused -> Refusals.report(terminal, output, key, refused);
    };
  }

  private PutRequest request() throws IOException {
    PutRequest request =
        PutRequest.of(Key.of(key), value())
            .withFlags(flags())
            .withPrecondition(conditions.precondition());
    if (timeToLive != null) {
      if (!timeToLive.isPositive()) {
        throw new IllegalArgumentException(
            "--ttl 0s is no time to live: leave it out for a key that does not end");
      }
      request = request.withTimeToLive(timeToLive);
    }
    if (session != null) {
      request = request.withAttachment(new Attachment.To(SessionTexts.parse(session)));
    }
    return fence == null ? request : request.withFence(Conditions.revision(fence));
  }

  private long flags() {
    try {
      return Long.parseUnsignedLong(flags);
    } catch (NumberFormatException notOne) {
      throw new IllegalArgumentException("'" + flags + "' is not a number for --flags", notOne);
    }
  }

  private Bytes value() throws IOException {
    if (value != null && file != null) {
      throw new IllegalArgumentException("VALUE and --file exclude each other");
    }
    if (value != null) {
      return Bytes.utf8(value);
    }
    return Bytes.copyOf(file == null ? terminal.read("the value") : content(file));
  }

  private static byte[] content(Path file) {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException("--file: " + file + " is a folder");
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("--file: " + FileProblems.explain(unreadable), unreadable);
    }
  }

  private void print(PutOutcome.Stored stored) {
    switch (output.kind()) {
      case VALUE -> terminal.out().println(stored.entry().modifyRevision());
      case NODE -> output.print(terminal.out(), Json.entry(stored.entry()));
      case TABLE -> Entries.table(terminal.out(), output, List.of(stored.entry()));
    }
  }
}
