package io.kubekv.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the verbs stand on sees nothing of them. */
class LayersTest {
  private final JavaClasses main =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kubekv.cli");

  /** Of a server it has the messages alone, to learn its own ways before there is one. */
  @Test
  void verbs_seeThePortTheClientAndNoServer() {
    classes()
        .that()
        .resideInAPackage("io.kubekv.cli")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.kubekv",
            "io.kubekv.client..",
            "io.kubekv.cli..",
            "io.kubekv.export",
            "io.kubekv.v1", // by WarmUpServer, as the next two
            "com.google.protobuf",
            "io.grpc..",
            "picocli..",
            "tools.jackson..",
            "java..",
            "org.jspecify..")
        .check(main);
  }

  @Test
  void terminal_seesNoVerbAndNoServer() {
    requireSees("terminal");
  }

  @Test
  void connection_seesTheClientAndNoVerb() {
    requireSees("connection", "io.kubekv.client..", "io.kubekv.cli.terminal");
  }

  @Test
  void verbs_seeWhatTheyStandOnAndNotEachOther() {
    requireVerbsSee("keys", "io.kubekv.cli.session");
    requireVerbsSee("session");
    requireVerbsSee("transfer", "io.kubekv.etcdv2file");
    requireVerbsSee("inspect", "io.kubekv.cost");
  }

  private void requireVerbsSee(String room, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("io.kubekv.client..", "io.kubekv.cli.connection", "io.kubekv.cli.terminal"));
    all.addAll(List.of(more));
    requireSees(room, all.toArray(String[]::new));
  }

  private void requireSees(String room, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "io.kubekv",
                "io.kubekv.cli." + room,
                "io.kubekv.export", // how values are written, and whole exports
                "picocli..",
                "tools.jackson..",
                "java..",
                "org.jspecify.."));
    all.addAll(List.of(more));
    classes()
        .that()
        .resideInAPackage("io.kubekv.cli." + room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(all.toArray(String[]::new))
        .check(main);
  }
}
