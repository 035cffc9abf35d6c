package io.kubekv.server;

import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.kubekv.transport.tls.TraditionalKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The way to a cluster: what a kubeconfig or a pod says, and nothing else. What is missing or wrong
 * there is an {@link IllegalArgumentException} that names the file and what to do, because whatever
 * one would guess instead is another cluster.
 */
final class KvServerCluster {
  private static final String HOST = "KUBERNETES_SERVICE_HOST";
  private static final Path ACCOUNT = Path.of(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH);

  private KvServerCluster() {}

  /** The way to the cluster of a configuration. */
  static Config connection(ServerConfig.Cluster cluster) {
    return settled(isNamed(cluster) ? ofFiles(cluster) : ofPod(System::getenv, ACCOUNT));
  }

  /**
   * The same for somebody at a terminal: where nothing is named, and this is no pod, the cluster
   * that kubectl means.
   *
   * @param environment the variables of the process
   */
  static Config connectionOfOperator(
      ServerConfig.Cluster cluster, UnaryOperator<@Nullable String> environment) {
    boolean inPod = !isNamed(cluster) && environment.apply(HOST) != null;
    return settled(inPod ? ofPod(environment, ACCOUNT) : ofFiles(cluster));
  }

  private static boolean isNamed(ServerConfig.Cluster cluster) {
    return cluster.kubeconfig().isPresent() || cluster.context().isPresent();
  }

  private static Config ofFiles(ServerConfig.Cluster cluster) {
    return ofFiles(
        cluster.kubeconfig().map(List::of).orElseGet(KvServerCluster::usualFiles),
        cluster.context());
  }

  private static Config settled(Config connection) {
    connection.setRequestRetryBackoffLimit(0);
    // a proxy that passes no WebSocket may answer one with a stream, for whose end it is waited
    connection.setOnlyHttpWatches(true);
    return connection;
  }

  /**
   * The cluster that this process runs in.
   *
   * @param environment the variables of the process
   * @param account the token of the pod's service account
   */
  static Config ofPod(UnaryOperator<@Nullable String> environment, Path account) {
    if (environment.apply(HOST) == null || !Files.isReadable(account)) {
      throw new IllegalArgumentException(
          "in-cluster is for pods, and this is none: "
              + (environment.apply(HOST) == null
                  ? HOST + " is not set"
                  : "there is no token of a service account at " + account)
              + "; elsewhere use --kubeconfig FILE");
    }
    // a pod's own kubeconfig would otherwise win; it is looked for at each renewal of the token
    System.setProperty(Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY, "false");
    return Config.autoConfigure(null);
  }

  /** Where kubectl looks, too: those of KUBECONFIG that exist, otherwise the one in the home. */
  private static List<Path> usualFiles() {
    Collection<String> names = Config.getKubeconfigFilenames();
    List<Path> files = names.stream().map(Path::of).filter(Files::exists).toList();
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no kubeconfig at "
              + String.join(", ", names)
              + ": name one with --kubeconfig FILE");
    }
    return files;
  }

  /**
   * The cluster of a context.
   *
   * @param files kubeconfigs, of which the first that says something counts; at least one
   * @param context its name; absent: the current one
   */
  static Config ofFiles(List<Path> files, Optional<String> context) {
    List<io.fabric8.kubernetes.api.model.Config> all = new ArrayList<>();
    files.forEach(file -> all.add(read(file)));
    String where = String.join(", ", files.stream().map(Path::toString).toList());
    List<NamedContext> contexts =
        all.stream().flatMap(each -> each.getContexts().stream()).toList();
    String name = context.orElseGet(() -> currentContext(all, contexts, where));
    NamedContext chosen =
        contexts.stream()
            .filter(each -> each.getName().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        where + " has no context '" + name + "': " + names(contexts)));
    requireWhole(all, chosen, where);
    Config connection = Config.empty();
    KubeConfigUtils.merge(
        connection, name, all.toArray(io.fabric8.kubernetes.api.model.Config[]::new));
    usableKey(connection, where);
    return connection;
  }

  private static io.fabric8.kubernetes.api.model.Config read(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "cannot read the kubeconfig "
              + file
              + (Files.exists(file) ? ": no permission, or no file" : ": it does not exist"));
    }
    io.fabric8.kubernetes.api.model.@Nullable Config parsed;
    try {
      parsed = KubeConfigUtils.parseConfig(file.toFile());
    } catch (NullPointerException empty) { // what the library throws for a file without content
      parsed = null;
    } catch (RuntimeException broken) {
      Throwable reason = broken.getCause() == null ? broken : broken.getCause();
      throw new IllegalArgumentException(
          file + " is no kubeconfig: " + firstLine(reason), broken.getCause());
    }
    if (parsed == null
        || parsed.getContexts().stream().anyMatch(each -> each.getContext() == null)) {
      throw new IllegalArgumentException(
          file + " is no kubeconfig: " + (parsed == null ? "it is empty" : "a context is empty"));
    }
    return parsed;
  }

  private static String currentContext(
      List<io.fabric8.kubernetes.api.model.Config> files,
      List<NamedContext> contexts,
      String where) {
    return files.stream()
        .map(io.fabric8.kubernetes.api.model.Config::getCurrentContext)
        .filter(name -> name != null && !name.isEmpty())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    where
                        + " has no current-context; name one with --context: "
                        + names(contexts)));
  }

  private static String names(List<NamedContext> contexts) {
    return contexts.isEmpty()
        ? "it has none"
        : "it has " + String.join(", ", contexts.stream().map(NamedContext::getName).toList());
  }

  /** What is not there would not be missed: the client then takes another address, and nobody. */
  private static void requireWhole(
      List<io.fabric8.kubernetes.api.model.Config> files, NamedContext context, String where) {
    String cluster = String.valueOf(context.getContext().getCluster());
    if (files.stream()
        .flatMap(each -> each.getClusters().stream())
        .filter(each -> each.getName().equals(cluster))
        .map(NamedCluster::getCluster)
        .noneMatch(each -> each != null && each.getServer() != null)) {
      throw new IllegalArgumentException(
          where
              + ": context '"
              + context.getName()
              + "' is of cluster '"
              + cluster
              + "', of which no server is known there");
    }
    String user = context.getContext().getUser();
    if (user != null
        && files.stream()
            .flatMap(each -> each.getUsers().stream())
            .map(NamedAuthInfo::getName)
            .noneMatch(user::equals)) {
      throw new IllegalArgumentException(
          where
              + ": context '"
              + context.getName()
              + "' is of user '"
              + user
              + "', who is not there");
    }
  }

  /** Gives a client's key the form that the Kubernetes client reads. */
  private static void usableKey(Config connection, String where) {
    if (connection.getClientKeyData() == null && connection.getClientKeyFile() == null) {
      return;
    }
    String key =
        connection.getClientKeyData() == null
            ? "client-key " + connection.getClientKeyFile()
            : "client-key-data of " + where;
    try {
      String pem =
          connection.getClientKeyData() == null
              ? Files.readString(Path.of(connection.getClientKeyFile()))
              : new String(
                  Base64.getMimeDecoder().decode(connection.getClientKeyData()),
                  StandardCharsets.US_ASCII);
      TraditionalKey.ofEllipticCurve(pem)
          .ifPresent(
              traditional -> {
                byte[] bytes = traditional.getBytes(StandardCharsets.US_ASCII);
                connection.setClientKeyData(Base64.getEncoder().encodeToString(bytes));
                connection.setClientKeyFile(null);
                connection.setClientKeyAlgo("EC");
              });
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          where + ": cannot read the " + key + ": " + unreadable, unreadable);
    } catch (GeneralSecurityException | IllegalArgumentException unusable) {
      throw new IllegalArgumentException(
          "cannot use the " + key + ": " + firstLine(unusable), unusable);
    }
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("it is empty");
  }
}
