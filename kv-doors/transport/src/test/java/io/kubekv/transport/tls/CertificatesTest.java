package io.kubekv.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.contract.TestCertificates;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change, files that cannot be used. */
class CertificatesTest {
  @TempDir Path folder;

  private TestCertificates first;
  private TestCertificates second;
  private Path certificate;
  private Path key;
  private Certificates certificates;

  @BeforeEach
  void open() throws Exception {
    first = TestCertificates.make(folder, "first", "ip:127.0.0.1");
    second = TestCertificates.make(folder, "second", "ip:127.0.0.1");
    certificate = Files.copy(first.certificate(), folder.resolve("tls.crt"));
    key = Files.copy(first.key(), folder.resolve("tls.key"));
    certificates =
        Certificates.open(
            new TlsFiles(certificate, key, Optional.of(certificate), false, Optional.empty()));
  }

  @AfterEach
  void close() {
    certificates.close();
  }

  private String subject() {
    String alias = certificates.own().chooseEngineServerAlias("EC", null, null);
    return certificates.own().getCertificateChain(alias)[0].getSubjectX500Principal().getName();
  }

  private String trusted() {
    X509Certificate[] issuers = certificates.ofClients().orElseThrow().getAcceptedIssuers();
    assertThat(issuers).hasSize(1);
    return issuers[0].getSubjectX500Principal().getName();
  }

  private static void replace(Path file, Path with) throws Exception {
    Files.copy(with, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  @Test
  void files_thatChange_countFromTheNextLook() throws Exception {
    assertThat(subject()).isEqualTo("CN=first");
    replace(certificate, second.certificate());
    replace(key, second.key());

    certificates.look();

    assertThat(subject()).isEqualTo("CN=second");
    assertThat(trusted()).isEqualTo("CN=second");
  }

  @Test
  void certificate_withoutItsKey_isNotUsed_untilTheKeyIsThere() throws Exception {
    replace(certificate, second.certificate());
    certificates.look();
    assertThat(subject()).isEqualTo("CN=first");
    assertThat(trusted()).isEqualTo("CN=first");

    replace(key, second.key());
    certificates.look();
    assertThat(subject()).isEqualTo("CN=second");
  }

  @Test
  void files_thatVanish_leaveTheFormerOnes() throws Exception {
    Files.delete(key);

    certificates.look();

    assertThat(subject()).isEqualTo("CN=first");
  }

  @Test
  void files_whoseFileSystemIsGone_leaveTheFormerOnes_andTheNextLookComes() throws Exception {
    FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("files.zip"), Map.of("create", "true"));
    Path inside = Files.copy(first.certificate(), zip.getPath("/tls.crt"));
    Path keyInside = Files.copy(first.key(), zip.getPath("/tls.key"));
    try (Certificates mounted =
        Certificates.open(
            new TlsFiles(inside, keyInside, Optional.empty(), false, Optional.empty()))) {
      zip.close(); // an unchecked exception from now on

      mounted.look();
      mounted.look();

      assertThat(mounted.failures()).isEqualTo(2);
      assertThat(mounted.own().chooseEngineServerAlias("EC", null, null)).isNotNull();
    }
  }

  @Test
  void files_thatCannotBeUsed_areNamed() throws Exception {
    Files.writeString(key, "no key");

    assertThatThrownBy(
            () ->
                Certificates.open(
                    new TlsFiles(certificate, key, Optional.empty(), false, Optional.empty())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(certificate.toString())
        .hasMessageContaining("openssl pkcs8 -topk8");
    assertThatThrownBy(
            () ->
                Certificates.open(
                    new TlsFiles(
                        certificate, second.key(), Optional.empty(), false, Optional.empty())))
        .hasMessageContaining("the key is not that of the certificate");
  }
}
