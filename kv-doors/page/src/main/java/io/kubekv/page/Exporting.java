package io.kubekv.page;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.export.ExportFile;
import io.kubekv.export.Item;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.limits.Room;
import io.kubekv.transport.limits.Use;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys as a file for {@code kubekv import}, as they are at one revision. It is made as fast as it
 * is taken; one that is cut off has no last line, and no import reads it.
 */
final class Exporting {
  private static final Logger log = LoggerFactory.getLogger(Exporting.class);

  private final KeyValueStore store;
  private final Executor threads;

  Exporting(KeyValueStore store, Executor threads) {
    this.store = store;
    this.threads = threads;
  }

  void answer(Call call) {
    if (!call.exchange().method().equals("GET")) {
      throw new PageError(405, "A file is read by GET.");
    }
    Range range = new Range.WithPrefix(call.query().prefix());
    Listing listing = Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE));
    Room.Part kept = Use.current().map(Use::takeOver).orElse(Room.Part.NONE);
    try {
      Download file =
          new Download(over -> call.exchange().stream(200, headers(), both(over, kept::close)));
      threads.execute(() -> write(listing, file));
    } catch (RuntimeException notBegun) {
      kept.close();
      throw notBegun;
    }
  }

  private static Runnable both(Runnable first, Runnable second) {
    return () -> {
      first.run();
      second.run();
    };
  }

  private static List<Header> headers() {
    List<Header> headers = new ArrayList<>(Page.SHIELD);
    headers.add(new Header("Content-Type", "application/x-ndjson"));
    headers.add(new Header("Content-Disposition", "attachment; filename=\"kubekv-export.jsonl\""));
    return headers;
  }

  private void write(Listing listing, Download file) {
    try {
      ExportFile.Writer writer = new ExportFile.Writer(file, store.id(), listing.revision());
      for (Entry entry : listing.entries()) {
        writer.add(Item.of(entry));
      }
      var unused = writer.finish();
      file.finish();
    } catch (IOException gone) {
      log.debug("an export was not taken: {}", gone.getMessage());
      file.breakOff();
    } catch (RuntimeException unexpected) {
      log.error("an export failed", unexpected);
      file.breakOff();
    }
  }
}
