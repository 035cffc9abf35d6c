package io.kubekv.cli.transfer;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** An export's file. It is checked as a whole before the first entry is handed on. */
final class FileSource implements Source {
  private final Path file;
  private final ExportFile.Summary summary;

  FileSource(Path file) {
    this.file = file;
    this.summary = ExportFile.check(file);
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.of(summary.entries());
  }

  @Override
  public void each(Consumer<Item> items) {
    var unused = ExportFile.read(file, items);
  }
}
