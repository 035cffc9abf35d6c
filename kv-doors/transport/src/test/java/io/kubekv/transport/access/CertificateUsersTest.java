package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.contract.TestCertificates;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateUsersTest {
  @TempDir Path folder;

  private X509Certificate certificate(String name, String alternative) throws Exception {
    try (InputStream in =
        Files.newInputStream(TestCertificates.make(folder, name, alternative).certificate())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @Test
  void subject_commonNameIsTheUser_organizationsAreGroups() throws Exception {
    X509Certificate certificate = certificate("host1, O=hosts, O=docker", "dns:host1.example");

    User user = CertificateUsers.bySubject().user(certificate).orElseThrow();

    assertThat(user.name()).isEqualTo("host1");
    assertThat(user.groups()).containsExactlyInAnyOrder("hosts", "docker", "system:authenticated");
  }

  @Test
  void alternativeName_aUriBeforeAHost() throws Exception {
    X509Certificate certificate =
        certificate("host1", "dns:host1.example,uri:spiffe://example/host1");

    assertThat(CertificateUsers.byAlternativeName().user(certificate))
        .contains(new User("spiffe://example/host1", List.of("system:authenticated")));
  }

  @Test
  void alternativeName_ofNoKindThatCounts_isNobody() throws Exception {
    X509Certificate certificate = certificate("host1", "ip:127.0.0.1");

    assertThat(CertificateUsers.byAlternativeName().user(certificate)).isEmpty();
  }
}
