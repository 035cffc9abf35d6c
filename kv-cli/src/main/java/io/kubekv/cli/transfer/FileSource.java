package io.kubekv.cli.transfer;

import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.export.ExportException;
import io.kubekv.export.ExportFile;
import io.kubekv.export.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** An export's file. It is checked as a whole before the first entry is handed on. */
final class FileSource implements Source {
  private final Path file;
  private final ExportFile.Summary summary;

  FileSource(Path file) {
    this.file = file;
    this.summary = check(file);
  }

  /** Reads the whole file; what is wrong with it, is said. */
  static ExportFile.Summary check(Path file) {
    return read(file, item -> {});
  }

  private static ExportFile.Summary read(Path file, Consumer<Item> items) {
    try {
      return ExportFile.read(file, items);
    } catch (ExportException wrong) {
      throw TransferException.wrong(String.valueOf(wrong.getMessage()), wrong);
    } catch (IOException unreadable) {
      throw TransferException.wrong(
          "cannot read " + file + ": " + FileProblems.explain(unreadable), unreadable);
    }
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.of(summary.entries());
  }

  @Override
  public void each(Consumer<Item> items) {
    var unused = read(file, items);
  }
}
