package io.kubekv.etcdv3;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.kubekv.KeyValueStore;
import org.junit.jupiter.api.Test;

/** The services know nothing of HTTP, and the gateway nothing of the store. */
class LayersTest {
  private static final String SERVICES = "io.kubekv.etcdv3";
  private static final String GATEWAY = "io.kubekv.etcdv3.gateway";

  private final JavaClasses main =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(SERVICES);

  @Test
  void services_knowNoHttp() {
    noClasses()
        .that()
        .resideInAPackage(SERVICES + "..")
        .and()
        .resideOutsideOfPackage(GATEWAY)
        .and()
        .doNotBelongToAnyOf(EtcdV3Door.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.kubekv.transport.http", "io.kubekv.golang", "io.vertx..")
        .check(main);
  }

  @Test
  void rooms_areLayered() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("door")
        .definedBy(SERVICES)
        .layer("gateway")
        .definedBy(GATEWAY)
        .layer("recipe")
        .definedBy(SERVICES + ".recipe")
        .layer("lease")
        .definedBy(SERVICES + ".lease")
        .layer("kv")
        .definedBy(SERVICES + ".kv")
        .layer("watch")
        .definedBy(SERVICES + ".watch")
        .layer("cluster")
        .definedBy(SERVICES + ".cluster")
        .layer("keys")
        .definedBy(SERVICES + ".keys")
        .layer("call")
        .definedBy(SERVICES + ".call")
        .whereLayer("door")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("gateway")
        .mayOnlyBeAccessedByLayers("door")
        .whereLayer("recipe")
        .mayOnlyBeAccessedByLayers("door")
        .whereLayer("lease")
        .mayOnlyBeAccessedByLayers("door", "recipe")
        .whereLayer("kv")
        .mayOnlyBeAccessedByLayers("door")
        .whereLayer("watch")
        .mayOnlyBeAccessedByLayers("door")
        .whereLayer("cluster")
        .mayOnlyBeAccessedByLayers("door")
        .whereLayer("call")
        .mayNotAccessAnyLayer()
        .whereLayer("keys")
        .mayNotAccessAnyLayer()
        .check(main);
  }

  @Test
  void gateway_seesServicesAndTheListener() {
    classes()
        .that()
        .resideInAPackage(GATEWAY)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "com.google.common.util.concurrent..",
            "com.google.protobuf..",
            "io.grpc..",
            "io.kubekv",
            "io.kubekv.golang",
            "io.kubekv.transport.access",
            "io.kubekv.transport.http",
            "io.kubekv.transport.limits",
            "io.kubekv.transport.requests",
            "io.kubekv.transport.threads",
            SERVICES + ".call",
            SERVICES + ".wire",
            GATEWAY)
        .check(main);
    noClasses()
        .that()
        .resideInAPackage(GATEWAY)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(KeyValueStore.class)
        .check(main);
  }
}
