package org.moelab.gpu.bench;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.OperationListener;
import org.moelab.gpu.engine.Session;

/// A prompt and some decode steps for a profiler that watches this process and was told to wait until it is asked to begin.
public final class ProfiledSteps {
    private ProfiledSteps() {
    }

    /// Runs a workload twice, first to warm up, and asks the profiler to record.
    ///
    /// @param workload its new tokens but one are the decode steps
    /// @param withWarmUp whether the run that warms up is recorded, too: a profiler that shows the nodes of graphs must have
    ///                   seen them made
    /// @throws IllegalArgumentException where the model has no room for the workload
    public static void run(CudaEngine engine, Workload workload, boolean withWarmUp) {
        TokenTimer.requireRoom(engine, workload);
        int[][] prompts = workload.prompts(engine.config().vocabulary());
        int steps = workload.generate() - 1;
        CudaContext context = engine.context();
        if (withWarmUp) {
            context.beginProfiling();
        }
        try (Session session = engine.open(workload.batch(), workload.capacity(), workload.promptStep())) {
            CapturedSteps.walk(session, OperationListener.NONE, workload, prompts, steps);
            session.clear();
            if (!withWarmUp) {
                context.synchronize();
                context.beginProfiling();
            }
            CapturedSteps.walk(session, OperationListener.NONE, workload, prompts, steps);
            context.synchronize();
            context.endProfiling();
        }
    }
}
