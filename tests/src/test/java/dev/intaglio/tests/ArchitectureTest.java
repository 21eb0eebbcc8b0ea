package dev.intaglio.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** Holds the arrows of ARCHITECTURE.md. */
class ArchitectureTest {
    private static final JavaClasses INTAGLIO = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.intaglio");

    @Test
    void everyModuleIsSeen() {
        assertThat(INTAGLIO.stream()
                        .map(c -> c.getPackageName().split("\\.")[2])
                        .distinct())
                .contains("dsl", "runtime", "assembly", "peephole", "processor", "stencils", "cpython", "examples");
    }

    @Test
    void annotationsDependOnNothing() {
        classes()
                .that()
                .resideInAPackage("dev.intaglio.dsl..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.intaglio.dsl..", "java..")
                .check(INTAGLIO);
    }

    @Test
    void runtimeDependsOnJnaAlone() {
        classes()
                .that()
                .resideInAPackage("dev.intaglio.runtime..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.intaglio.runtime..",
                        "com.sun.jna..",
                        "java..",
                        "jdk..",
                        "sun.misc..",
                        "org.jspecify.annotations..") // which nobody needs to run
                .check(INTAGLIO);
    }

    @Test
    void assemblyKnowsNoCompilerAndNoRuntime() {
        classes()
                .that()
                .resideInAPackage("dev.intaglio.assembly..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.intaglio.assembly..", "com.github.javaparser..", "java..")
                .check(INTAGLIO);
    }

    @Test
    void peepholeRulesKnowAssemblyAlone() {
        classes()
                .that()
                .resideInAPackage("dev.intaglio.peephole..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.intaglio.peephole..", "dev.intaglio.assembly..", "java..")
                .check(INTAGLIO);
    }

    @Test
    void compileTimeAndRunTimeNeverMeet() {
        noClasses()
                .that()
                .resideInAPackage("dev.intaglio.processor..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.intaglio.runtime..", "dev.intaglio.stencils..", "dev.intaglio.cpython..")
                .check(INTAGLIO);
    }

    @Test
    void emittersSeeOnlyTheRuntime() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Emitter")
                .and()
                .resideInAPackage("dev.intaglio.stencils..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.intaglio.runtime", "dev.intaglio.stencils..", "java..", "javax.annotation..")
                .check(INTAGLIO);
    }

    @Test
    void javaPoetLivesInOnePackage() {
        noClasses()
                .that(not(resideInAPackage("dev.intaglio.processor.write..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.palantir.javapoet.."))
                .check(INTAGLIO);
    }

    @Test
    void compilerTreesLiveInOnePackage() {
        noClasses()
                .that(not(resideInAPackage("dev.intaglio.processor.source..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.sun.source..", "com.sun.tools.."))
                .check(INTAGLIO);
    }

    @Test
    void modulesAreFreeOfCycles() {
        slices().matching("dev.intaglio.(*)..").should().beFreeOfCycles().check(INTAGLIO);
    }

    @Test
    void stagesOfTheAssemblerAreFreeOfCycles() {
        slices().matching("dev.intaglio.assembly.(*)..")
                .should()
                .beFreeOfCycles()
                .check(INTAGLIO);
    }

    @Test
    void textIsTheSameInEveryLocale() {
        noClasses()
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .because("they write digits and letters of the user's language: give them Locale.ROOT")
                .check(INTAGLIO);
    }
}
