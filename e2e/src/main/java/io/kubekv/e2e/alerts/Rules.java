package io.kubekv.e2e.alerts;

import io.kubekv.e2e.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The chart's alerts for one store. Of the template's language it knows what alerts.yaml uses, and
 * refuses anything else; that Helm makes the same of it is for the chart's own check to show.
 *
 * @param replicas the chart's {@code replicaCount}
 * @param entries the chart's {@code store.maxEntries}
 */
record Rules(String store, int replicas, long entries) {
  private static final Pattern SETTING = Pattern.compile("\\{\\{- \\$\\w+ := .*?}}\\n");
  private static final Pattern WAITING = Pattern.compile("(?m)^ +for: \\w+\\n");
  private static final Pattern NAME = Pattern.compile("- alert: (\\w+)");

  /** The names of all alerts. */
  static Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    NAME.matcher(template()).results().forEach(found -> names.add(found.group(1)));
    return names;
  }

  /** A file of rules for Prometheus: each alert fires at once, otherwise it is as in the chart. */
  String file() throws IOException {
    String rules = SETTING.matcher(template()).replaceAll("");
    rules = WAITING.matcher(rules).replaceAll("");
    rules =
        rules
            .replace("- name: kubekv", "- name: " + store)
            .replaceAll(
                " *\\{\\{- \\$of -}} *", "namespace=\"" + store + "\",service=\"kubekv-ops\"")
            .replace("{{ $runbook }}", "RUNBOOK.md")
            .replace("{{ $max }}", Long.toString(entries))
            .replace("{{ .Values.replicaCount }}", Integer.toString(replicas))
            .replace("{{ .Release.Namespace }}", store);
    if (rules.contains("{{")) {
      throw new IOException("alerts.yaml has a template that this check does not know:\n" + rules);
    }
    return "groups:\n" + rules;
  }

  private static String template() throws IOException {
    return Files.readString(Repository.root().resolve("helm/kubekv/alerts.yaml"));
  }
}
