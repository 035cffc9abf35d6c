package io.kubekv.transport.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who this process is and whom it trusts. The files are looked at again and again: what has changed
 * counts for connections that begin later, and what cannot be used is logged while the former ones
 * stay. Thread-safe.
 */
public final class Certificates implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Certificates.class);
  private static final Duration LOOK = Duration.ofSeconds(10);

  static {
    // read once, by the first handshake of the process: a client could have the server do the
    // costly part of a handshake again and again
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  private final TlsFiles files;
  private final AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
  private final Optional<AdvancedTlsX509TrustManager> ofClients;
  private final Optional<AdvancedTlsX509TrustManager> ofReplicas;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kubekv-certificates").factory());
  private final ClientCertificates connected;
  private final LongAdder failures = new LongAdder();
  private volatile Instant end = Instant.EPOCH;
  private Contents read;

  /** What was wrong with the files at the last look; empty when nothing was. */
  private String problem = "";

  /** What stands in the files: times and sizes can be the same of two that differ. */
  private record Contents(String certificate, String key, Optional<String> authority) {
    static Contents of(TlsFiles files) throws IOException {
      Optional<Path> authority = files.authority();
      return new Contents(
          Files.readString(files.certificate()),
          Files.readString(files.key()),
          authority.isPresent()
              ? Optional.of(Files.readString(authority.get()))
              : Optional.empty());
    }
  }

  private Certificates(TlsFiles files, InstantSource clock)
      throws IOException, GeneralSecurityException {
    this.files = files;
    this.connected = new ClientCertificates(clock);
    this.ofClients = trust(Verification.CERTIFICATE_ONLY_VERIFICATION);
    this.ofReplicas = trust(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION);
    this.read = Contents.of(files);
    use(read);
  }

  /**
   * Reads the files, and looks at them every ten seconds from now on.
   *
   * @throws IllegalArgumentException naming the files when they cannot be used
   */
  public static Certificates open(TlsFiles files) {
    return open(files, InstantSource.system());
  }

  /** As above, with a clock for the ends of clients' certificates. */
  static Certificates open(TlsFiles files, InstantSource clock) {
    try {
      Certificates opened = new Certificates(files, clock);
      var unused =
          opened.looking.scheduleWithFixedDelay(
              opened::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
      return opened;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
      throw new IllegalArgumentException(problem(files, unusable), unusable);
    }
  }

  private static String problem(TlsFiles files, Exception unusable) {
    return "certificate "
        + files.certificate()
        + " and key "
        + files.key()
        + files.authority().map(file -> " with authority " + file).orElse("")
        + " cannot be used: "
        + unusable;
  }

  private Optional<AdvancedTlsX509TrustManager> trust(Verification verification)
      throws GeneralSecurityException {
    return files.authority().isEmpty()
        ? Optional.empty()
        : Optional.of(
            AdvancedTlsX509TrustManager.newBuilder().setVerification(verification).build());
  }

  /** Our certificate, for servers and for clients. */
  public X509ExtendedKeyManager own() {
    return own;
  }

  /** Judges the certificates of clients; absent when they are not asked for any. */
  public Optional<X509ExtendedTrustManager> ofClients() {
    return ofClients.map(X509ExtendedTrustManager.class::cast);
  }

  /**
   * Whether what the client of a connection has shown is good now: within its time, and of an
   * authority that is trusted now. Also when it has shown nothing. Cheap.
   */
  public boolean areGood(@Nullable SSLSession connection) {
    return connection == null || connected.areGood(shown(connection));
  }

  private static List<X509Certificate> shown(SSLSession connection) {
    try {
      return Stream.of(connection.getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  /** Judges the certificates of other replicas and their names; absent: what the JDK does. */
  public Optional<X509ExtendedTrustManager> ofReplicas() {
    return ofReplicas.map(X509ExtendedTrustManager.class::cast);
  }

  /** Whether a client without a certificate is turned away. */
  public boolean clientsMust() {
    return files.clientsMust();
  }

  /** The name in the certificates of all replicas; absent: each has its address. */
  public Optional<String> replicaName() {
    return files.replicaName();
  }

  /** Until when our certificate is good. */
  public Instant end() {
    return end;
  }

  /** How often the files were found unusable. */
  public long failures() {
    return failures.sum();
  }

  /** Reads the files again if they have changed. Whatever is in them, the next look comes. */
  synchronized void look() {
    try {
      Contents now = Contents.of(files);
      if (!now.equals(read)) {
        use(now);
        read = now;
        log.info("certificates are read again: {}", files.certificate());
      }
      problem = "";
    } catch (IOException | GeneralSecurityException | RuntimeException unusable) {
      failures.increment();
      String former = problem;
      problem = problem(files, unusable);
      if (!problem.equals(former)) {
        log.warn("the former certificates stay: {}", problem);
      }
    }
  }

  private void use(Contents now) throws IOException, GeneralSecurityException {
    X509Certificate[] chain = Pem.certificates(now.certificate());
    PrivateKey key = Pem.key(now.key());
    if (!Pem.belongTogether(chain[0], key)) {
      throw new GeneralSecurityException("the key is not that of the certificate");
    }
    if (now.authority().isPresent()) {
      X509Certificate[] trusted = Pem.certificates(now.authority().get());
      ofClients.orElseThrow().updateTrustCredentials(trusted);
      ofReplicas.orElseThrow().updateTrustCredentials(trusted);
      connected.trust(trusted);
    }
    own.updateIdentityCredentials(chain, key);
    end = chain[0].getNotAfter().toInstant();
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
