package org.moelab.app.cli;

import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.gpu.cuda.CudaDriver;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.cuda.InstalledLibrary;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.LibraryVersions;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightSource;

/// What a run's report says of where and what ran.
final class RunFacts {
    private RunFacts() {
    }

    /// The time to the second, as reports have it: ISO 8601 with the offset.
    static String now() {
        return OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    static RunReport.Machine machine(EngineChoice choice, Optional<RunReport.GpuState> found) {
        Optional<RunReport.Gpu> gpu = Optional.empty();
        if (choice.ground() instanceof CudaContext context) {
            CudaDevice d = context.device();
            gpu = Optional.of(new RunReport.Gpu(d.name(), d.capability().toString(),
                    d.memoryBytes(), d.multiprocessors(), d.l2Bytes(), d.clockKhz(), found));
        }
        return new RunReport.Machine(System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors(), choice.engine().device(),
                gpu);
    }

    static RunReport.Versions versions(EngineChoice choice, Optional<Cupti> cupti) {
        Optional<String> cuda = Optional.empty();
        Optional<String> blas = Optional.empty();
        if (choice.ground() instanceof CudaContext) {
            LibraryFinder finder = LibraryFinder.of(Host.current());
            try {
                cuda = Optional.of(CudaDriver.open(finder).version());
            } catch (CudaUnavailableException _) {
                // then its version is absent
            }
            blas = LibraryVersions.look(CudaLibrary.BLAS_LT, finder).map(InstalledLibrary::version);
        }
        return new RunReport.Versions(Version.number(), Runtime.version().toString(), cuda, blas, Version.commit(),
                cupti.map(library -> Integer.toString(library.version())));
    }

    static RunReport.Model model(WeightSource source) {
        MoeConfig c = source.config();
        return new RunReport.Model(source.name(), c.layers(), c.experts(), c.chosen(), c.hidden(), c.intermediate(),
                c.vocabulary(), c.queryHeads(), c.kvHeads(), c.headSize());
    }
}
