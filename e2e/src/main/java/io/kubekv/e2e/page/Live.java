package io.kubekv.e2e.page;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Changes as they happen. */
final class Live {
  private static final int BURST = 5000;

  /** Fewer than a client may have on their way. */
  private static final int AT_ONCE = 250;

  private final World world;
  private final Browser browser;

  Live(World world) {
    this.world = world;
    this.browser = world.browser();
  }

  void run() throws IOException {
    update();
    burst();
  }

  private void open(String prefix) {
    world.open("/watch?prefix=" + World.encoded(prefix));
    world.put(prefix + "first", "x"); // the stream is open when this is seen
    browser.until(() -> browser.find("#live").getText().contains(prefix + "first"));
  }

  private void update() throws IOException {
    open("live/");
    double slowest = 0;
    boolean all = true;
    for (int i = 0; i < 5; i++) {
      String key = "live/" + i;
      long begun = System.nanoTime();
      world.put(key, "value " + i);
      boolean seen = browser.until(() -> browser.find("#live").getText().contains(key));
      slowest = Math.max(slowest, (System.nanoTime() - begun) / 1e9);
      all &= seen;
    }
    browser.shoot("watch");
    world.found("changes are shown as they happen", all);
    world.findings().time("a change is shown within", slowest, 1);
  }

  /** More than anybody reads. */
  private void burst() {
    open("burst/");
    for (int i = 0; i < BURST; i += AT_ONCE) {
      List<CompletableFuture<?>> puts = new ArrayList<>();
      for (int key = i; key < i + AT_ONCE; key++) {
        puts.add(world.store().put(PutRequest.of(Key.of("burst/" + key), Bytes.EMPTY)));
      }
      CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)).join();
    }
    world.put("burst/last", "x");
    boolean last = browser.until(() -> browser.find("#live").getText().contains("burst/last"));
    int rows = browser.all("#live li").size();
    world.found("a burst leaves a list of bounded length", last && rows <= 225, rows + " rows");
  }
}
