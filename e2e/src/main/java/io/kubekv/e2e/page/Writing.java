package io.kubekv.e2e.page;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import java.io.IOException;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The screens that change. */
final class Writing {
  private final World world;
  private final Browser browser;

  Writing(World world) {
    this.world = world;
    this.browser = world.browser();
  }

  void run() throws IOException {
    save();
    conflict();
    restore();
    create();
    delete();
  }

  private String value(String key) {
    return Await.read(world.store().get(Key.of(key), Freshness.LINEARIZABLE))
        .entry()
        .map(entry -> entry.value().toText())
        .orElse("none");
  }

  private void write(String text) {
    WebElement area = browser.find("#edited");
    area.clear();
    area.sendKeys(text);
    browser.step("preview").click();
    browser.until(() -> !browser.all("button[value=save]").isEmpty());
  }

  private boolean isAtKey() {
    return browser.until(() -> browser.url().contains("/ui/key?"));
  }

  private void save() throws IOException {
    world.put("edit", "one\ntwo");
    world.openKey("edit");
    browser.link("Edit").click();
    browser.until(() -> !browser.all("#edited").isEmpty());
    write("one\nthree");
    boolean looked = browser.find("tr.added code").getText().equals("three");
    boolean before = value("edit").equals("one\ntwo");
    browser.shoot("preview");
    browser.step("save").click();
    world.found(
        "an edit shows its difference, and is saved after that",
        looked && before && isAtKey() && value("edit").equals("one\nthree"));
  }

  private void conflict() throws IOException {
    world.put("race", "start");
    world.open("/edit?key=race");
    write("mine");
    world.put("race", "theirs");
    browser.step("save").click();
    boolean told = browser.until(() -> browser.text().contains("has changed meanwhile"));
    boolean kept = value("race").equals("theirs") && browser.text().contains("theirs");
    browser.shoot("conflict");
    browser.step("save").click();
    world.found(
        "what has changed meanwhile is not overwritten unseen",
        told && kept && isAtKey() && value("race").equals("mine"));
  }

  private void restore() {
    world.put("old", "first");
    world.put("old", "second");
    world.openKey("old");
    browser.all("tbody tr").getLast().findElement(By.linkText("restore")).click();
    boolean looked =
        browser.until(() -> browser.all("tr.added").size() == 1)
            && browser.find("tr.added code").getText().equals("first");
    browser.step("save").click();
    world.found(
        "an older version is restored", looked && isAtKey() && value("old").equals("first"));
  }

  private void create() {
    world.open("/");
    browser.find("#new").sendKeys("new/ключ", Keys.ENTER);
    browser.until(() -> !browser.all("#edited").isEmpty());
    write("значение ✓");
    browser.step("save").click();
    world.found("a new key is made", isAtKey() && value("new/ключ").equals("значение ✓"));
  }

  private void delete() {
    world.put("away", "x");
    world.openKey("away");
    browser.link("Delete").click();
    browser.until(() -> browser.text().contains("Delete away?"));
    browser.find("main form button").click();
    world.found(
        "a key is deleted after a question",
        browser.until(() -> browser.text().contains("This key is deleted"))
            && value("away").equals("none"));
  }
}
