package io.kubekv.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Which part of the program sees which, as far as no {@code pom.xml} says it: that doors see no
 * backend, nor each other, and backends no door, is said by theirs.
 */
class LayersTest {
  private static final String[] BACKENDS = {
    "io.kubekv.k8s..", "io.kubekv.embedded..", "io.fabric8..", "io.kubekv.etcd..", "io.etcd.."
  };

  /** Those that open a store, ask a cluster who somebody is, or mend a log. */
  private static final Set<Class<?>> SEE_BACKENDS =
      Set.of(
          KvServerAccess.class,
          KvServerBackend.class,
          KvServerCalls.class,
          KvServerCluster.class,
          KvServerEtcd.class,
          KvServerEtcdLog.class,
          KvServerLog.class,
          KvServerLogMetrics.class,
          KvServerWarmUp.class,
          PassOverCommand.class);

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.kubekv");

  /** With the classes within those. */
  private static DescribedPredicate<JavaClass> among(Set<Class<?>> listed) {
    return DescribedPredicate.describe(
        "listed",
        any ->
            listed.stream().anyMatch(each -> any.getName().split("\\$")[0].equals(each.getName())));
  }

  @Test
  void backends_areSeenByTheListedClasses() {
    noClasses()
        .that()
        .resideInAPackage("io.kubekv.server")
        .and(DescribedPredicate.not(among(SEE_BACKENDS)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(BACKENDS)
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

  /** Of kv-client the door has the messages. */
  @Test
  void grpcDoor_seesTheWireAndNoClient() {
    noClasses()
        .that()
        .resideInAPackage("io.kubekv.grpc..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.kubekv.client..")
        .check(PRODUCT);
  }

  @Test
  void grpc_isSpokenByItsDoorAndBetweenReplicasAlone() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kubekv.server", "io.kubekv.consul..", "io.kubekv.etcdv2..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.grpc..", "com.google.protobuf..", "io.kubekv.v1..", "io.kubekv.replica.v1..")
        .check(PRODUCT);
  }
}
