package io.kubekv.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.kubekv.Bytes;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.transport.grpc.GrpcListener;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which part of the program sees which, as far as no {@code pom.xml} says it: that doors see no
 * backend, nor each other, and backends no door, is said by theirs.
 */
class LayersTest {
  private static final String[] BACKENDS = {
    "io.kubekv.k8s..",
    "io.kubekv.embedded..",
    "io.kubekv.loopback..",
    "io.fabric8..",
    "io.kubekv.etcd..",
    "io.etcd.."
  };

  private static final String[] EVERYWHERE = {"java..", "org.jspecify..", "org.slf4j.."};

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

  /** Else it would not have to be listed. */
  @Test
  void listedClasses_seeABackendEach() {
    for (Class<?> listed : SEE_BACKENDS) {
      Set<JavaClass> own =
          PRODUCT.that(among(Set.of(listed))).stream().collect(Collectors.toUnmodifiableSet());
      assertThat(own.stream().flatMap(each -> each.getDirectDependenciesFromSelf().stream()))
          .as(listed.getSimpleName())
          .anyMatch(
              seen ->
                  JavaClass.Predicates.resideInAnyPackage(BACKENDS).test(seen.getTargetClass()));
    }
  }

  private static void uses(String room, String... others) {
    classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            Stream.of(EVERYWHERE, new String[] {room}, others)
                .flatMap(Stream::of)
                .toArray(String[]::new))
        .check(PRODUCT);
  }

  @Test
  void golang_seesValuesAndWhatAListenerSends() {
    uses("io.kubekv.golang..", "io.kubekv", "io.kubekv.transport.http");
    classes()
        .that()
        .resideInAPackage("io.kubekv.golang..")
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("io.kubekv"))
                .or(JavaClass.Predicates.type(Bytes.class)))
        .check(PRODUCT);
  }

  @Test
  void cost_isArithmeticAndSeesNothing() {
    uses("io.kubekv.cost");
  }

  @Test
  void docker_seesKeysAndValuesAlone() {
    uses("io.kubekv.docker", "io.kubekv", "tools.jackson.core..", "tools.jackson.databind..");
  }

  @Test
  void export_seesKeysAndValuesAlone() {
    uses("io.kubekv.export", "io.kubekv", "tools.jackson.core..", "tools.jackson.databind..");
  }

  @Test
  void etcdV2File_seesEntriesAlone() {
    uses(
        "io.kubekv.etcdv2file",
        "io.kubekv",
        "io.kubekv.export",
        "com.google.protobuf",
        "tools.jackson.core..",
        "tools.jackson.databind..");
  }

  @Test
  void replica_seesOfTheEngineWhatIsAnnounced_andOfWhatDoorsStandOnLittle() {
    uses(
        "io.kubekv.replica",
        "io.kubekv.replica.v1", // its messages
        "io.kubekv",
        "io.kubekv.client..",
        "io.kubekv.engine",
        "io.kubekv.engine.log",
        "io.kubekv.transport.grpc",
        "io.kubekv.transport.requests",
        "io.kubekv.transport.threads",
        "io.kubekv.transport.tls",
        "io.kubekv.v1",
        "io.kubekv.wire..",
        "com.google.protobuf..",
        "io.grpc..",
        "io.netty.channel..",
        "javax.net.ssl..");
  }

  /** Of kv-client the door has the messages. */
  @Test
  void grpcDoor_seesThePortTheWireAndWhatDoorsStandOn() {
    uses(
        "io.kubekv.grpc..",
        "io.kubekv",
        "io.kubekv.transport..",
        "io.kubekv.v1",
        "io.kubekv.wire..",
        "com.google.protobuf..",
        "io.grpc..");
  }

  @Test
  void etcdV3Door_seesThePortTheWireAndWhatDoorsStandOn() {
    uses(
        "io.kubekv.etcdv3..",
        "io.kubekv",
        "io.kubekv.golang..",
        "io.kubekv.transport..",
        "com.google.common..",
        "com.google.protobuf..",
        "io.grpc..");
  }

  @Test
  void page_seesThePortAndWhatDoorsStandOn() {
    uses(
        "io.kubekv.page..",
        "io.kubekv",
        "io.kubekv.cost",
        "io.kubekv.docker", // what Docker's records mean
        "io.kubekv.etcdv2file",
        "io.kubekv.export",
        "io.kubekv.golang",
        "io.kubekv.transport..",
        "com.github.difflib..",
        "gg.jte..",
        "io.netty.buffer", // forms with files, as the next
        "io.netty.handler.codec..",
        "tools.jackson.core..",
        "tools.jackson.databind..");
  }

  @Test
  void zooKeeperDoor_seesThePortTheWireAndWhatDoorsStandOn() {
    uses(
        "io.kubekv.zookeeper..",
        "io.kubekv",
        "io.kubekv.transport..",
        "io.netty.channel", // the event loop
        "io.netty.util.concurrent",
        "io.vertx.core..",
        "javax.security.auth.x500", // whose certificate it is
        "org.apache.jute",
        "org.apache.zookeeper.data",
        "org.apache.zookeeper.proto");
  }

  /** As its DESIGN.md has them: each sees those before it. */
  @Test
  void zooKeeperDoor_hasRoomsThatSeeThoseBelowThem() {
    String base = "io.kubekv.zookeeper";
    List<String> rooms =
        List.of(
            ".wire",
            ".access",
            ".node",
            ".session",
            ".watch",
            ".call",
            ".read",
            ".write",
            ".admin",
            ".connection",
            "");
    for (int i = 0; i < rooms.size(); i++) {
      String[] later =
          rooms.subList(i + 1, rooms.size()).stream().map(base::concat).toArray(String[]::new);
      if (later.length > 0) {
        noClasses()
            .that()
            .resideInAPackage(base + rooms.get(i))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(later)
            .check(PRODUCT);
      }
    }
    noClasses()
        .that()
        .resideInAPackage(base + ".write")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(base + ".read")
        .check(PRODUCT);
  }

  /** What has to stand around a door is put there by its context. */
  @Test
  void listeners_areStartedByTheContextsOfDoors() {
    DescribedPredicate<JavaCall<?>> byItself =
        DescribedPredicate.describe(
            "start a listener of gRPC",
            call ->
                call.getTargetOwner().isEquivalentTo(GrpcListener.class)
                    && Set.of("start", "behind").contains(call.getName())
                    && !call.getOrigin().getName().equals("unguarded"));
    noClasses()
        .that()
        .resideOutsideOfPackage("io.kubekv.transport.door")
        .should()
        .callCodeUnitWhere(byItself)
        .check(PRODUCT);
  }

  /** Which is for tests and measurements. */
  @Test
  void unguardedDoor_isOpenedByNobody() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(GrpcDoor.class)
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "open a door without a gate", call -> call.getName().equals("openUnguarded")))
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.kubekv.server",
        "io.kubekv.consul..",
        "io.kubekv.etcdv2..",
        "io.kubekv.zookeeper.."
      })
  void grpc_isSpokenByItsDoorAndBetweenReplicasAlone(String elsewhere) {
    noClasses()
        .that()
        .resideInAPackage(elsewhere)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.grpc..", "com.google.protobuf..", "io.kubekv.v1..", "io.kubekv.replica.v1..")
        .check(PRODUCT);
  }
}
