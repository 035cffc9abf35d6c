package io.kubekv.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tlc2.TLC;

/**
 * Runs TLC, the model checker of TLA+, on a model of the module's {@code src/model}. In a process
 * of its own, because TLC ends its process and keeps its state in static fields.
 */
public final class Tlc {
  private static final Path MODELS = Path.of("src", "model");
  private static final Pattern STATES =
      Pattern.compile("(\\d+) states generated, (\\d+) distinct states found, (\\d+) states left");
  private static final Pattern VIOLATED = Pattern.compile("Error: Invariant (\\w+) is violated");

  /**
   * What TLC found.
   *
   * @param distinct how many states it has seen
   * @param left how many of them it has not followed: 0 when it has seen all there are
   * @param violated the invariant that a state does not have
   * @param output all that it printed, the steps to that state included
   */
  public record Result(long distinct, long left, Optional<String> violated, String output) {
    public boolean holdsEverywhere() {
      return violated.isEmpty() && left == 0 && output.contains("No error has been found");
    }
  }

  private Tlc() {}

  /**
   * Checks a model; blocks for seconds.
   *
   * @param changes constants that have another value than in the model's configuration
   * @param folder empty, for what TLC writes
   */
  public static Result check(String model, Map<String, String> changes, Path folder) {
    try {
      Files.copy(MODELS.resolve(model + ".tla"), folder.resolve(model + ".tla"));
      Path configuration = folder.resolve(model + ".cfg");
      Files.writeString(configuration, changed(model, changes));
      return result(run(model, folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while TLC ran", e);
    }
  }

  private static String changed(String model, Map<String, String> changes) throws IOException {
    String text = Files.readString(MODELS.resolve(model + ".cfg"));
    for (Map.Entry<String, String> change : changes.entrySet()) {
      Pattern line = Pattern.compile("(?m)^  " + change.getKey() + " = .*$");
      if (!line.matcher(text).find()) {
        throw new IllegalArgumentException(model + " has no constant " + change.getKey());
      }
      String value = "  " + change.getKey() + " = " + change.getValue();
      text = line.matcher(text).replaceFirst(Matcher.quoteReplacement(value));
    }
    return text;
  }

  private static String run(String model, Path folder) throws IOException, InterruptedException {
    Process tlc =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xmx1g",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                jar().toString(),
                TLC.class.getName(),
                "-workers",
                "auto",
                "-metadir",
                folder.resolve("states").toString(),
                model)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      tlc.getOutputStream().close();
      String output = new String(tlc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      tlc.waitFor();
      return output;
    } finally {
      tlc.destroyForcibly();
    }
  }

  private static Path jar() {
    try {
      return Path.of(TLC.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Result result(String output) {
    Matcher states = STATES.matcher(output);
    if (!states.find()) {
      throw new IllegalStateException("TLC did not check the model:\n" + output);
    }
    Matcher violated = VIOLATED.matcher(output);
    return new Result(
        Long.parseLong(states.group(2)),
        Long.parseLong(states.group(3)),
        violated.find() ? Optional.of(violated.group(1)) : Optional.empty(),
        output);
  }
}
