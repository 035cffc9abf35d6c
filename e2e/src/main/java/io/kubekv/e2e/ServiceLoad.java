package io.kubekv.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Writers of keys at one address behind which replicas come and go, each request on a connection of
 * its own: what {@link ReplicaWriter} demands of three replicas is demanded of a Service.
 *
 * <p>Arguments: {@code --server ADDRESS:PORT --below KEY --authority PEM --identity PKCS12} (the
 * password is {@code kubekv}). Each line of the standard input names what has just ended, and is
 * answered with what was acknowledged meanwhile; when the input ends, every key is read once more.
 */
final class ServiceLoad {
  private static final int WRITERS = 6;
  private static final char[] PASSWORD = "kubekv".toCharArray();

  private final ConcurrentLinkedQueue<Long> acknowledgements = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<ReplicaWriter> writers = new ArrayList<>();
  private long phaseBegan = System.nanoTime();

  private ServiceLoad(ReplicaWriter.Way way, String below) {
    SplittableRandom random = new SplittableRandom();
    for (int number = 0; number < WRITERS; number++) {
      String path = "/" + below + "/w" + number;
      writers.add(
          new ReplicaWriter(path, List.of(way), random.nextLong(), acknowledgements, faults));
    }
  }

  public static void main(String[] arguments) {
    Check.run("load", arguments, ServiceLoad::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    String[] server = arguments.option("--server").orElseThrow().split(":");
    String below = arguments.option("--below").orElseThrow();
    Path authority = Path.of(arguments.option("--authority").orElseThrow());
    Path identity = Path.of(arguments.option("--identity").orElseThrow());
    arguments.end();
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByName(server[0]), Integer.parseInt(server[1]));
    return new ServiceLoad(
            new ReplicaWriter.Way(address, Optional.of(tls(authority, identity))), below)
        .load();
  }

  private Check.Verdict load() throws IOException {
    List<Thread> threads = new ArrayList<>();
    writers.forEach(each -> threads.add(Thread.ofVirtual().start(each)));
    BufferedReader phases =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String phase = phases.readLine(); phase != null; phase = phases.readLine()) {
      tell(phase);
    }
    writers.forEach(ReplicaWriter::stop);
    join(threads);
    writers.forEach(ReplicaWriter::readAtTheEnd);
    faults.stream().limit(5).forEach(fault -> Check.say("  %s", fault));
    long acknowledged = writers.stream().mapToLong(each -> each.acknowledged().size()).sum();
    long failed = writers.stream().mapToLong(ReplicaWriter::failed).sum();
    return new Check.Verdict(
        "%d writes acknowledged, %d requests without an answer or refused as unavailable, %d faults"
            .formatted(acknowledged, failed, faults.size()),
        "0 faults",
        faults.isEmpty() && acknowledged > 0);
  }

  private static void join(List<Thread> threads) throws IOException {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What was acknowledged since the last phase ended, and the longest time without anything. */
  private void tell(String phase) {
    long now = System.nanoTime();
    long previous = phaseBegan;
    long longest = 0;
    int count = 0;
    for (long at : acknowledgements.stream().sorted().toList()) {
      if (at > phaseBegan && at < now) {
        longest = Math.max(longest, at - previous);
        previous = at;
        count++;
      }
    }
    longest = Math.max(longest, now - previous);
    Check.say(
        "%s: %d writes acknowledged, longest time without one %.1f s", phase, count, longest / 1e9);
    phaseBegan = now;
  }

  private static SSLContext tls(Path authority, Path identity) throws IOException {
    try (InputStream pem = Files.newInputStream(authority);
        InputStream own = Files.newInputStream(identity)) {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(own, PASSWORD);
      KeyManagerFactory shown =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      shown.init(keys, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(shown.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw new IOException("the certificates cannot be used", failure);
    }
  }
}
