package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.moelab.gpu.cuda.CudaEvent;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// A batch of sequences on the GPU.
public final class CudaSession implements Session {
    /// The steps that an [OperationListener] is told of.
    public static final String PREFILL = "prefill";
    public static final String DECODE = "decode";
    public static final String CHOICE = "choice";
    public static final String LOGITS = "logits";
    /// The copy of chosen tokens to the host.
    public static final String ARRIVAL = "tokens to the host";
    /// A decode step and the choice after it, put in by one launch.
    public static final String DECODE_AND_CHOICE = "decode and choice";

    private static final int UNEMBEDDED_ROW = 1;

    private final Resources resources;
    private final DeviceModel model;
    private final MoeConfig config;
    private final CudaStream stream;
    private final Workspace w;
    private final Set<String> techniques;
    private final int sequences;
    private final int capacity;
    private final int longestStep;
    private final Map<Integer, PlannedStep> plans = new HashMap<>();
    private final Map<Integer, PlannedStep> choices = new HashMap<>();
    private Optional<StepChain> token = Optional.empty();
    private final PlannedStep unembedding;
    private final List<CudaEvent> events = new ArrayList<>();
    private final ChosenTokens tokens;
    private final Launcher.Repeated lastNorm;
    private final LaunchShape lastNormShape;
    private final MemorySegment ids;
    private final MemorySegment positions;
    private final MemorySegment owners;
    private final MemorySegment logits;
    private OperationListener listener;
    private boolean graphs = true;
    private int length;
    private int fed;
    /// Where the device's first row of each sequence stands, if it has one row a sequence; else -1.
    private int placed = -1;

    /// @param listener is told of what is started
    CudaSession(Resources resources, Set<String> techniques, OperationListener listener, int sequences, int capacity,
            int longestStep) {
        this.resources = resources;
        this.model = resources.model();
        this.config = model.config();
        this.stream = resources.stream();
        this.w = resources.workspace();
        this.techniques = techniques;
        this.listener = listener;
        this.sequences = sequences;
        this.capacity = capacity;
        this.longestStep = longestStep;
        this.ids = w.host.ints("tokens", (long) sequences * longestStep);
        this.positions = w.host.ints("positions", (long) sequences * longestStep);
        this.owners = w.host.ints("positions", (long) sequences * longestStep);
        this.logits = w.host.floats("logits", config.vocabulary());
        this.tokens = resources.held().take(new ChosenTokens(resources.context(), w, stream, resources.copies(),
                sequences, capacity), ChosenTokens::close);
        this.unembedding = new PlannedStep(builder(1, 1).logits(1), false);
        this.lastNorm = Launcher.of(resources.kernels(), "rms_norm").pointer(w.normed.address())
                .pointer(w.hidden.address())
                .pointer(model.address(WeightTensor.FINAL_NORM)).int32(config.hidden()).float32(config.epsilon())
                .repeated(w.arena);
        this.lastNormShape = resources.sizing().rows("rms_norm", 1, config.hidden());
        w.inverseFrequencies.upload(
                w.arena.allocateFrom(ValueLayout.JAVA_FLOAT, config.rope().inverseFrequencies(config.headSize())),
                stream);
        stream.synchronize();
    }

    @Override
    public int sequences() {
        return sequences;
    }

    @Override
    public int length() {
        return length;
    }

    /// How many tokens the model knows.
    public int vocabulary() {
        return config.vocabulary();
    }

    /// The operations of a step that adds so many tokens to each sequence, up to the hidden states.
    public List<Operation> plan(int added) {
        return forward(added).operations();
    }

    /// The operations that choose the next tokens after a step that added so many to each sequence.
    public List<Operation> choicePlan(int added) {
        return choice(added).operations();
    }

    private PlannedStep forward(int added) {
        return plans.computeIfAbsent(added, n -> planned(builder(sequences, n).forward(), n));
    }

    private PlannedStep choice(int added) {
        return choices.computeIfAbsent(added, n -> planned(builder(sequences, n).choice(), n));
    }

    /// A decode step and the choice after it.
    private StepChain token() {
        if (token.isEmpty()) {
            token = Optional.of(resources.held().take(new StepChain(DECODE_AND_CHOICE,
                    List.of(new StepChain.Link(DECODE, forward(1)), new StepChain.Link(CHOICE, choice(1)))),
                    StepChain::close));
        }
        return token.get();
    }

    /// A step to be repeated; decode steps are worth a graph.
    private PlannedStep planned(List<Operation> operations, int added) {
        boolean graph = graphs && added == 1 && techniques.contains("cuda-graphs");
        return resources.held().take(new PlannedStep(operations, graph), PlannedStep::close);
    }

    /// Records to which experts the steps from now on send their tokens. Those steps are not made graphs, in which nobody hears
    /// of single operations.
    ///
    /// @return gives that of the step fed last
    Supplier<StepRouting> recordRouting() {
        graphs = false;
        RoutingRecorder recorder = new RoutingRecorder(w, stream, config);
        listener = OperationListener.of(List.of(listener, recorder));
        return () -> recorder.last(sequences * fed);
    }

    private PlanBuilder builder(int batch, int added) {
        return new PlanBuilder(resources, techniques, batch, added, capacity);
    }

    @Override
    public void feed(int[][] rows) {
        Tokens.check(rows, sequences, length, capacity, config.vocabulary());
        int added = rows[0].length;
        if (added > longestStep) {
            throw new IllegalArgumentException(added + " tokens in a step of at most " + longestStep);
        }
        int count = sequences * added;
        w.host.awaitSent();
        for (int row = 0; row < count; row++) {
            ids.setAtIndex(ValueLayout.JAVA_INT, row, rows[row / added][row % added]);
        }
        w.ids.upload(ids.asSlice(0, 4L * count), stream);
        place(added, length);
        keepCache(added == 1);
        w.cache.reach(length + added, stream);
        start(length > 0 && added == 1 ? DECODE : PREFILL, forward(added));
        length += added;
        fed = added;
    }

    /// Tells the kernels where the rows of a step stand: so many of each sequence, from this position on.
    private void place(int rows, int first) {
        int count = sequences * rows;
        w.host.awaitSent();
        for (int row = 0; row < count; row++) {
            positions.setAtIndex(ValueLayout.JAVA_INT, row, first + row % rows);
            owners.setAtIndex(ValueLayout.JAVA_INT, row, row / rows);
        }
        w.positions.upload(positions.asSlice(0, 4L * count), stream);
        w.sequences.upload(owners.asSlice(0, 4L * count), stream);
        w.host.sent(stream);
        placed = rows == 1 ? first : -1;
    }

    private void keepCache(boolean decoding) {
        resources.window().ifPresent(decoding ? CacheWindow::hold : CacheWindow::release);
    }

    private void start(String name, PlannedStep step) {
        step.into(stream, name, new Operation.Step(length), listener);
    }

    @Override
    public float[][] logits(Scope scope) {
        int wanted = scope == Scope.ALL ? fed : 1;
        float[][] rows = new float[sequences * wanted][config.vocabulary()];
        for (int s = 0; s < sequences; s++) {
            for (int r = 0; r < wanted; r++) {
                unembed(s * fed + fed - wanted + r);
                w.logits.download(logits, stream);
                stream.synchronize();
                MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT, 0, rows[s * wanted + r], 0, config.vocabulary());
            }
        }
        return rows;
    }

    /// Norm and unembedding of one token of the last step.
    private void unembed(int token) {
        lastNorm.parameters().setLong(UNEMBEDDED_ROW, w.hidden.address() + 4L * token * config.hidden());
        lastNorm.run(lastNormShape, stream);
        start(LOGITS, unembedding);
    }

    @Override
    public void choose() {
        if (placed != length - 1) {
            place(1, length - 1);
        }
        start(CHOICE, choice(fed));
        placed = length;
        tokens.add(length);
    }

    @Override
    public void advance() {
        if (!token().isReady()) {
            Session.super.advance();
            return;
        }
        requireChosen();
        keepCache(true);
        w.cache.reach(length + 1, stream);
        token().into(stream, new Operation.Step(length), listener);
        length++;
        fed = 1;
        placed = length;
        tokens.add(length);
    }

    private void requireChosen() {
        if (placed != length) {
            throw new IllegalStateException("no tokens were chosen to follow the " + length + " fed");
        }
        if (length + 1 > capacity) {
            throw new IllegalArgumentException("no room for a token after " + length);
        }
    }

    @Override
    public void feedChosen() {
        requireChosen();
        keepCache(true);
        w.cache.reach(length + 1, stream);
        start(DECODE, forward(1));
        length++;
        fed = 1;
    }

    @Override
    public Arrival bringChosen() {
        listener.beginStep(ARRIVAL);
        try {
            return tokens.bringLast();
        } finally {
            listener.endStep();
        }
    }

    @Override
    public int[][] chosen() {
        return tokens.all();
    }

    @Override
    public void clear() {
        stream.synchronize();
        events.forEach(CudaEvent::close);
        events.clear();
        tokens.clear();
        w.cache.clear();
        length = 0;
        fed = 0;
        placed = -1;
    }

    @Override
    public Mark mark() {
        CudaEvent event = resources.context().event();
        events.add(event);
        event.record(stream);
        return new EventMark(event);
    }

    private record EventMark(CudaEvent event) implements Mark {
        @Override
        public double millisSince(Mark earlier) {
            event.synchronize();
            return event.millisSince(((EventMark) earlier).event);
        }
    }

    /// Overwrites the memory of past and future steps with not-a-numbers, before the first token is fed.
    ///
    /// @throws IllegalStateException where the sequences already hold tokens
    public void poison() {
        if (length > 0) {
            throw new IllegalStateException("the sequences hold " + length + " tokens");
        }
        w.poison(stream);
    }

    @Override
    public void close() {
        resources.context().makeCurrent();
        try {
            stream.synchronize();
            events.forEach(CudaEvent::close);
        } finally {
            resources.held().close(); // also where a kernel failed
        }
    }
}
