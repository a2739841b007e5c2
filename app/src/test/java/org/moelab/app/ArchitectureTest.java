package org.moelab.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.jspecify.annotations.NullMarked;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The arrows between modules and packages, each with its reason.
@AnalyzeClasses(packages = "org.moelab", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String TRACES = "org.moelab.traces..";
    private static final String GPU = "org.moelab.gpu..";
    private static final String KERNELS = "org.moelab.kernels..";
    private static final String APP = "org.moelab.app..";
    private static final String LAB = "org.moelab..";

    private static final DescribedPredicate<JavaClass> GENERATED = resideInAPackage("org.moelab.traces.ncu.proto..");

    private static DescribedPredicate<JavaClass> labExcept(String... packages) {
        return resideInAPackage(LAB).and(not(resideInAnyPackage(packages)));
    }

    @ArchTest
    static final ArchRule traces_dependOnLabPackages_theirOwnOnly = noClasses().that().resideInAPackage(TRACES)
            .should().dependOnClassesThat(labExcept(TRACES))
            .because("recordings are read and measured where there is neither a GPU nor a window");

    @ArchTest
    static final ArchRule traces_dependOnLibraries_noToolkitAndNoGpu = noClasses().that().resideInAPackage(TRACES)
            .should().dependOnClassesThat().resideInAnyPackage("javafx..", "java.awt..", "javax.swing..", "jcuda..")
            .because("servers and scripts use the traces module too");

    @ArchTest
    static final ArchRule kernels_dependOnLabPackages_theirOwnOnly = noClasses().that().resideInAPackage(KERNELS)
            .should().dependOnClassesThat(labExcept(KERNELS))
            .allowEmptyShould(true)
            .because("the kernels are a jar of binaries and a manifest that anyone may load");

    @ArchTest
    static final ArchRule gpuCore_dependsOnLabPackages_kernelsAndTheTraceModel = noClasses().that()
            .resideInAPackage(GPU)
            .should().dependOnClassesThat(labExcept(GPU, KERNELS, "org.moelab.traces.model.."))
            .because("a captured run is a Trace; reading files, reports and windows are not the engine's business");

    @ArchTest
    static final ArchRule jcuda_isSeen_inTheCudaPackageOnly = noClasses().that()
            .resideOutsideOfPackage("org.moelab.gpu.cuda..")
            .should().dependOnClassesThat().resideInAnyPackage("jcuda..")
            .because("pointers and status codes end at one border, so that the binding can be changed there");

    @ArchTest
    static final ArchRule javafx_isSeen_inTheAppOnly = noClasses().that().resideOutsideOfPackage(APP)
            .should().dependOnClassesThat().resideInAnyPackage("javafx..", "org.controlsfx..", "atlantafx..")
            .because("everything that the window shows can be had without it");

    @ArchTest
    static final ArchRule commandLine_dependsOnJavafx_never = noClasses().that()
            .resideInAnyPackage("org.moelab.app", "org.moelab.app.cli..")
            .should().dependOnClassesThat().resideInAnyPackage("javafx..")
            .because("a verb without a window must start fast and where JavaFX cannot");

    @ArchTest
    static final ArchRule app_isSeen_byItselfOnly = noClasses().that().resideOutsideOfPackage(APP)
            .should().dependOnClassesThat().resideInAPackage(APP)
            .because("the window and the command line are on top; nothing rests on them");

    @ArchTest
    static final ArchRule commandLine_isSeen_fromTheEntryOnly = noClasses().that()
            .resideOutsideOfPackages("org.moelab.app", "org.moelab.app.cli..")
            .should().dependOnClassesThat().resideInAPackage("org.moelab.app.cli..")
            .because("verbs use the lab; the lab does not know its verbs");

    @ArchTest
    static final ArchRule views_dependOnEachOther_never = slices()
            .matching(
                    "org.moelab.app.(timeline|kernels|roofline|speedup|layers|launch|inference|advice|profile|compare)..")
            .should().notDependOnEachOther()
            .because("views meet in the selection; a view can then be added, moved or dropped alone");

    @ArchTest
    static final ArchRule reports_areSeen_byTheFrameAndTheCommandLineOnly = noClasses().that()
            .resideOutsideOfPackages("org.moelab.app.report..", "org.moelab.app.shell..", "org.moelab.app.cli..")
            .should().dependOnClassesThat().resideInAPackage("org.moelab.app.report..")
            .because("a report gathers the figures of many views; a view that knew it would know its neighbours");

    @ArchTest
    static final ArchRule reportFormats_dependOnRuns_never = noClasses().that()
            .resideInAnyPackage("org.moelab.app.report.document..", "org.moelab.app.report.format..")
            .should().dependOnClassesThat()
            .resideInAnyPackage("org.moelab.app.report", "org.moelab.app.run..", "org.moelab.gpu..")
            .because("a format writes any document, and a section is written once for all formats");

    @ArchTest
    static final ArchRule shell_isSeen_byTheCommandLineOnly = noClasses().that()
            .resideOutsideOfPackages("org.moelab.app.shell..", "org.moelab.app.cli..")
            .should().dependOnClassesThat().resideInAPackage("org.moelab.app.shell..")
            .because("the frame places the views; a view that knew the frame would know its neighbours");

    @ArchTest
    static final ArchRule network_isSeen_inTheLanguagePackageOnly = noClasses().that()
            .resideOutsideOfPackage("org.moelab.app.language..")
            .should().dependOnClassesThat().resideInAPackage("java.net.http..")
            .because("measurements stay on their machine unless a person agrees to each text that is sent");

    @ArchTest
    static final ArchRule comparisons_dependOnJavafx_never = noClasses().that()
            .resideInAnyPackage("org.moelab.app.expectation..", "org.moelab.app.peers..", "org.moelab.app.language..")
            .should().dependOnClassesThat().resideInAPackage("javafx..")
            .because("servers check runs where there is no window");
    static final ArchRule profiling_isSeen_byTheCommandLineOnly = noClasses().that()
            .resideOutsideOfPackages("org.moelab.app.profiling..", "org.moelab.app.cli..")
            .should().dependOnClassesThat().resideInAPackage("org.moelab.app.profiling..")
            .because("it starts programs, which a window that opens their files must not");

    @ArchTest
    static final ArchRule viewModels_dependOnNodes_never = noClasses().that().haveSimpleNameEndingWith("ViewModel")
            .should().dependOnClassesThat().resideInAnyPackage("javafx.scene..", "javafx.stage..")
            .because("a view model is tested without a toolkit");

    @ArchTest
    static final ArchRule packages_dependOnEachOther_withoutCycles = slices().matching("org.moelab.(**)")
            .should().beFreeOfCycles()
            .because("a cycle makes one package of two, whatever their names say");

    @ArchTest
    static final ArchRule classes_nullness_isMarked = classes().that(not(GENERATED))
            .should(be(inNullMarkedPackage()))
            .because("absence is an Optional or a case of its own, and NullAway checks marked packages only");

    @ArchTest
    static final ArchRule standardStreams_areUsed_throughTheTerminal = noClasses().that()
            .resideOutsideOfPackages("org.moelab.kernels.build..", "org.moelab.app.build..") // programs of the build
            .should(ACCESS_STANDARD_STREAMS)
            .because("a command is tested by what it writes, and a window has no standard output");

    private static DescribedPredicate<JavaClass> inNullMarkedPackage() {
        return DescribedPredicate.describe("in a package marked @NullMarked",
                c -> c.getPackage().isAnnotatedWith(NullMarked.class));
    }
}
