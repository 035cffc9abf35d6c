package io.kubekv.e2e.page;

import io.kubekv.Await;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openqa.selenium.Keys;

/** Keys that leave as a file, and come back from it. */
final class Moving {
  private final World world;
  private final Browser browser;

  Moving(World world) {
    this.world = world;
    this.browser = world.browser();
  }

  void run() throws IOException {
    world.found("a file is looked at, and imported after that", moves("moved"));
    world.found("a file that was cut off gets a line, and changes nothing", cutOff());
  }

  private String value(String key) {
    return Await.read(world.store().get(Key.of(key), Freshness.LINEARIZABLE))
        .entry()
        .map(entry -> entry.value().toText())
        .orElse("none");
  }

  private boolean shows(String text) {
    return browser.until(() -> browser.text().contains(text));
  }

  /** What the page's export of a level has. */
  private byte[] exported(String level) throws IOException {
    URI file = URI.create(world.base() + "/export?prefix=" + World.encoded(level + "/"));
    try (InputStream in = file.toURL().openStream()) {
      return in.readAllBytes();
    }
  }

  /** Exports three keys, changes one, deletes one, and imports the file; by the keyboard alone. */
  boolean moves(String level) throws IOException {
    world.put(level + "/a", "one");
    world.put(level + "/b", "two");
    world.put(level + "/c", "three");
    Path file = Files.createTempFile("kubekv-e2e-page", ".jsonl");
    try {
      Files.write(file, exported(level));
      world.put(level + "/a", "changed");
      Await.change(world.store().delete(DeleteRequest.of(Key.of(level + "/b"))));
      world.open("/?prefix=" + World.encoded(level + "/"));
      browser.link("Import").sendKeys(Keys.ENTER);
      browser.until(() -> !browser.all("#file").isEmpty());
      browser.find("#file").sendKeys(file.toString());
      browser.find("#overwrite").sendKeys(Keys.SPACE);
      browser.step("look").sendKeys(Keys.ENTER);
      boolean looked =
          shows("1 new")
              && browser.text().contains("1 changed")
              && browser.text().contains("1 the same already")
              && value(level + "/a").equals("changed");
      browser.shoot("import-" + level);
      browser.step("write").sendKeys(Keys.ENTER);
      boolean written = shows("2 written.");
      browser.shoot("imported-" + level);
      return looked
          && written
          && value(level + "/a").equals("one")
          && value(level + "/b").equals("two")
          && value(level + "/c").equals("three");
    } finally {
      Files.delete(file);
    }
  }

  private boolean cutOff() throws IOException {
    world.put("cut/a", "one");
    byte[] whole = exported("cut");
    String text = new String(whole, StandardCharsets.UTF_8);
    Path file = Files.createTempFile("kubekv-e2e-page", ".jsonl");
    try {
      Files.writeString(file, text.substring(0, text.lastIndexOf("{\"entries\"")));
      Await.change(world.store().delete(DeleteRequest.of(Key.of("cut/a"))));
      world.open("/import");
      browser.find("#file").sendKeys(file.toString());
      browser.step("look").click();
      boolean told = shows("has no last line with a checksum, so nothing was changed.");
      browser.complaints(); // of the answer that was no success
      return told && value("cut/a").equals("none");
    } finally {
      Files.delete(file);
    }
  }
}
