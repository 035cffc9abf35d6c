package io.kubekv.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The state knows of no log, and nothing here knows whose log it is. */
class LayersTest {
  private static final String[] OUTSIDE = {"java..", "org.jspecify..", "io.kubekv"};

  private final JavaClasses main =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kubekv.engine");

  private void uses(String room, String... others) {
    String[] all = new String[OUTSIDE.length + others.length + 1];
    System.arraycopy(OUTSIDE, 0, all, 0, OUTSIDE.length);
    System.arraycopy(others, 0, all, OUTSIDE.length, others.length);
    all[all.length - 1] = room;
    classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(all)
        .check(main);
  }

  @Test
  void state_usesThePortAndPersistentMaps() {
    uses("io.kubekv.engine.state", "org.pcollections");
  }

  @Test
  void history_usesTheState() {
    uses("io.kubekv.engine.history", "io.kubekv.engine.state");
  }

  @Test
  void log_usesTheStateAndProtobuf() {
    uses(
        "io.kubekv.engine.log",
        "io.kubekv.engine.state",
        "io.kubekv.log.v1",
        "com.google.protobuf",
        "org.pcollections");
  }

  @Test
  void engine_knowsNobodysLog() {
    uses(
        "io.kubekv.engine",
        "io.kubekv.engine.state",
        "io.kubekv.engine.history",
        "io.kubekv.engine.log",
        "org.pcollections");
  }
}
