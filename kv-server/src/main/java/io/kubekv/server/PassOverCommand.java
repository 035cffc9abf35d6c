package io.kubekv.server;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.HelpOption;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.k8s.api.ApiCallException;
import io.kubekv.k8s.log.LogRescue;
import io.kubekv.k8s.snapshot.DamagedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubekv pass-over}. */
@Command(
    name = "pass-over",
    description = {
      "Puts an empty entry in the place of one of the log that nobody can read any more, so that"
          + " the store can be opened again. What that entry has changed is LOST; of a large change"
          + " that takes several entries, all of it. An entry that is whole in an object which"
          + " others have changed is put back instead, and nothing is lost.",
      "The last resort: a replica that still runs mends its log by itself, and the object may be in"
          + " a backup of the API's storage. Without --accept-loss it only says what would be lost."
    })
final class PassOverCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Parameters(
      paramLabel = "POSITION",
      description = "The position of the entry, as kubekv status or /readyz name it.")
  long position;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "The cluster that keeps the log (the pod's own; elsewhere KUBECONFIG, ~/.kube/config).")
  @Nullable Path kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "Its context (the current one).")
  @Nullable String context;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The store's namespace (default).")
  String namespace = "default";

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description = "For how long it is looked whether a replica mends it (10s).")
  Duration wait = Duration.ofSeconds(10);

  @Option(names = "--accept-loss", description = "Do it, and lose what is to be lost.")
  boolean acceptLoss;

  @Mixin HelpOption help = new HelpOption();

  private final Terminal terminal;

  PassOverCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    ServerConfig.Cluster cluster =
        new ServerConfig.Cluster(
            Optional.ofNullable(kubeconfig), Optional.ofNullable(context), namespace);
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(KvServerCluster.connectionOfOperator(cluster, System::getenv))
            .build()) {
      return run(LogRescue.in(client, namespace, PATIENCE));
    } catch (LogRescue.RefusedException refused) {
      say(refused.getMessage());
      return ExitCodes.REFUSED;
    } catch (ApiCallException | DamagedException failed) {
      say(failed.getMessage());
      return ExitCodes.UNAVAILABLE;
    }
  }

  private int run(LogRescue log)
      throws LogRescue.RefusedException, ApiCallException, DamagedException, InterruptedException {
    LogRescue.Finding found = log.look(position);
    terminal.out().println("entry " + position + ": " + found.problem());
    terminal.out().println("to be lost: " + found.lost());
    if (!acceptLoss) {
      say("nothing was changed; with --accept-loss the entry is " + done(found));
      return ExitCodes.REFUSED;
    }
    Thread.sleep(wait);
    LogRescue.Finding again = log.look(position);
    if (!again.isAsBefore(found)) {
      say(
          "nothing was changed: somebody has written to the log between two looks at it, and a"
              + " replica that runs may still have the entry. Look at kubekv status; if none runs,"
              + " try again");
      return ExitCodes.REFUSED;
    }
    log.passOver(again);
    terminal
        .out()
        .println(
            "entry "
                + position
                + " is "
                + done(again)
                + "; restart the replicas that have stopped"
                + (again.whole() ? "" : ", and look what clients miss"));
    return ExitCodes.DONE;
  }

  private static String done(LogRescue.Finding found) {
    return found.whole() ? "put back" : "passed over";
  }

  private void say(@Nullable String message) {
    terminal.err().println("kubekv: " + message);
  }
}
