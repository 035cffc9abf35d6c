package io.kubekv.cli;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
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
      "Puts a value and prints the revision of the change.",
      "The value is VALUE, or the bytes of --file, or those of standard input. One that begins with"
          + " a dash comes after --."
    })
final class PutCommand extends StoreCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
  String key = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "The value.")
  @Nullable String value;

  @Option(names = "--file", paramLabel = "FILE", description = "Take the value from this file.")
  @Nullable Path file;

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "The key ends by itself after this time.")
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

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "value (the revision), json or table (value).")
  Format format = Format.VALUE;

  @Mixin Conditions conditions = new Conditions();

  PutCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  int run(KeyValueStore store) throws IOException {
    return switch (Await.change(store.put(request()))) {
      case PutOutcome.Stored stored -> {
        print(stored);
        yield ExitCodes.DONE;
      }
      case Refused refused -> Refusals.report(terminal, format, key, refused);
    };
  }

  private PutRequest request() throws IOException {
    PutRequest request =
        PutRequest.of(Key.of(key), value())
            .withFlags(flags())
            .withPrecondition(conditions.precondition());
    if (timeToLive != null) {
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
    return Bytes.copyOf(
        file == null ? terminal.in().readAllBytes() : Files.readAllBytes(readable(file)));
  }

  private static Path readable(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException("cannot read the file " + file);
    }
    return file;
  }

  private void print(PutOutcome.Stored stored) {
    switch (format) {
      case VALUE -> terminal.out().println(stored.entry().modifyRevision());
      case JSON -> terminal.out().println(Json.line(Json.entry(stored.entry())));
      case TABLE -> Entries.table(terminal.out(), List.of(stored.entry()));
    }
  }
}
