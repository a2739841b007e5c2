package org.moelab.gpu.bench;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.OperationListener;
import org.moelab.gpu.engine.Session;

/// A prompt and some decode steps for a profiler that watches this process and was told to wait until it is asked to begin.
public final class ProfiledSteps {
    /// What is recorded, and in which order.
    public enum Order {
        /// A run that warms up, then the prompt and its decode steps: a profiler that shows the nodes of graphs must have seen
        /// them made.
        WITH_WARM_UP,
        /// The decode steps, then a prompt, warmed up before: a profiler that reads no more than so many kernels has then
        /// those of both, also where a prompt alone launches more.
        DECODE_FIRST
    }

    private ProfiledSteps() {
    }

    /// Runs a workload, and asks the profiler to record.
    ///
    /// @param workload its new tokens but one are the decode steps
    /// @throws IllegalArgumentException where the model has no room for the workload
    public static void run(CudaEngine engine, Workload workload, Order order) {
        TokenTimer.requireRoom(engine, workload);
        int[][] prompts = workload.prompts(engine.config().vocabulary());
        int steps = workload.generate() - 1;
        CudaContext context = engine.context();
        try (Session session = engine.open(workload.batch(), workload.capacity(), workload.promptStep())) {
            switch (order) {
                case WITH_WARM_UP -> recorded(context, () -> {
                    CapturedSteps.walk(session, OperationListener.NONE, workload, prompts, steps);
                    session.clear();
                    CapturedSteps.walk(session, OperationListener.NONE, workload, prompts, steps);
                });
                case DECODE_FIRST -> {
                    CapturedSteps.walk(session, OperationListener.NONE, workload, prompts, steps);
                    session.clear();
                    CapturedSteps.prompt(session, OperationListener.NONE, workload, prompts);
                    recorded(context, () -> CapturedSteps.decode(session, OperationListener.NONE, steps));
                    session.clear();
                    recorded(context, () -> CapturedSteps.prompt(session, OperationListener.NONE, workload, prompts));
                }
            }
        }
    }

    private static void recorded(CudaContext context, Runnable work) {
        context.synchronize();
        context.beginProfiling();
        work.run();
        context.synchronize();
        context.endProfiling();
    }
}
