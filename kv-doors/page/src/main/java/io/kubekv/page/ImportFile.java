package io.kubekv.page;

import io.kubekv.etcdv2file.EtcdV2FileException;
import io.kubekv.etcdv2file.EtcdV2Keys;
import io.kubekv.etcdv2file.EtcdV2Snapshot;
import io.kubekv.export.ExportException;
import io.kubekv.export.ExportFile;
import io.kubekv.export.Item;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A file of keys that somebody has sent: an export, or a snapshot of an etcd v2. It is whole, and
 * each of its entries can be read.
 *
 * @param note what is to be known of it; empty for nothing
 */
record ImportFile(Reader reader, String note) {
  /** Hands on every entry, in order. */
  interface Reader {
    void each(Consumer<Item> items) throws IOException;
  }

  /**
   * Reads all of it once. What is wrong with it is a {@link PageError}.
   *
   * @param most entries that it may have
   */
  static ImportFile of(byte[] file, int most) {
    ImportFile read = isExport(file) ? export(file) : snapshot(file);
    long[] entries = new long[1];
    read.each(
        item -> {
          if (++entries[0] > most) {
            throw new PageError(
                413,
                String.format(
                    Locale.ROOT,
                    "The file has more than %,d entries, so nothing was changed: use kubekv import,"
                        + " which takes any number.",
                    most));
          }
        });
    return read;
  }

  /** A snapshot begins with the number of a field, which is no letter. */
  private static boolean isExport(byte[] file) {
    return file.length == 0 || file[0] == '{';
  }

  private static ImportFile export(byte[] file) {
    return new ImportFile(
        items -> {
          var unused = ExportFile.read("The file", new ByteArrayInputStream(file), items);
        },
        "");
  }

  private static ImportFile snapshot(byte[] file) {
    try {
      EtcdV2Keys keys = new EtcdV2Keys(EtcdV2Snapshot.read(file));
      Instant now = Instant.now();
      return new ImportFile(items -> keys.each(now, items), keys.note());
    } catch (IOException other) {
      throw PageError.bad(
          "The file is no export of kubekv and no whole snapshot of an etcd v2, so nothing was"
              + " changed.");
    }
  }

  void each(Consumer<Item> items) {
    try {
      reader.each(items);
    } catch (ExportException | EtcdV2FileException wrong) {
      throw PageError.bad(
          Visible.cut(Visible.of(String.valueOf(wrong.getMessage())), 300)
              + ", so nothing was changed.");
    } catch (IOException noText) {
      throw PageError.bad("The file is no export of kubekv: it is not UTF-8. Nothing was changed.");
    }
  }
}
