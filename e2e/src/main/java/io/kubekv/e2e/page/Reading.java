package io.kubekv.e2e.page;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.Locking;
import io.kubekv.PutRequest;
import io.kubekv.SessionSpec;
import java.io.IOException;
import java.util.List;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The screens that show. */
final class Reading {
  /** What would do harm if it were taken for a part of the page. */
  static final String HOSTILE =
      "<script>document.title='harmed'</script><img src=x onerror=\"document.title='harmed'\">"
          + "\"'</pre></textarea><b id=harm>\u202Eevil";

  private final World world;
  private final Browser browser;

  Reading(World world) {
    this.world = world;
    this.browser = world.browser();
  }

  void run() throws IOException {
    levels();
    pages();
    search();
    keyboard();
    values();
    hostile();
    history();
    deleted();
    locks();
    store();
  }

  private boolean shows(String text) {
    return browser.until(() -> browser.text().contains(text));
  }

  private void levels() throws IOException {
    world.put("app/config", "{\"port\":8080,\"hosts\":[\"a\",\"b\"]}");
    world.put("app/log/level", "debug");
    world.put("motd", "hello");
    world.open("/");
    boolean top = browser.text().contains("app/") && browser.text().contains("motd");
    browser.link("app/").click();
    boolean below = shows("config") && browser.text().contains("log/");
    browser.link("log/").click();
    world.found("levels open one below the other", top && below && shows("level"));
    browser.shoot("levels");
  }

  private void pages() {
    for (int i = 0; i < 120; i++) {
      world.put("many/%03d".formatted(i), "x");
    }
    world.open("/?prefix=many%2F");
    int first = browser.all("tbody tr").size();
    browser.link("Next page").click();
    boolean second = shows("119") && browser.all("tbody tr").size() == 20;
    browser.link("First page").click();
    world.found("a long level has pages", first == 100 && second && shows("000"));
  }

  private void search() {
    world.open("/");
    browser.find("#search").sendKeys("app/lo");
    boolean found = browser.until(() -> browser.all("tbody tr").size() == 1) && shows("log/");
    world.found(
        "search by prefix shows what it finds while one types",
        found && browser.until(() -> browser.url().contains("prefix=app%2Flo")));
  }

  private void keyboard() {
    world.open("/");
    browser.active().sendKeys(Keys.TAB);
    boolean skip = browser.active().getText().contains("Skip to the content");
    browser.active().sendKeys(Keys.ENTER);
    boolean link = false;
    for (int i = 0; i < 20 && !link; i++) {
      browser.active().sendKeys(Keys.TAB);
      link = browser.active().getText().equals("motd");
    }
    browser.active().sendKeys(Keys.ENTER);
    world.found("keys are reached by the keyboard alone", skip && link && shows("hello"));
  }

  private String value() {
    return browser.find("pre code").getText();
  }

  private void values() throws IOException {
    world.openKey("app/config");
    boolean json = value().contains("\"port\" : 8080");
    browser.shoot("key");
    browser.link("text").click();
    boolean text = browser.until(() -> value().startsWith("{\"port\":8080"));
    browser.link("HEX").click();
    boolean hex = browser.until(() -> value().startsWith("00000000  7b 22 70 6f"));
    world.put("bytes", Bytes.copyOf(new byte[] {0, 1, (byte) 0xFF}));
    world.openKey("bytes");
    world.found(
        "a value is shown as JSON, text or hexadecimal",
        json && text && hex && value().contains("00 01 ff"));
  }

  private void hostile() throws IOException {
    world.put("bad/" + HOSTILE, HOSTILE);
    Await.change(
        world.store().put(PutRequest.of(Key.of("bad/large"), Bytes.utf8("<x>".repeat(340_000)))));
    boolean harmed = false;
    String key = World.encoded("bad/" + HOSTILE);
    for (String path :
        List.of("/?prefix=bad%2F", "/key?key=" + key, "/watch", "/edit?key=" + key)) {
      world.open(path);
      harmed |= !browser.all("#harm").isEmpty() || browser.title().equals("harmed");
    }
    browser.shoot("hostile");
    world.openKey("bad/large");
    world.found(
        "hostile keys and values are shown and do nothing",
        !harmed && value().startsWith("<x>") && browser.text().contains("Only the beginning"));
  }

  private void history() throws IOException {
    world.put("tale", "one\ntwo\nthree");
    world.put("tale", "one\n2\nthree");
    world.openKey("tale");
    int changes = browser.all("tbody tr").size();
    browser.link("diff").click();
    boolean diff =
        browser.until(() -> browser.all("tr.removed").size() == 1)
            && browser.find("tr.removed code").getText().equals("two")
            && browser.find("tr.added code").getText().equals("2");
    browser.shoot("diff");
    world.found("a key has its history, and each change its difference", changes == 2 && diff);
  }

  private void deleted() {
    world.put("gone/key", "what it was");
    Await.change(world.store().delete(DeleteRequest.of(Key.of("gone/key"))));
    world.open("/deleted?prefix=gone%2F");
    boolean listed = browser.text().contains("what it was");
    browser.link("gone/key").click();
    world.found(
        "deleted keys are shown with what they were", listed && shows("This key is deleted"));
  }

  private void locks() throws IOException {
    SessionSpec first = SessionSpec.random().withName("worker-1");
    SessionSpec second = SessionSpec.random().withName("worker-2");
    for (SessionSpec each : List.of(first, second)) {
      Await.change(world.store().sessions().create(each));
      Await.change(
          world
              .store()
              .put(
                  PutRequest.of(Key.of("mutex/" + each.name()), Bytes.EMPTY)
                      .withAttachment(new Attachment.To(each.id()))));
    }
    Await.change(
        world
            .store()
            .put(
                PutRequest.of(Key.of("leader"), Bytes.EMPTY)
                    .withLocking(new Locking.Acquire(first.id()))));
    world.open("/locks");
    List<String> queue = browser.all("ol.queue li").stream().map(WebElement::getText).toList();
    String text = browser.text();
    browser.shoot("locks");
    world.found(
        "locks have their holder and their queue, sessions what they hold",
        queue.size() == 2
            && queue.get(0).startsWith("holds mutex/worker-1")
            && queue.get(1).startsWith("waits mutex/worker-2")
            && text.contains("leader worker-1 " + first.id())
            && browser.all("table").size() == 2);
  }

  private void store() throws IOException {
    world.open("/store");
    String text = browser.text();
    browser.shoot("store");
    world.found(
        "the store shows its replicas, lease, log and view",
        List.of("ready", "holder", "Epoch", "Lease", "Log", "Snapshot", "Late by").stream()
            .allMatch(text::contains));
    costs(text);
  }

  /** The model's figures, and what is measured beside them. */
  private void costs(String text) throws IOException {
    browser.shoot(browser.find("table.cost"), "cost");
    world.found(
        "the store shows what it costs, predicted and measured",
        List.of(
                    "The API server is inside this process",
                    "Memory of its watch cache",
                    "Written to the disk",
                    "here, garbage included",
                    "not known here")
                .stream()
                .allMatch(text::contains)
            && browser.all("table.cost").size() == 2);
  }
}
