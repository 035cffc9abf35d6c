package io.kubekv.transport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which of the rooms here sees which. That none sees a door or a backend is said by the pom. */
class LayersTest {
  private static final String HERE = "io.kubekv.transport.";
  private static final String PORT = "io.kubekv";
  private static final String[] ALL = {"java..", "org.jspecify..", "org.slf4j.."};

  private final JavaClasses main =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kubekv.transport");

  private void uses(String room, String... others) {
    String[] seen = new String[ALL.length + others.length + 1];
    System.arraycopy(ALL, 0, seen, 0, ALL.length);
    System.arraycopy(others, 0, seen, ALL.length, others.length);
    seen[seen.length - 1] = HERE + room;
    classes()
        .that()
        .resideInAPackage(HERE + room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(seen)
        .check(main);
  }

  @Test
  void limits_areNumbersAndSeeNothing() {
    uses("limits", "com.github.benmanes.caffeine.cache..");
  }

  @Test
  void tls_knowsFilesAndNeitherDoorNorStore() {
    uses(
        "tls",
        "com.github.benmanes.caffeine.cache..",
        "io.grpc.util..",
        "io.vertx.core.http",
        "io.vertx.core.net",
        "javax.net.ssl..");
  }

  @Test
  void log_seesLogbackAlone() {
    uses("log", "ch.qos.logback..");
  }

  @Test
  void audit_seesWhoAsksAndLogback() {
    uses("audit", PORT, HERE + "access", HERE + "requests", "ch.qos.logback..", "tools.jackson..");
  }

  @Test
  void watch_seesOnlyThePort() {
    uses("watch", PORT);
  }

  @Test
  void http_knowsNoStore() {
    uses(
        "http",
        HERE + "limits",
        HERE + "tls",
        "io.vertx..",
        "io.netty..",
        "javax.net.ssl..",
        "com.sun.management");
  }

  @Test
  void tcp_knowsNoStore() {
    uses(
        "tcp",
        HERE + "http", // its event loop
        HERE + "limits",
        HERE + "requests",
        HERE + "tls",
        "io.vertx.core..",
        "io.netty.channel..",
        "javax.net.ssl..");
  }

  /** Of gRPC the context of a call, which goes along. */
  @Test
  void threads_seeWhatTheyTakeAlong() {
    uses("threads", HERE + "limits", "io.grpc");
  }

  @Test
  void requests_areSeenByTheListenerAndNoDialect() {
    uses("requests", HERE + "http", HERE + "limits", "io.micrometer.core.instrument..");
  }

  @Test
  void tracing_isOpenTelemetrysOnlyPlace() {
    uses("tracing", HERE + "requests", "io.opentelemetry..");
  }

  @Test
  void access_seesThePortTheListenerAndTheHub() {
    uses(
        "access",
        PORT,
        HERE + "http",
        HERE + "limits",
        HERE + "threads",
        HERE + "watch",
        "com.github.benmanes.caffeine.cache..",
        "javax.naming..",
        "javax.security.auth.x500..",
        "org.snakeyaml.engine..");
  }

  @Test
  void decorator_seesThePortTheLimitsAndWhatCounts() {
    uses("decorator", PORT, HERE + "limits", HERE + "threads", "io.micrometer.core.instrument..");
  }

  @Test
  void grpc_seesThePortAndWhatItPutsAroundACall() {
    uses(
        "grpc",
        PORT,
        HERE + "access",
        HERE + "limits",
        HERE + "requests",
        HERE + "tls",
        "com.github.benmanes.caffeine.cache..",
        "com.google.common.util.concurrent..",
        "com.google.protobuf..",
        "io.grpc..",
        "io.netty.channel..", // its sockets, and connections that another listener passes on
        "io.netty.handler.ssl",
        "io.netty.util..",
        "javax.net.ssl..");
  }

  @Test
  void ops_seesThePortTheListenerAndWhatCounts() {
    uses("ops", PORT, HERE + "http", HERE + "limits", "io.micrometer..", "io.prometheus..");
  }
}
