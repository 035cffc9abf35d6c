package io.kubekv.e2e.page;

import java.io.IOException;
import org.openqa.selenium.Keys;

/** What is read without JavaScript. */
final class Plain {
  private final World world;
  private final Browser browser;

  /**
   * @param world whose browser runs no scripts
   */
  Plain(World world) {
    this.world = world;
    this.browser = world.browser();
  }

  void run() throws IOException {
    world.open("/");
    browser.link("app/").click();
    boolean levels = shows("config");
    world.open("/");
    browser.find("#search").sendKeys("tale", Keys.ENTER);
    boolean search = browser.until(() -> browser.url().contains("prefix=tale")) && shows("1 key");
    browser.link("tale").click();
    boolean key = shows("History");
    browser.link("diff").click();
    boolean diff = browser.until(() -> browser.all("tr.added").size() == 1);
    world.open("/watch");
    boolean changes = shows("Without JavaScript the latest changes are shown");
    world.found(
        "all is read without JavaScript",
        levels && search && key && diff && changes && !browser.all("#live li").isEmpty());
    world.found("a file is imported without JavaScript", new Moving(world).moves("plain"));
  }

  private boolean shows(String text) {
    return browser.until(() -> browser.text().contains(text));
  }
}
