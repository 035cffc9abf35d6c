package io.kubekv.e2e.faults.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubekv.e2e.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A real control plane, etcd and kube-apiserver, started and ended by the scripts of kube.d. */
final class KubeApi implements ApiServer {
  private static final Pattern URL = Pattern.compile("KUBE_URL=(\\S+)");
  private static final String API = "apiserver";
  private static final String ETCD = "etcd";

  private final Path folder;
  private final Thread onExit = new Thread(this::stop, "end-of-control-plane");
  private final Upstream upstream;

  KubeApi(Path parent) throws IOException {
    folder = parent.resolve("kube");
    Runtime.getRuntime().addShutdownHook(onExit);
    run("start-all");
    Matcher url = URL.matcher(Files.readString(folder.resolve("env")));
    if (!url.find()) {
      throw new IOException("the control plane in " + folder + " names no address");
    }
    String token = Files.readString(folder.resolve("pki/admin.token")).strip();
    upstream = new Upstream(URI.create(url.group(1)), token, client());
  }

  private HttpClient client() throws IOException {
    try (InputStream certificate = Files.newInputStream(folder.resolve("pki/ca.crt"))) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(tls)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot trust the control plane in " + folder, e);
    }
  }

  private void run(String action, String... process) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Repository.root().resolve("e2e/kube.d/process").toString());
    command.addAll(List.of(folder.toString(), action));
    command.addAll(List.of(process));
    Path log = Files.createTempFile("kubekv-e2e-process", ".log");
    Process running =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (running.waitFor() != 0) {
        throw new IOException(
            String.join(" ", command) + " failed: " + Files.readString(log, UTF_8).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  @Override
  public String name() {
    return "kube";
  }

  @Override
  public Upstream upstream() {
    return upstream;
  }

  @Override
  public void kill() throws IOException {
    run("kill", API);
  }

  @Override
  public void pause() throws IOException {
    run("pause", API);
  }

  @Override
  public void resume() throws IOException {
    run("resume", API);
  }

  @Override
  public void startAgain() throws IOException {
    run("start", API);
  }

  @Override
  public boolean hasStorage() {
    return true;
  }

  @Override
  public void restartStorage() throws IOException {
    run("kill", ETCD);
    run("start", ETCD);
  }

  private void stop() {
    try {
      run("stop-all");
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // this program is ending already: the hook has run or is running
    }
  }
}
