package io.github.taipan.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The direction of the arrows between modules: tensor, autograd, nn, vmambair; and gpu aside. */
class ArchitectureTest {
  private static final String ROOT = "io.github.taipan.";

  /** What only the command line may touch, so that a user of the library needs none of it. */
  private static final String[] TOOLS = {
    "picocli..", "me.tongfei..", "org.snakeyaml..", "com.twelvemonkeys.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.github.taipan");

  /** What each module may use, itself included, besides the JDK and annotations. */
  @ParameterizedTest
  @CsvSource({
    "tensor,   tensor",
    "autograd, autograd tensor",
    "nn,       nn autograd tensor",
    "vmambair, vmambair nn autograd tensor",
    "gpu,      gpu tensor",
  })
  void aModuleUsesOnlyTheModulesBelowIt(String module, String allowed) {
    uses(module, allowed).check(CLASSES);
  }

  @Test
  void nothingButTheGpuModuleKnowsTornadoVm() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "gpu..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("uk.ac.manchester..")
        .check(CLASSES);
  }

  @Test
  void theRuleSeesAnArrowThatPointsTheWrongWay() {
    AssertionError e = assertThrows(AssertionError.class, () -> uses("gpu", "gpu").check(CLASSES));
    assertTrue(e.getMessage().contains(ROOT + "tensor"), e.getMessage());
  }

  @Test
  void everyModuleIsSeen() {
    Set<String> modules =
        CLASSES.stream()
            .map(c -> c.getPackageName().substring(ROOT.length()).replaceFirst("\\..*", ""))
            .collect(Collectors.toSet());
    assertEquals(Set.of("tensor", "autograd", "nn", "vmambair", "gpu"), modules);
  }

  @Test
  void onlyTheCommandLineTouchesItsLibraries() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "vmambair.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(TOOLS)
        .check(CLASSES);
  }

  @Test
  void nothingAboveTensorKnowsHowTheCpuComputes() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "tensor..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "tensor.cpu..", "jdk.incubator..")
        .because("devices are opened through Devices")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  private static ArchRule uses(String module, String allowed) {
    Stream<String> modules = Arrays.stream(allowed.split(" ")).map(name -> ROOT + name + "..");
    Stream<String> libraries =
        Stream.of("java..", "javax..", "jdk..", "org.jspecify..", "org.ejml..");
    Stream<String> tools =
        switch (module) {
          case "vmambair" -> Arrays.stream(TOOLS);
          case "gpu" -> Stream.of("uk.ac.manchester.tornado.api..");
          default -> Stream.empty();
        };
    return classes()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            Stream.of(modules, libraries, tools).flatMap(each -> each).toArray(String[]::new));
  }
}
