package io.kubekv.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.contract.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which certificates of clients that are let in stay good. */
class ClientCertificatesTest {
  @TempDir Path folder;

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final ClientCertificates certificates = new ClientCertificates(now::get);

  private X509Certificate made(String name, String... more) throws Exception {
    TestCertificates made = TestCertificates.make(folder, name, "dns:" + name, List.of(more));
    return Pem.certificates(Files.readString(made.certificate()))[0];
  }

  @Test
  void certificate_isGood_whateverIsShownBesides() throws Exception {
    X509Certificate own = made("client");
    X509Certificate over = made("over", "-startdate", "-10d", "-validity", "1");
    certificates.trust(new X509Certificate[] {own});

    assertThat(certificates.areGood(List.of(own, over))).isTrue();
    assertThat(certificates.areGood(List.of(over, own))).isFalse();
  }

  @Test
  void path_isCheckedAgainAfterAMinute() throws Exception {
    X509Certificate own = made("client");
    AtomicBoolean vouchedFor = new AtomicBoolean(true);
    certificates.trust(
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] shown, String kind)
              throws CertificateException {
            if (!vouchedFor.get()) {
              throw new CertificateException("a certificate between is over");
            }
          }

          @Override
          public void checkServerTrusted(X509Certificate[] shown, String kind) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        });
    assertThat(certificates.areGood(List.of(own))).isTrue();
    vouchedFor.set(false);
    now.set(now.get().plus(Duration.ofSeconds(59)));
    assertThat(certificates.areGood(List.of(own))).isTrue();

    now.set(now.get().plus(Duration.ofSeconds(1)));

    assertThat(certificates.areGood(List.of(own))).isFalse();
  }
}
