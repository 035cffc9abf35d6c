package io.kubekv.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Doors see the port and never a backend, nor each other; one class sees every part. */
class LayersTest {
  private static final String[] BACKENDS = {
    "io.kubekv.k8s..", "io.kubekv.embedded..", "io.fabric8..", "io.kubekv.etcd..", "io.etcd.."
  };

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.kubekv");

  @Test
  void doors_seeNoBackend() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kubekv.server.*..")
        .and()
        .resideOutsideOfPackage("io.kubekv.server.loopback..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(BACKENDS)
        .check(PRODUCT);
  }

  @Test
  void loopback_joinsTheClientToTheEmbeddedServerAndSeesNothingElse() {
    classes()
        .that()
        .resideInAPackage("io.kubekv.server.loopback..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.kubekv.server.loopback..",
            "io.kubekv.embedded..",
            "io.fabric8..",
            "io.netty.util..",
            "java..",
            "org.jspecify..")
        .check(PRODUCT);
  }

  @Test
  void backends_seeNoDoor() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kubekv.k8s..", "io.kubekv.embedded..", "io.kubekv.etcd..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.kubekv.server..")
        .check(PRODUCT);
  }

  @Test
  void backend_doesNotSeeTheEmbeddedServer() {
    noClasses()
        .that()
        .resideInAPackage("io.kubekv.k8s..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.kubekv.embedded..")
        .check(PRODUCT);
    noClasses()
        .that()
        .resideInAPackage("io.kubekv.embedded..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.kubekv", "io.kubekv.k8s..")
        .check(PRODUCT);
  }

  @Test
  void etcd_usesThePortTheEngineItsStubsAndGrpcAlone() {
    classes()
        .that()
        .resideInAPackage("io.kubekv.etcd..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.kubekv",
            "io.kubekv.engine..",
            "io.kubekv.log.v1", // the messages of the engine's log
            "io.kubekv.etcd..",
            "io.etcd.jetcd.api..",
            "io.grpc..",
            "com.google.protobuf..",
            "java..",
            "org.jspecify..",
            "org.slf4j..")
        .check(PRODUCT);
  }

  @Test
  void doors_doNotSeeEachOther() {
    noClasses()
        .that()
        .resideInAPackage("io.kubekv.server.consul..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.kubekv.server.etcdv2..")
        .check(PRODUCT);
    noClasses()
        .that()
        .resideInAPackage("io.kubekv.server.etcdv2..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.kubekv.server.consul..")
        .check(PRODUCT);
  }

  @Test
  void tracing_isOpenTelemetrysOnlyPlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.kubekv.transport.tracing..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(PRODUCT);
  }

  @Test
  void grpc_isSpokenByItsDoorAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.kubekv.server..")
        .and()
        .resideOutsideOfPackages(
            "io.kubekv.server.grpc..",
            "io.kubekv.server.replica..",
            "io.kubekv.server.etcdv2file..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.grpc..", "com.google.protobuf..", "io.kubekv.v1..", "io.kubekv.replica..")
        .check(PRODUCT);
  }

  @Test
  void etcdV2File_seesNothingOfOurs() {
    classes()
        .that()
        .resideInAPackage("io.kubekv.server.etcdv2file..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.kubekv.server.etcdv2file..",
            "com.google.protobuf..",
            "tools.jackson..",
            "java..",
            "org.jspecify..")
        .check(PRODUCT);
  }

  @Test
  void grpcDoor_seesThePortAndTheWire() {
    classes()
        .that()
        .resideInAPackage("io.kubekv.server.grpc..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.kubekv",
            "io.kubekv.v1..",
            "io.kubekv.wire..",
            "io.kubekv.server.grpc..",
            "io.kubekv.transport.access..",
            "io.kubekv.transport.limits..",
            "io.kubekv.transport.requests..",
            "io.kubekv.transport.tls..",
            "com.github.benmanes.caffeine.cache..",
            "javax.net.ssl..",
            "io.grpc..",
            "io.netty.channel", // options of its sockets
            "com.google..",
            "java..",
            "org.slf4j..",
            "org.jspecify..")
        .check(PRODUCT);
  }

  @Test
  void replica_seesThePortTheEngineTheClientAndWhatItGivesToTheGrpcDoor() {
    classes()
        .that()
        .resideInAPackage("io.kubekv.server.replica..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.kubekv",
            "io.kubekv.client..",
            "io.kubekv.engine",
            "io.kubekv.engine.log",
            "io.kubekv.replica.v1..",
            "io.kubekv.wire..",
            "io.kubekv.server.replica..",
            "io.kubekv.transport.requests..",
            "io.kubekv.server.grpc..",
            "io.kubekv.transport.threads..",
            "io.kubekv.transport.tls..",
            "io.grpc..",
            "io.netty.channel..",
            "com.google..",
            "java..",
            "javax.net.ssl..",
            "org.slf4j..",
            "org.jspecify..")
        .check(PRODUCT);
  }

  @Test
  void verbs_seeThePortAndTheClientAndNoDoor() {
    classes()
        .that()
        .resideInAPackage("io.kubekv.server.cli..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.kubekv",
            "io.kubekv.client..",
            "io.kubekv.server.cli..",
            "io.kubekv.server.cost..",
            "io.kubekv.server.etcdv2file..",
            "io.grpc..",
            "java..",
            "org.jspecify..",
            "picocli..",
            "tools.jackson..")
        .check(PRODUCT);
  }

  @Test
  void cost_isArithmeticAndSeesNothing() {
    classes()
        .that()
        .resideInAPackage("io.kubekv.server.cost..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.kubekv.server.cost..", "java..", "org.jspecify..")
        .check(PRODUCT);
  }

  @Test
  void client_seesThePortAndTheWire() {
    classes()
        .that()
        .resideInAnyPackage("io.kubekv.client..", "io.kubekv.wire..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.kubekv",
            "io.kubekv.client..",
            "io.kubekv.v1..",
            "io.kubekv.replica.v1..",
            "io.kubekv.wire..",
            "io.grpc..",
            "com.google..",
            "java..",
            "org.jspecify..")
        .check(PRODUCT);
  }

  @Test
  void parts_doNotSeeTheProgram() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kubekv.server.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.kubekv.server")
        .check(PRODUCT);
  }

  /** What opens a store, and the verb that mends one that cannot be opened. */
  @Test
  void backends_areNamedByFewClasses() {
    noClasses()
        .that()
        .resideInAPackage("io.kubekv.server")
        .and()
        .haveNameNotMatching("io\\.kubekv\\.server\\.(KvServer.*|PassOverCommand)")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(BACKENDS)
        .check(PRODUCT);
  }
}
