package io.kubekv.cli.keys;

import io.kubekv.Await;
import io.kubekv.DeleteOutcome;
import io.kubekv.DirectoryLookup;
import io.kubekv.Entry;
import io.kubekv.KeyValueStore;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.RangeDeleted;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.cli.connection.StoreCommand;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.OutputOptions;
import io.kubekv.cli.terminal.Refusals;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.terminal.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code kubekv txn}. */
@Command(
    name = "txn",
    description = {
      "Compares, and then does several things together or not at all. Exit code 1 says that a"
          + " comparison did not hold, and what was to be done otherwise is done.",
      "The transaction is written as for etcdctl: comparisons, an empty line, what is done when all"
          + " hold, an empty line, what is done otherwise. The parts may have if:, then: and else:"
          + " above them instead.",
      "  value(\"KEY\") = \"TEXT\"   version(\"KEY\") > 0",
      "  create(\"KEY\") = 0       mod(\"KEY\") != 7",
      "  put KEY VALUE [--ttl DURATION]   get KEY [--prefix]   delete KEY [--prefix]"
    })
public final class TxnCommand extends StoreCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file with the transaction, - for standard input (-).")
  String file = "-";

  @Mixin OutputOptions output = new OutputOptions(Format.TABLE);

  public TxnCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int run(KeyValueStore store) {
    TransactionScript script = TransactionScript.parse(text());
    TransactionRequest request =
        TransactionRequest.of(
            new TransactionOperation.Choice(
                script.comparisons(), script.then(), script.otherwise()));
    return switch (Await.change(store.transact(request))) {
      case TransactionOutcome.Committed done -> {
        TransactionResult.Chosen chosen = (TransactionResult.Chosen) done.results().getFirst();
        print(done, chosen);
        yield chosen.held() ? ExitCodes.DONE : ExitCodes.REFUSED;
      }
      case TransactionOutcome.RolledBack refused -> {
        refused
            .failures()
            .forEach(
                failure ->
                    terminal.say(
                        "operation "
                            + failure.operation()
                            + ": "
                            + Refusals.explain(failure.refused())
                            + "; nothing was done"));
        yield ExitCodes.REFUSED;
      }
    };
  }

  private String text() {
    try {
      return file.equals("-")
          ? new String(terminal.read("the transaction"), StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "cannot read the transaction: " + FileProblems.explain(unreadable), unreadable);
    }
  }

  private void print(TransactionOutcome.Committed done, TransactionResult.Chosen chosen) {
    if (output.kind() == Format.Kind.NODE) {
      ObjectNode node = Json.object().put("held", chosen.held());
      Json.revision(node, "revision", done.revision());
      ArrayNode results = node.putArray("results");
      chosen.results().forEach(result -> results.add(json(result)));
      output.print(terminal.out(), node);
      return;
    }
    terminal.out().println(chosen.held() ? "SUCCESS" : "FAILURE");
    chosen.results().forEach(this::print);
  }

  private void print(TransactionResult result) {
    switch (result) {
      case PutOutcome.Stored put ->
          terminal.out().println("put " + Texts.line(put.entry().key().text()));
      case Listing listing -> listing.entries().forEach(this::print);
      case RangeDeleted deleted -> terminal.out().println("deleted " + deleted.count());
      case Lookup lookup -> lookup.entry().ifPresent(this::print);
      case DeleteOutcome.Deleted deleted -> terminal.out().println("deleted 1");
      case DirectoryLookup directory -> {}
      case TransactionResult.Chosen chosen -> chosen.results().forEach(this::print);
    }
  }

  private void print(Entry entry) {
    terminal.out().println(entry.key());
    terminal.out().writeBytes(entry.value().toArray());
    terminal.out().println();
  }

  private static ObjectNode json(TransactionResult result) {
    ObjectNode node = Json.object();
    switch (result) {
      case PutOutcome.Stored put -> node.set("put", Json.entry(put.entry()));
      case Listing listing -> entries(node, listing.entries());
      case RangeDeleted deleted -> node.put("deleted", deleted.count());
      case Lookup lookup -> entries(node, lookup.entry().stream().toList());
      case DeleteOutcome.Deleted deleted -> node.put("deleted", 1);
      case DirectoryLookup directory -> {}
      case TransactionResult.Chosen chosen -> node.put("held", chosen.held());
    }
    return node;
  }

  private static void entries(ObjectNode node, List<Entry> entries) {
    ArrayNode list = node.putArray("entries");
    entries.forEach(entry -> list.add(Json.entry(entry)));
  }
}
