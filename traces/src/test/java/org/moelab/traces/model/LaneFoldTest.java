package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The slices of a lane, each figure of each, against a plain walk that keeps no summaries: it asks the events, every time.
class LaneFoldTest {
    private static final int BUCKET = 16;

    private record Slice(int position, int count, long startNs, long endNs, long busyNs, int name) {}

    private record Ballot(int name, long weight) {}

    @ParameterizedTest
    @ValueSource(ints = { 1, 15, 16, 17, 31, 32, 500, 4_096, 5_000 })
    void forEachSlice_randomTraces_givesWhatAPlainWalkGives(int events) {
        Random random = new Random(events);
        for (int round = 0; round < 12; round++) {
            Trace trace = trace(random, events);
            for (Lane lane : trace.lanes(0)) {
                for (int view = 0; view < 12; view++) {
                    long length = trace.endNs() - trace.startNs() + 2;
                    long from = trace.startNs() - 1 + Math.floorMod(random.nextLong(), length);
                    long to = from + 1 + Math.floorMod(random.nextLong(), length);
                    long cell = 1 + (long) Math.pow((double) length, random.nextDouble());
                    List<Slice> slices = new ArrayList<>();
                    lane.forEachSlice(from, to, cell, (position, count, start, end, busy, name) -> slices
                            .add(new Slice(position, count, start, end, busy, name)));
                    assertThat(slices).isEqualTo(new PlainWalk(trace, lane, from, to, cell).slices());
                }
            }
        }
    }

    /// The definition: from an event that begins in a cell on, take the largest bucket of 16, 32, 64 … events that begins here,
    /// ends no later than a quarter of a cell behind the cell, and spans less than a cell. Where there is none take single
    /// events of the cell, up to the next bucket or one that is as long as a cell.
    private record PlainWalk(Trace trace, Lane lane, long from, long to, long cell) {
        List<Slice> slices() {
            List<Slice> slices = new ArrayList<>();
            int i = 0;
            while (i < lane.size() && start(i) < from) {
                if (start(i) + duration(i) > from) {
                    slices.add(slice(i, i + 1, new Ballot(name(i), 0)));
                }
                i++;
            }
            while (i < lane.size() && start(i) < to) {
                Slice slice = sliceAt(i);
                slices.add(slice);
                i += slice.count();
            }
            return slices;
        }

        private Slice sliceAt(int first) {
            long cellEnd = Math.min(to, from + ((start(first) - from) / cell + 1) * cell);
            long latest = Math.min(to, cellEnd + cell / 4);
            Ballot ballot = new Ballot(0, -1);
            int i = first;
            while (i < lane.size() && start(i) < cellEnd) {
                int bucket = largestBucket(i, latest);
                if (bucket > 0) {
                    ballot = add(ballot, elect(i, bucket));
                    i += bucket;
                } else if (duration(i) < cell) {
                    do {
                        ballot = add(ballot, new Ballot(name(i), duration(i)));
                        i++;
                    } while (i % BUCKET != 0 && i < lane.size() && start(i) < cellEnd && duration(i) < cell);
                    if (i % BUCKET != 0) {
                        break;
                    }
                } else {
                    break;
                }
            }
            return i == first ? slice(first, first + 1, new Ballot(name(first), 0)) : slice(first, i, ballot);
        }

        private int largestBucket(int position, long latest) {
            int largest = 0;
            for (int size = BUCKET; position % size == 0 && position + size < lane.size(); size *= 2) {
                long next = start(position + size);
                if (next <= latest && next < start(position) + cell) {
                    largest = size;
                }
            }
            return largest;
        }

        private Ballot elect(int position, int size) {
            Ballot ballot = new Ballot(0, -1);
            if (size == BUCKET) {
                for (int i = position; i < position + size; i++) {
                    ballot = add(ballot, new Ballot(name(i), duration(i)));
                }
                return ballot;
            }
            return add(add(ballot, elect(position, size / 2)), elect(position + size / 2, size / 2));
        }

        private static Ballot add(Ballot ballot, Ballot other) {
            if (ballot.weight < 0) {
                return other;
            }
            if (ballot.name == other.name) {
                return new Ballot(ballot.name, ballot.weight + other.weight);
            }
            return other.weight > ballot.weight
                    ? new Ballot(other.name, other.weight - ballot.weight)
                    : new Ballot(ballot.name, ballot.weight - other.weight);
        }

        private Slice slice(int first, int end, Ballot ballot) {
            long busy = 0;
            for (int i = first; i < end; i++) {
                busy += duration(i);
            }
            return new Slice(first, end - first, start(first), start(end - 1) + duration(end - 1), busy, ballot.name);
        }

        private long start(int position) {
            return trace.start(lane.event(position));
        }

        private long duration(int position) {
            return trace.duration(lane.event(position));
        }

        private int name(int position) {
            return trace.nameId(lane.event(position));
        }
    }

    /// One track of long and short events, of instants, of bursts and of breaks; some hold others.
    private static Trace trace(Random random, int events) {
        TraceBuilder builder = new TraceBuilder();
        int track = builder.track(Locus.NONE, TrackKind.STREAM, "stream", Locus.NOWHERE, 0);
        EventChunk chunk = builder.chunk();
        int names = 1 + random.nextInt(4);
        double spread = random.nextDouble() * 3;
        long time = random.nextInt(1_000) - 500L;
        for (int e = 0; e < events; e++) {
            long duration = random.nextInt(10) == 0 ? 0 : 1 + (long) Math.pow(10, random.nextDouble() * spread);
            int name = chunk.strings().intern("kernel " + random.nextInt(names));
            chunk.add(track, EventKind.KERNEL, time, duration, name, -1, 0);
            if (random.nextInt(3) == 0 && duration > 4) {
                chunk.add(track, EventKind.KERNEL, time + duration / 3, duration / 3, name, -1, 0);
            }
            time += duration + (random.nextInt(40) == 0 ? random.nextInt(20_000) : random.nextInt(3));
        }
        builder.add(chunk);
        return builder.build(new RecordingInfo(List.of(), TraceFormat.CHROME, "", "", OptionalLong.empty(),
                List.of(), Map.of()), ImportMonitor.NONE);
    }
}
