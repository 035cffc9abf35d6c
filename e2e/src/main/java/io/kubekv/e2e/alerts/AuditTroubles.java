package io.kubekv.e2e.alerts;

import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.Repository;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.api.ApiAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.bytebuddy.ByteBuddy;

/** An index that misses a change, which a change of the product's own classes makes it do. */
final class AuditTroubles implements Group {
  private static final String STORE = "audited";

  /** Some comparisons, each of which takes place every other second. */
  private static final Duration AUDITED = Duration.ofSeconds(20);

  private static final Pattern NAME = Pattern.compile("\"name\":\"(k[0-9a-v]+)\"");

  @Override
  public Set<String> alerts() {
    return Set.of("KubekvIndexRepaired");
  }

  @Override
  public void play(Stage stage) throws IOException {
    Places.Place place = stage.place(STORE);
    InetSocketAddress operations = FreePorts.next();
    String agent = "KUBEKV_JAVA_OPTS=-javaagent:" + jar(stage.folder);
    try (StoreProcess kubekv =
        StoreProcess.program(
            "kubekv", (folder, etcd, grpc) -> command(agent, place, operations, etcd, grpc))) {
      stage.begin(new Rules(STORE, 1, 1_000_000), operations);
      stage.provoke(STORE, alerts(), () -> removeUnheard(kubekv, place));
    }
  }

  private static List<String> command(
      String agent,
      Places.Place place,
      InetSocketAddress operations,
      InetSocketAddress etcd,
      InetSocketAddress grpc) {
    List<String> words = new ArrayList<>(List.of("env", agent));
    words.addAll(List.of(Repository.root().resolve("kubekv").toString(), "serve"));
    words.addAll(List.of("--kubeconfig", place.kubeconfig().toString()));
    words.addAll(List.of("--namespace", place.namespace()));
    words.addAll(List.of("--etcd-listen", StoreProcess.hostAndPort(etcd)));
    words.addAll(List.of("--grpc-listen", StoreProcess.hostAndPort(grpc)));
    words.addAll(List.of("--ops-listen", StoreProcess.hostAndPort(operations)));
    return words;
  }

  private static Path jar(Path folder) throws IOException {
    Path jar = folder.resolve("deaf.jar");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", DeafIndex.class.getName());
    attributes.putValue("Class-Path", from(DeafIndex.class) + " " + from(ByteBuddy.class));
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  private static String from(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI().toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What comes after it is heard: otherwise the index would be behind, and not wrong. */
  private static void removeUnheard(StoreProcess kubekv, Places.Place place) throws IOException {
    Subject.put(kubekv, "unheard", "value=1");
    ApiClient api = new ApiClient(ApiAddress.of(place.kubeconfig()));
    String objects = "/apis/kubekv.io/v1/namespaces/" + place.namespace() + "/keyvalues";
    String found = api.send("GET", objects + "?fieldSelector=spec.key%3Dunheard", "");
    Matcher name = NAME.matcher(found);
    if (!name.find()) {
      throw new IOException("the key has no object: " + found);
    }
    api.send("DELETE", objects + "/" + name.group(1), "");
    Crowd.run(1, AUDITED, number -> Subject.put(kubekv, "heard", "value=1"));
  }
}
