package io.kubekv.e2e.container;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;

/**
 * Starts a Kubernetes API server under Testcontainers for a script, and keeps it until the standard
 * input ends. Its first line is {@code ready HOST PORT}, or {@code skipped REASON} where there is
 * no engine or no image; the exit code is 0 in both cases.
 *
 * <p>Arguments: {@code k3s KUBECONFIG IMAGE}, which writes an administrator's kubeconfig; or {@code
 * apiserver ETCD KUBE-APISERVER PKI FLAGS...}: static programs of this machine, and the folder of
 * certificates that the flags name as {@code /pki}.
 */
final class ContainerCluster {
  private ContainerCluster() {}

  public static void main(String[] arguments) throws IOException {
    try {
      if (DockerClientFactory.instance().isDockerAvailable()) {
        run(List.of(arguments));
      } else {
        System.out.println("skipped no container engine answers (DOCKER_HOST says where one is)");
      }
    } catch (RuntimeException failure) {
      // what is built here needs no registry, so that it cannot be had is a fault
      if (!arguments[0].equals("k3s") || !isForWantOfAnImage(failure)) {
        throw failure;
      }
      System.out.println("skipped an image cannot be fetched: " + firstCause(failure));
    }
  }

  private static void run(List<String> arguments) throws IOException {
    try (RunningCluster cluster = start(arguments)) {
      System.out.println("ready " + cluster.host() + " " + cluster.port());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static RunningCluster start(List<String> arguments) throws IOException {
    return switch (arguments.getFirst()) {
      case "k3s" -> K3sCluster.start(Path.of(arguments.get(1)), arguments.get(2));
      case "apiserver" ->
          ScratchCluster.start(
              Path.of(arguments.get(1)),
              Path.of(arguments.get(2)),
              Path.of(arguments.get(3)),
              arguments.subList(4, arguments.size()));
      default -> throw new IllegalArgumentException("no cluster is called " + arguments.getFirst());
    };
  }

  private static boolean isForWantOfAnImage(Throwable failure) {
    return failure instanceof ContainerFetchException
        || (failure.getCause() != null && isForWantOfAnImage(failure.getCause()));
  }

  private static String firstCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).strip().replace('\n', ' ');
  }
}
