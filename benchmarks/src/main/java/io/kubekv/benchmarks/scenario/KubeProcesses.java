package io.kubekv.benchmarks.scenario;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The processes of the control plane that {@code benchmarks/run} has started. */
public final class KubeProcesses {
  private static final Pattern ETCD_URL = Pattern.compile("ETCD_URL=(\\S+)");

  private KubeProcesses() {}

  public static List<ServerPart> parts() throws IOException {
    Path folder = Path.of(System.getenv("E2E_KUBE_FOLDER"));
    Matcher url = ETCD_URL.matcher(Files.readString(folder.resolve("env")));
    if (!url.find()) {
      throw new IOException(folder + "/env does not say where etcd is");
    }
    URI etcd = URI.create(url.group(1));
    return List.of(
        ServerPart.of("apiserver", process(folder, "apiserver")),
        ServerPart.etcd(
            process(folder, "etcd"), new InetSocketAddress(etcd.getHost(), etcd.getPort())));
  }

  private static long process(Path folder, String name) throws IOException {
    return Long.parseLong(Files.readString(folder.resolve(name + ".pid")).strip());
  }
}
