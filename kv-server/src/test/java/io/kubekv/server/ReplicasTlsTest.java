package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.contract.StoreSpec;
import io.kubekv.contract.TestCertificates;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that show each other a certificate of one name, and let in nobody without one. */
class ReplicasTlsTest {
  private static final Duration LEASE = Duration.ofSeconds(3);

  @TempDir Path folder;

  private Certificates certificates(TestCertificates own, String name) {
    return Certificates.open(
        new TlsFiles(
            own.certificate(), own.key(), Optional.of(own.certificate()), true, Optional.of(name)));
  }

  private static ReplicaUnderTest replica(EmbeddedApiServer api, String name, Certificates tls) {
    return new ReplicaUnderTest(api, name, LEASE, StoreSpec.DEFAULT, Optional.of(tls));
  }

  @Test
  void change_isForwardedWithTls_toOneOfTheNameThatAllHave() throws Exception {
    TestCertificates own = TestCertificates.make(folder, "replicas", "dns:kubekv.example");
    try (EmbeddedApiServer api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
        Certificates tls = certificates(own, "kubekv.example");
        ReplicaUnderTest holder = replica(api, "holder", tls);
        ReplicaUnderTest other = replica(api, "other", tls)) {
      Await.change(other.store().put(PutRequest.of(Key.of("a"), Bytes.utf8("1"))));

      assertThat(Await.read(holder.store().get(Key.of("a"), Freshness.LINEARIZABLE)).entry())
          .isPresent();
      assertThat(other.replicas().forwarded()).isPositive();
    }
  }

  @Test
  void holder_ofAnotherName_isNotFollowed() throws Exception {
    TestCertificates own = TestCertificates.make(folder, "replicas", "dns:kubekv.example");
    try (EmbeddedApiServer api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
        Certificates tls = certificates(own, "kubekv.example");
        Certificates wrong = certificates(own, "elsewhere.example");
        ReplicaUnderTest holder = replica(api, "holder", tls);
        ReplicaUnderTest other = replica(api, "other", wrong)) {
      assertThat(holder.store().status().ready()).isTrue();
      assertThat(other.store().status().ready()).isFalse();
    }
  }
}
