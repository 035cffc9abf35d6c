package io.kubekv.e2e.page;

import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Chromium without a window, with the driver that is installed: nothing is fetched. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ChromeDriver driver;
  private final Path shots;

  /**
   * Starts one.
   *
   * @param scripts whether pages may run any
   * @param shots the folder of the pictures
   */
  Browser(boolean scripts, Path shots) {
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
            .usingAnyFreePort()
            .build();
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // which root does not get
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        "--lang=en",
        "--window-size=1280,900");
    if (!scripts) {
      options.addArguments("--blink-settings=scriptEnabled=false");
    }
    this.shots = shots;
    this.driver = new ChromeDriver(service, options);
  }

  void open(String url) {
    driver.get(url);
  }

  String url() {
    return driver.getCurrentUrl();
  }

  String title() {
    return driver.getTitle();
  }

  String text() {
    return find("body").getText();
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  WebElement link(String text) {
    return driver.findElement(By.linkText(text));
  }

  /** The button of a form that does a step. */
  WebElement step(String value) {
    return find("button[value=" + value + "]");
  }

  /** The element that the keyboard is in. */
  WebElement active() {
    return driver.switchTo().activeElement();
  }

  Object script(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  Object scriptLater(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeAsyncScript(script, arguments);
  }

  /** Waits until something is so; whether it became so. */
  boolean until(BooleanSupplier so) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (so.getAsBoolean()) {
          return true;
        }
      } catch (WebDriverException between) {
        // the page is being changed
      }
      Waiting.pause(Duration.ofMillis(10));
    }
    return false;
  }

  /** Shows pages in the dark, or in the light. */
  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Shows pages on a small screen, or on the usual one. */
  void width(int pixels) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
  }

  void shoot(String name) throws IOException {
    Files.createDirectories(shots);
    Files.write(shots.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** A picture of what begins with an element. */
  void shoot(WebElement from, String name) throws IOException {
    script("arguments[0].scrollIntoView()", from);
    shoot(name);
  }

  /** What the browser has complained of since this was asked last. */
  List<String> complaints() {
    return driver.manage().logs().get("browser").getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .filter(line -> line.startsWith("SEVERE"))
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
