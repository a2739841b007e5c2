package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Binding;
import org.moelab.gpu.engine.Draft.Binding.Rows;
import org.moelab.gpu.engine.Draft.Binding.Rows.Place;
import org.moelab.gpu.kernels.FusedGroup;
import org.moelab.gpu.model.MoeConfig;

/// Row-wise operations that follow each other over the same rows as one operation, by a kernel composed of theirs
/// ([FusedGroup]): what the first writes the others take from registers.
final class FusedGroups {
    private static final int WARP = 32;
    private static final int MOST_THREADS = 1024;
    private static final int MANY_ROWS_THREADS = 256;
    /// Numbers of a thread's piece, and the most pieces of a row that it holds.
    private static final int QUAD = 4;
    private static final int MOST_QUADS = 8;
    private static final int FLOAT = 4;
    /// Techniques of the kernels alone: a group has blocks of its own size.
    private static final List<String> OF_ONE_KERNEL = List.of("launch-sizing");

    private FusedGroups() {
    }

    /// A step's drafts with each group in place of its operations.
    static List<Draft> in(List<Draft> drafts, MoeConfig c) {
        List<Draft> all = new ArrayList<>();
        for (int from = 0; from < drafts.size();) {
            int to = end(drafts, from);
            all.add(to > from + 1 ? fused(drafts.subList(from, to), c) : drafts.get(from));
            from = to;
        }
        return all;
    }

    /// Where the group ends that begins with an operation, or that operation where it begins none.
    private static int end(List<Draft> drafts, int from) {
        int to = from + 1;
        if (drafts.get(from).binding() instanceof Rows first && first.place() == Place.FIRST && suits(first)) {
            while (to < drafts.size() && drafts.get(to).binding() instanceof Rows next && next.place() == Place.BEHIND
                    && next.rows() == first.rows() && next.width() == first.width()) {
                to++;
            }
        }
        return to;
    }

    private static boolean suits(Rows rows) {
        return rows.width() <= QUAD * MOST_QUADS * MOST_THREADS; // always a multiple of 32
    }

    private static Draft fused(List<Draft> group, MoeConfig c) {
        List<Rows> parts = group.stream().map(draft -> (Rows) draft.binding()).toList();
        Rows first = parts.getFirst();
        List<String> kernels = group.stream().map(Draft::implementation).toList();
        long held = (long) FLOAT * first.rows() * first.width() * (group.size() - 1);
        List<String> techniques = Stream
                .concat(Stream.of(FusedGroup.TECHNIQUE), group.stream().flatMap(draft -> draft.techniques().stream()))
                .filter(id -> !OF_ONE_KERNEL.contains(id)).distinct().toList();
        return new Draft(name(group), group.getFirst().kind(), FusedGroup.name(kernels), techniques,
                length -> group.stream().mapToLong(draft -> draft.bytes().at(length)).sum() - held,
                length -> group.stream().mapToLong(draft -> draft.flops().at(length)).sum(), true,
                new Binding.Group(gpu -> kernel(kernels, first, gpu, c), (gpu, function) -> {
                    Launcher launch = Launcher.of(function, LaunchShape.of(first.rows(), threads(first, gpu)));
                    for (Rows part : parts) {
                        launch = part.parameters().apply(gpu, launch);
                    }
                    return launch.prepared(gpu.w().arena);
                }));
    }

    /// `layer 3/experts/combine and norm`: where the first stands, and what the others are called.
    private static String name(List<Draft> group) {
        StringBuilder name = new StringBuilder(group.getFirst().name());
        group.stream().skip(1).map(Draft::name)
                .forEach(other -> name.append(" and ").append(other.substring(other.lastIndexOf('/') + 1)));
        return name.toString();
    }

    private static FusedGroup kernel(List<String> kernels, Rows first, Draft.Gpu gpu, MoeConfig c) {
        Map<String, Integer> sizes = KernelSizes.of(c);
        return new FusedGroup(kernels, new TreeMap<>(sizes), threads(first, gpu));
    }

    private static int threads(Rows rows, Draft.Gpu gpu) {
        return threads(rows.rows(), rows.width(), gpu.w().multiprocessors());
    }

    /// Few rows get a thread for each piece, so that each is done soonest; where there are rows enough for every multiprocessor,
    /// smaller blocks leave fewer threads waiting for others.
    static int threads(int rows, int width, int multiprocessors) {
        int quads = width / QUAD;
        boolean many = rows >= 2 * multiprocessors && quads <= MOST_QUADS * MANY_ROWS_THREADS;
        return Math.min(many ? MANY_ROWS_THREADS : MOST_THREADS, Math.ceilDiv(quads, WARP) * WARP);
    }
}
