package io.kubekv;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The port speaks nobody's wire: the JDK alone. */
class LayersTest {
  private final JavaClasses main =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kubekv");

  @Test
  void port_usesTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("io.kubekv")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.kubekv", "java..", "org.jspecify..")
        .check(main);
  }
}
