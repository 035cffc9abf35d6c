package io.kubekv.etcd;

import static io.kubekv.etcd.EtcdRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.grpc.ManagedChannel;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.UnavailableException;
import io.kubekv.contract.FreePorts;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcd.api.EtcdClient;
import io.kubekv.etcd.api.GrpcEtcdClient;
import io.kubekv.etcd.log.PrefixCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that lets in only whom it knows. */
class EtcdAccessTest {
  @TempDir Path folder;

  @Test
  void certificates_areCheckedByBothSides() throws Exception {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=kubekv",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-days",
        "1",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem");
    String certificate = folder.resolve("cert.pem").toString();
    int port = FreePorts.next();
    EtcdAccess known = access(port, true);
    try (EtcdProcess etcd =
        EtcdProcess.start(
            EtcdVersion.V3_6,
            "https",
            port,
            List.of(
                "--cert-file=" + certificate,
                "--key-file=" + folder.resolve("key.pem"),
                "--client-cert-auth",
                "--trusted-ca-file=" + certificate))) {
      etcd.awaitAnswer(known);
      try (LogRig rig = new LogRig(etcd);
          EngineStore store = rig.open(known, EngineSettings.DEFAULT, Duration.ofSeconds(10));
          EtcdClient stranger =
              GrpcEtcdClient.connect(access(port, false), Duration.ofSeconds(1))) {
        eventually("the log is opened", () -> store.status().ready());
        assertThat(Await.change(store.put(PutRequest.of(Key.of("a"), Bytes.utf8("1")))))
            .isInstanceOf(PutOutcome.Stored.class);
        assertThatThrownBy(() -> PrefixCheck.require(stranger, rig.keys(), Duration.ofMillis(200)))
            .isInstanceOf(UnavailableException.class);
      }
    }
  }

  private EtcdAccess access(int port, boolean withCertificate) {
    Optional<Path> certificate = Optional.of(folder.resolve("cert.pem"));
    Optional<Path> key = Optional.of(folder.resolve("key.pem"));
    return new EtcdAccess(
        List.of("127.0.0.1:" + port),
        Optional.of(
            new EtcdAccess.Tls(
                certificate,
                certificate.filter(path -> withCertificate),
                key.filter(path -> withCertificate))),
        Optional.empty());
  }

  private void openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void wrongPassword_isNamed_withWhatToGrant() {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6)) {
      List<String> endpoints = List.of(etcd.endpoint());
      enableUsers(endpoints, "secret");
      try (LogRig rig = new LogRig(etcd);
          EtcdClient wrong =
              GrpcEtcdClient.connect(withPassword(endpoints, "guess"), Duration.ofSeconds(3))) {
        assertThatThrownBy(() -> PrefixCheck.require(wrong, rig.keys(), Duration.ofMillis(200)))
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining("etcd does not let us in: login failed")
            .hasMessageContaining("--etcd-password-file")
            .hasMessageContaining("readwrite --prefix=true " + rig.keys().prefix());
      }
    }
  }

  static EtcdAccess withPassword(List<String> endpoints, String password) {
    return new EtcdAccess(
        endpoints, Optional.empty(), Optional.of(new EtcdAccess.Login("root", password)));
  }

  static void enableUsers(List<String> endpoints, String password) {
    ManagedChannel channel = Channels.open(EtcdAccess.plain(endpoints));
    try {
      AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
      auth.userAdd(AuthUserAddRequest.newBuilder().setName("root").setPassword(password).build());
      auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("root").build());
      auth.userGrantRole(
          AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build());
      auth.authEnable(AuthEnableRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }
}
