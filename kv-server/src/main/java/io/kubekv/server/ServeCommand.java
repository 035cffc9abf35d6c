package io.kubekv.server;

import io.kubekv.Limits;
import io.kubekv.cli.terminal.ByteSize;
import io.kubekv.cli.terminal.Durations;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.http.DirectMemory;
import io.kubekv.transport.log.LogFormat;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tls.TlsFiles;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kubekv serve}: parses, builds, runs until it is told to stop. */
@Command(
    name = "serve",
    description = {
      "Serves the etcd (v2 and v3), Consul, ZooKeeper and gRPC APIs on a store that a Kubernetes"
          + " API or etcd v3 keeps.",
      "Every option is also an environment variable (--etcd-listen is KUBEKV_ETCD_LISTEN) and a"
          + " line of the configuration file (etcd-listen = ...). The command line wins, then the"
          + " environment, then the file."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "A file of KEY = VALUE lines.")
  @Nullable Path configFile;

  @Option(names = "--print-config", description = "Print every setting and its source, and exit.")
  boolean printConfig;

  @Option(
      names = "--etcd-listen",
      paramLabel = "HOST:PORT",
      description = "Where the etcd API is served, v2 and v3; off for nowhere (${DEFAULT-VALUE}).")
  String etcdListen = "127.0.0.1:2379";

  @Option(
      names = "--consul-listen",
      paramLabel = "HOST:PORT",
      description = "Where the Consul API is served; off for nowhere (${DEFAULT-VALUE}).")
  String consulListen = "127.0.0.1:8500";

  @Option(
      names = "--grpc-listen",
      paramLabel = "HOST:PORT",
      description = "Where the gRPC API is served; off for nowhere (${DEFAULT-VALUE}).")
  String grpcListen = "127.0.0.1:2390";

  @Option(
      names = "--ops-listen",
      paramLabel = "HOST:PORT",
      description = "Where /healthz, /readyz and /metrics are; off for nowhere (${DEFAULT-VALUE}).")
  String opsListen = "127.0.0.1:2381";

  @Option(
      names = "--advertise-client-urls",
      paramLabel = "URL",
      split = ",",
      description =
          "Client URLs in the member list (API v2: the URL that the client came by; v3: the"
              + " address of --etcd-listen, none when that is 0.0.0.0).")
  List<URI> advertised = new ArrayList<>();

  @Option(
      names = "--advertise-replica",
      paramLabel = "HOST:PORT",
      description =
          "Where the store's other replicas reach the gRPC API of this one (--grpc-listen).")
  @Nullable String advertisedReplica;

  @Mixin DoorOptions doors = new DoorOptions();

  @Mixin TlsOptions tls = new TlsOptions();

  @Mixin AccessOptions access = new AccessOptions();

  @Mixin LimitOptions clients = new LimitOptions();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the embedded Kubernetes API server keeps its data (${DEFAULT-VALUE}).")
  Path dataDir;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Use this kubeconfig's cluster instead of the embedded API server.")
  @Nullable Path kubeconfig;

  @Option(
      names = "--in-cluster",
      description = "Use the cluster that this pod runs in, by its service account.")
  boolean inCluster;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The kubeconfig's context; given alone, of the default kubeconfig.")
  @Nullable String context;

  @Mixin EtcdOptions etcdStore = new EtcdOptions();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The namespace that is the store (${DEFAULT-VALUE}).")
  String namespace = "default";

  @Option(
      names = "--lease-duration",
      paramLabel = "DURATION",
      description = "How long the store's lease lasts without renewal (6s).")
  Duration lease = Duration.ofSeconds(6);

  @Option(
      names = "--request-timeout",
      paramLabel = "DURATION",
      description = "How long a request waits for the store (5s).")
  Duration requestTimeout = Duration.ofSeconds(5);

  @Option(
      names = "--history-bytes",
      paramLabel = "SIZE",
      description =
          "Memory for past events, from which late watches are served (64MiB, or a sixteenth of the"
              + " heap where that is less).")
  ByteSize history = defaultHistory(Runtime.getRuntime().maxMemory());

  @Option(
      names = "--max-key-bytes",
      paramLabel = "SIZE",
      description = "The longest key (${DEFAULT-VALUE}).")
  ByteSize maxKey = new ByteSize(Limits.DEFAULT.maxKeyBytes());

  @Option(
      names = "--max-value-bytes",
      paramLabel = "SIZE",
      description = "The largest value (${DEFAULT-VALUE}).")
  ByteSize maxValue = new ByteSize(Limits.DEFAULT.maxValueBytes());

  @Option(
      names = "--max-entries",
      paramLabel = "N",
      description = "The most keys in the store (${DEFAULT-VALUE}).")
  long maxEntries = Limits.DEFAULT.maxEntries();

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "How the log is written: text for people, or json (${DEFAULT-VALUE}).")
  LogFormat logFormat = LogFormat.text;

  @Mixin TracingOptions tracing = new TracingOptions();

  @Spec @Nullable CommandSpec spec;

  private final Settings settings;

  ServeCommand(Settings settings) {
    this.settings = settings;
    this.dataDir = settings.dataFolder();
  }

  @Override
  public Integer call() throws Exception {
    CommandSpec command = Objects.requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    ServerConfig config = config();
    if (printConfig) {
      printConfig(command, out);
    } else {
      logFormat.use();
      DirectMemory.bound();
      Tracer tracer = tracing.tracer(config.backend().namespace(), System.getenv());
      ServeLoop.run(config, tracer, out);
    }
    return 0;
  }

  static ByteSize defaultHistory(long heap) {
    return new ByteSize(Math.clamp(heap >> 24, 1, 64) << 20);
  }

  /** The parsed configuration; {@link IllegalArgumentException} naming what is wrong. */
  ServerConfig config() {
    SettingNeeds.check(given());
    ServerConfig.Backend backend = backend();
    Optional<TlsFiles> files = tls.files();
    boolean secured = files.flatMap(TlsFiles::authority).isPresent();
    return new ServerConfig(
        ListenAddress.parse("etcd-listen", etcdListen),
        ListenAddress.parse("consul-listen", consulListen),
        ListenAddress.parse("grpc-listen", grpcListen),
        ListenAddress.parse("ops-listen", opsListen),
        advertised,
        Optional.ofNullable(advertisedReplica)
            .map(address -> ListenAddress.required("advertise-replica", address)),
        backend,
        lease,
        requestTimeout,
        history.bytes(),
        new Limits(
            Math.toIntExact(maxKey.bytes()),
            Math.toIntExact(maxValue.bytes()),
            Limits.DEFAULT.maxDepth(),
            maxEntries),
        clients.config(requestTimeout),
        files,
        access.config(secured),
        Optional.ofNullable(access.replicaToken),
        doors.config());
  }

  /** What was said, as texts by name: by default, or to be as by default, is not said. */
  private Map<String, String> given() {
    CommandSpec command = Objects.requireNonNull(spec);
    Map<String, String> given = new TreeMap<>();
    for (String name : Settings.names(command)) {
      OptionSpec option = command.findOption("--" + name);
      boolean onCommandLine = command.commandLine().getParseResult().hasMatchedOption(option);
      String value = shown(option.getValue());
      if (settings.isGiven(option, onCommandLine) && !value.isEmpty() && !value.equals("false")) {
        given.put(name, value);
      }
    }
    tracing
        .endpoint(settings.environment())
        .ifPresent(url -> given.putIfAbsent("tracing-endpoint", url.toString()));
    return given;
  }

  private ServerConfig.Backend backend() {
    Optional<ServerConfig.Etcd> inEtcd = etcdStore.backend(namespace);
    if (inEtcd.isPresent()) {
      return inEtcd.get();
    }
    return kubeconfig == null && context == null && !inCluster
        ? new ServerConfig.Embedded(dataDir, namespace)
        : new ServerConfig.Cluster(
            Optional.ofNullable(kubeconfig), Optional.ofNullable(context), namespace);
  }

  private void printConfig(CommandSpec command, PrintWriter out) {
    for (String name : Settings.names(command)) {
      OptionSpec option = command.findOption("--" + name);
      boolean given = command.commandLine().getParseResult().hasMatchedOption(option);
      out.printf(
          "%-22s = %-32s # %s%n", name, shown(option.getValue()), settings.source(option, given));
    }
    out.flush();
  }

  private static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case List<?> list -> String.join(",", list.stream().map(Object::toString).toList());
      case Duration duration -> Durations.print(duration);
      case Object other -> other.toString();
    };
  }
}
