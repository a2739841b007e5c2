package org.moelab.gpu;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaDriver;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.kernels.KernelLibrary;

/// A test that needs a GPU and kernels for it; where either is missing it is skipped and says which.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("gpu")
@ExtendWith(RequiresGpu.Condition.class)
public @interface RequiresGpu {
    /// Looks for a GPU and its kernels.
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext extension) {
            try (CudaContext context = open(); KernelLibrary kernels = KernelLibrary.load(context)) {
                return ConditionEvaluationResult
                        .enabled(context.device().name() + ", " + kernels.manifest().kernels().size() + " kernels");
            } catch (CudaUnavailableException | CudaException e) {
                return ConditionEvaluationResult.disabled("needs a GPU: " + e.getMessage());
            }
        }

        /// A context on the first GPU.
        public static CudaContext open() throws CudaUnavailableException {
            CudaDriver driver = CudaDriver.open(LibraryFinder.of(Host.current()));
            return driver.context(driver.devices().stream().findFirst()
                    .orElseThrow(() -> new CudaUnavailableException("the driver shows no GPU")));
        }
    }
}
