package org.moelab.gpu.doctor;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

import org.moelab.gpu.doctor.Check.Figure;
import org.moelab.traces.model.Unit;

/// The Java runtime and the machine under it.
final class HostChecks {
    private static final int NEEDED_JAVA = 25;
    private static final long COMFORTABLE_MEMORY_BYTES = 4L << 30;

    private HostChecks() {
    }

    static List<Check> all() {
        return List.of(java(), machine());
    }

    private static Check java() {
        Runtime.Version version = Runtime.version();
        String detail = version + " (" + System.getProperty("java.vendor", "unknown vendor") + ") in "
                + System.getProperty("java.home", "an unknown folder");
        return version.feature() >= NEEDED_JAVA
                ? Check.found("java", "Java", detail)
                : Check.degraded("java", "Java", detail, "the lab is built for Java " + NEEDED_JAVA,
                        "install a JDK " + NEEDED_JAVA + ", for example Temurin from adoptium.net");
    }

    private static Check machine() {
        int cores = Runtime.getRuntime().availableProcessors();
        Figure coresFigure = new Figure("cores", cores, Unit.COUNT);
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os)) {
            return Check.found("machine", "Processor and memory", cores + " cores", coresFigure);
        }
        long memory = os.getTotalMemorySize();
        String detail = String.format(Locale.ROOT, "%d cores, %.1f GiB of memory, %s %s", cores,
                memory / (double) (1L << 30),
                os.getName(), os.getArch());
        Figure memoryFigure = new Figure("memoryBytes", (double) memory, Unit.BYTES);
        return memory >= COMFORTABLE_MEMORY_BYTES
                ? Check.found("machine", "Processor and memory", detail, coresFigure, memoryFigure)
                : Check.degraded("machine", "Processor and memory", detail,
                        "recordings with tens of millions of events do not fit", "", coresFigure, memoryFigure);
    }
}
