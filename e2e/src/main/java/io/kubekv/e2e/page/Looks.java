package io.kubekv.e2e.page;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.e2e.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the screens look, to everybody, and how soon. */
final class Looks {
  private static final int FOLDERS = 200;
  private static final int IN_FOLDER = 500;

  /** Screens of a store that has them all. */
  private static final List<String> LARGE =
      List.of(
          "/",
          "/?prefix=big%2F",
          "/?prefix=big%2F&after=big%2F099%2F",
          "/?prefix=big%2F150%2F",
          "/?prefix=big%2F15",
          "/key?key=big%2F150%2F250");

  private static final int WARM_UP = 2;
  private static final int LOADS = 5;

  private static final String AXE =
      "const done = arguments[arguments.length - 1];"
          + "axe.run().then(r => done(r.violations.map("
          + "v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join(', '))))"
          + ".catch(e => done(['axe: ' + e]));";

  private static final String WEIGHT =
      "return performance.getEntriesByType('resource')"
          + ".concat(performance.getEntriesByType('navigation'))"
          + ".reduce((sum, e) => sum + e.encodedBodySize, 0)";

  private static final String PAINT =
      "const done = arguments[arguments.length - 1];"
          + "new PerformanceObserver(l => l.getEntriesByName('first-contentful-paint')"
          + ".forEach(e => done(e.startTime))).observe({type: 'paint', buffered: true})";

  private final World world;
  private final Browser browser;
  private final Path axe;

  /**
   * @param axe the script that finds what some people cannot use
   */
  Looks(World world, Path axe) {
    this.world = world;
    this.browser = world.browser();
    this.axe = axe;
  }

  void run() throws IOException {
    accessible();
    small();
    many();
    complaints();
  }

  private static Map<String, String> screens() {
    Map<String, String> screens = new LinkedHashMap<>();
    screens.put("keys", "/");
    screens.put("level", "/?prefix=app%2F");
    screens.put("key", "/key?key=app%2Fconfig");
    screens.put("gone", "/key?key=gone%2Fkey");
    screens.put("edit", "/edit?key=app%2Fconfig");
    screens.put("delete", "/delete?key=app%2Fconfig");
    screens.put("import", "/import");
    screens.put("deleted", "/deleted");
    screens.put("watch", "/watch");
    screens.put("locks", "/locks");
    screens.put("docker", "/docker");
    screens.put("store", "/store");
    screens.put("failure", "/nothing");
    return screens;
  }

  /** Every screen in the light and in the dark: contrast, names, order, structure. */
  private void accessible() throws IOException {
    String script = Files.readString(axe);
    List<String> wrong = new ArrayList<>();
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      for (Map.Entry<String, String> screen : screens().entrySet()) {
        world.open(screen.getValue());
        browser.script(script);
        List<?> violations = (List<?>) browser.scriptLater(AXE);
        violations.forEach(each -> wrong.add(screen.getKey() + " " + scheme + " " + each));
      }
      world.openKey("app/config");
      browser.shoot("key-" + scheme);
    }
    browser.prefer("light");
    world.found(
        "axe finds nothing wrong in " + screens().size() + " screens, light and dark",
        wrong.isEmpty(),
        wrong.isEmpty() ? "nothing" : String.join("\n    ", wrong));
  }

  /** No screen is wider than a telephone. */
  private void small() throws IOException {
    List<String> wide = new ArrayList<>();
    browser.width(390);
    for (Map.Entry<String, String> screen : screens().entrySet()) {
      world.open(screen.getValue());
      Long over = (Long) browser.script("return document.documentElement.scrollWidth - innerWidth");
      if (over > 0) {
        wide.add(screen.getKey() + " by " + over);
      }
    }
    world.openKey("app/config");
    browser.shoot("narrow");
    browser.width(1280);
    world.found("no screen is wider than 390 pixels", wide.isEmpty(), wide.toString());
  }

  private void many() throws IOException {
    for (int folder = 0; folder < FOLDERS; folder++) {
      List<TransactionOperation> puts = new ArrayList<>();
      for (int i = 0; i < IN_FOLDER; i++) {
        Key key = Key.of("big/%03d/%03d".formatted(folder, i));
        puts.add(new TransactionOperation.Put(PutRequest.of(key, Bytes.utf8("value"))));
      }
      Await.change(world.store().transact(TransactionRequest.of(puts)));
    }
    weigh();
    world.open("/?prefix=big%2F");
    boolean counted = browser.text().contains("100,000 keys");
    browser.shoot("many");
    world.found("100,000 keys are browsed", counted && browser.all("tbody tr").size() == 100);
    world.open("/deleted");
    world.open("/locks");
    world.found("locks are found among them", browser.text().contains("mutex/worker-1"));
  }

  /** How soon each screen is painted first, by the median of its loads, and what it loads. */
  private void weigh() {
    double slowest = 0;
    long heaviest = 0;
    for (String path : LARGE) {
      for (int i = 0; i < WARM_UP; i++) {
        world.open(path);
      }
      double[] paints = new double[LOADS];
      for (int i = 0; i < LOADS; i++) {
        world.open(path);
        paints[i] = ((Number) browser.scriptLater(PAINT)).doubleValue() / 1000;
      }
      Arrays.sort(paints);
      slowest = Math.max(slowest, paints[LOADS / 2]);
      heaviest = Math.max(heaviest, ((Number) browser.script(WEIGHT)).longValue());
    }
    String what = "first paint of the slowest of %d screens (median of %d)";
    world.findings().time(what.formatted(LARGE.size(), LOADS), slowest, 0.3);
    world.findings().add(Finding.atMost("what a screen loads", heaviest / 1024.0, 60, "KiB"));
  }

  /** Of a policy that is not kept, of a script that fails. */
  private void complaints() {
    browser.complaints();
    for (String path : screens().values()) {
      if (!path.equals("/nothing")) { // whose answer is an error
        world.open(path);
      }
    }
    List<String> complaints = browser.complaints();
    world.found(
        "the browser complains of nothing", complaints.isEmpty(), String.join("; ", complaints));
  }
}
