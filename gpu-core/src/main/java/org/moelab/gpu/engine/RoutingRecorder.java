package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.model.MoeConfig;

/// Copies the experts that each layer chose to the host, in the stream right behind the operation that chose them: the next
/// layer overwrites them.
final class RoutingRecorder implements OperationListener {
    private static final Pattern CHOICE = Pattern.compile("layer (\\d+)/experts/(?:norm and )?top experts");

    private final Workspace w;
    private final CudaStream stream;
    private final MoeConfig config;
    private final long layerBytes;
    private final MemorySegment experts;
    private final BitSet recorded = new BitSet();

    /// @param w the session's memory
    /// @param stream the session's
    RoutingRecorder(Workspace w, CudaStream stream, MoeConfig config) {
        this.w = w;
        this.stream = stream;
        this.config = config;
        this.layerBytes = w.experts.bytes();
        this.experts = w.host.ints("routing", config.layers() * layerBytes / Integer.BYTES);
    }

    @Override
    public void beginStep(String name) {
        if (name.equals(CudaSession.PREFILL) || name.equals(CudaSession.DECODE)) {
            recorded.clear();
        }
    }

    @Override
    public void endStep() {
    }

    @Override
    public void begin(Operation operation) {
    }

    @Override
    public void end(Operation operation) {
        Matcher choice = CHOICE.matcher(operation.name());
        if (choice.matches()) {
            int layer = Integer.parseInt(choice.group(1));
            w.experts.download(experts.asSlice(layer * layerBytes, layerBytes), stream);
            recorded.set(layer);
        }
    }

    /// @throws IllegalStateException always: within a graph there is nothing to hear
    @Override
    public void replay(List<Operation> work) {
        throw new IllegalStateException("a graph was launched while routing is recorded");
    }

    /// The routing of the last step; waits for it.
    ///
    /// @param tokens of that step
    /// @throws IllegalStateException where not every layer told of its choice
    StepRouting last(int tokens) {
        if (recorded.cardinality() != config.layers()) {
            throw new IllegalStateException("the experts of " + recorded.cardinality() + " of " + config.layers()
                    + " layers were recorded");
        }
        stream.synchronize();
        int[][][] all = new int[config.layers()][tokens][config.chosen()];
        for (int l = 0; l < all.length; l++) {
            for (int t = 0; t < tokens; t++) {
                MemorySegment.copy(experts, ValueLayout.JAVA_INT,
                        l * layerBytes + (long) t * config.chosen() * Integer.BYTES, all[l][t], 0, config.chosen());
            }
        }
        return new StepRouting(all);
    }
}
