package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The chart passes every option of {@code serve}, or it is said here why not. */
class ChartOptionsTest {
  private static final Path DEPLOYMENT =
      Path.of("../helm/kubekv/templates/deployment.yaml").toAbsolutePath().normalize();
  private static final Pattern ARGUMENT = Pattern.compile("(?m)^\\s*- --([a-z0-9-]+)(=.*)?$");

  /** What the chart does not pass, with the reason. */
  private static final Map<String, String> LEFT_OUT =
      Map.ofEntries(
          Map.entry("authorization-rbac-file", "the cluster's own RBAC decides"),
          Map.entry("context", "a pod has its account, and no kubeconfig"),
          Map.entry("data-dir", "the keys are in the cluster"),
          Map.entry("etcd", "the keys are in the cluster"),
          Map.entry("etcd-ca", "the keys are in the cluster"),
          Map.entry("etcd-cert", "the keys are in the cluster"),
          Map.entry("etcd-key", "the keys are in the cluster"),
          Map.entry("etcd-password-file", "the keys are in the cluster"),
          Map.entry("etcd-user", "the keys are in the cluster"),
          Map.entry("kubeconfig", "a pod has its account, and no kubeconfig"),
          Map.entry("token-auth-file", "tokens are those of the cluster's accounts"));

  @Test
  void everyOption_isPassedOrLeftOutForAReason() throws IOException {
    Set<String> passed = new TreeSet<>();
    Matcher argument = ARGUMENT.matcher(Files.readString(DEPLOYMENT));
    while (argument.find()) {
      passed.add(argument.group(1));
    }
    String[] args = {"serve"};
    CommandLine.ParseResult parsed = Main.commandLine(args, Map.of()).parseArgs(args);
    Set<String> options = Settings.names(parsed.subcommand().commandSpec());

    assertThat(options).as("what the chart passes").containsAll(passed);
    assertThat(options).as("what it leaves out").containsAll(LEFT_OUT.keySet());
    assertThat(passed).as("passed and left out").doesNotContainAnyElementsOf(LEFT_OUT.keySet());
    options.removeAll(passed);
    assertThat(options).as("neither passed nor left out").isEqualTo(LEFT_OUT.keySet());
  }

  @Test
  void sharesOfTheHeap_areLeftToTheHeap() throws IOException {
    String deployment = Files.readString(DEPLOYMENT);
    String values = Files.readString(DEPLOYMENT.resolveSibling("../values.yaml").normalize());

    for (String share : List.of("historyBytes", "maxStoreBytes")) {
      assertThat(values).as("no fixed value of %s", share).contains("\n  " + share + ": \"\"\n");
      assertThat(deployment)
          .as("passed only when set")
          .contains("{{- with .Values.store." + share + " }}");
    }
  }
}
