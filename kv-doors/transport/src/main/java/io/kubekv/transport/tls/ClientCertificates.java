package io.kubekv.transport.tls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whether the certificates of connected clients are still good. A handshake judges them once, for
 * as long as the connection lasts and for all that resume its session; but their time ends, and the
 * authority may be replaced. Thread-safe.
 */
final class ClientCertificates {
  /** A certificate between a client's and the authority's may come to its end, too. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final InstantSource clock;
  private volatile @Nullable Authority authority;

  /** Who vouches for clients now, and for which it is known. */
  private record Authority(X509TrustManager trust, Cache<X509Certificate, Boolean> known) {}

  ClientCertificates(InstantSource clock) {
    this.clock = clock;
  }

  /** Whoever they vouch for is good from now on, and nobody else. */
  void trust(X509Certificate[] trusted) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < trusted.length; i++) {
      store.setCertificateEntry("authority " + i, trusted[i]);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager trust) {
        trust(trust);
        return;
      }
    }
    throw new GeneralSecurityException("the JDK makes no trust manager of X.509");
  }

  /** Likewise. What it says of a client is asked for again after a minute. */
  void trust(X509TrustManager trust) {
    authority =
        new Authority(
            trust,
            Caffeine.newBuilder()
                .weakKeys()
                .expireAfterWrite(REMEMBERED)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build());
  }

  /** Whether what a client has shown, its own certificate first, is good now. */
  boolean areGood(List<X509Certificate> shown) {
    Authority now = authority;
    return now == null
        || shown.isEmpty()
        || isInTime(shown.getFirst())
            && now.known().get(shown.getFirst(), own -> isVouchedFor(now, shown));
  }

  /** What is shown besides may be of no use to the path, and so to nobody. */
  private boolean isInTime(X509Certificate own) {
    return !clock.instant().isAfter(own.getNotAfter().toInstant());
  }

  private static boolean isVouchedFor(Authority by, List<X509Certificate> shown) {
    try {
      by.trust()
          .checkClientTrusted(
              shown.toArray(new X509Certificate[0]),
              shown.getFirst().getPublicKey().getAlgorithm());
      return true;
    } catch (CertificateException notAnyMore) {
      return false;
    }
  }
}
