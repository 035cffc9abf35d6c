package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Finding;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes one {@link Assault}, and tells what it found in lines of text. */
final class AssaultProcess {
  private static final String MARK = "finding";

  private AssaultProcess() {}

  public static void main(String[] words) throws IOException {
    Assault assault = (Assault) Attacks.named(words[0]);
    Arguments arguments =
        new Arguments(List.of(words).subList(1, words.length).toArray(String[]::new));
    Target target = Target.of(arguments);
    arguments.end();
    assault.attack(target, finding -> System.out.println(line(finding)));
    System.exit(0); // connections that it left open end with it
  }

  /** Blocks until the attack is over; ends it when it takes longer than that. */
  static void run(Assault assault, Target target, Duration within, Consumer<Finding> findings)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("nice", "-n", "10"));
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-Dio.netty.machineId=02:09:09:09:09:09"));
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(AssaultProcess.class.getName(), assault.name()));
    command.addAll(target.words());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread end = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(end);
    Thread.ofVirtual().start(() -> endAfter(process, within));
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith(MARK + "\t")) {
          findings.accept(finding(line));
        }
      }
      int code = process.waitFor();
      findings.accept(Finding.of("the attack was made to its end", code == 0, "exit code " + code));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  private static void endAfter(Process process, Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(Finding finding) {
    return String.join(
        "\t", MARK, finding.what(), finding.figure(), finding.bar(), "" + finding.holds());
  }

  private static Finding finding(String line) {
    String[] parts = line.split("\t", -1);
    return new Finding(parts[1], parts[2], parts[3], Boolean.parseBoolean(parts[4]));
  }
}
