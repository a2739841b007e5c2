package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;

/// The calls that held host threads up, thread by thread.
final class HostCalls {
    private record HostThread(int process, long thread) {}

    /// A blocking call that lies in no other.
    private record Call(int event, BlockingCall kind) {}

    /// What held a thread up in a span.
    ///
    /// @param longest the call that took the most of it, or -1
    record Blocked(Map<BlockingCall, Long> ns, int longest) {}

    private final Trace trace;
    private final Map<HostThread, List<Call>> calls = new HashMap<>();
    private int count;

    HostCalls(Trace trace) {
        this.trace = trace;
        Map<Integer, Optional<BlockingCall>> kinds = new HashMap<>();
        for (Track track : trace.tracks()) {
            for (int e = trace.trackBegin(track.id()); e < trace.trackEnd(track.id()); e++) {
                if (trace.kind(e).isApiCall()) {
                    int call = e;
                    count++;
                    kinds.computeIfAbsent(trace.nameId(e), _ -> BlockingCall.of(trace.name(call)))
                            .ifPresent(kind -> calls.computeIfAbsent(threadOf(track), _ -> new ArrayList<>())
                                    .add(new Call(call, kind)));
                }
            }
        }
        calls.replaceAll((_, all) -> outermost(all));
    }

    private static HostThread threadOf(Track track) {
        return new HostThread(track.locus().process(), track.locus().thread());
    }

    /// A runtime call often holds the driver's: only the outer one counts.
    private List<Call> outermost(List<Call> all) {
        all.sort((a, b) -> trace.start(a.event) != trace.start(b.event)
                ? Long.compare(trace.start(a.event), trace.start(b.event))
                : Long.compare(trace.end(b.event), trace.end(a.event)));
        List<Call> outer = new ArrayList<>();
        long covered = Long.MIN_VALUE;
        for (Call call : all) {
            if (trace.start(call.event) >= covered) {
                outer.add(call);
                covered = trace.end(call.event);
            }
        }
        return outer;
    }

    /// How many calls of any kind there are.
    int count() {
        return count;
    }

    /// What held the thread of a call up in a span.
    Blocked blocked(int launch, long fromNs, long toNs) {
        List<Call> of = calls.getOrDefault(threadOf(trace.track(launch)), List.of());
        Map<BlockingCall, Long> ns = new EnumMap<>(BlockingCall.class);
        int longest = -1;
        long most = 0;
        for (int i = firstEndingAfter(of, fromNs); i < of.size() && trace.start(of.get(i).event) < toNs; i++) {
            Call call = of.get(i);
            long inside = Math.min(trace.end(call.event), toNs) - Math.max(trace.start(call.event), fromNs);
            if (inside > 0) {
                ns.merge(call.kind, inside, Long::sum);
                if (inside > most) {
                    most = inside;
                    longest = call.event;
                }
            }
        }
        return new Blocked(ns, longest);
    }

    private int firstEndingAfter(List<Call> of, long time) {
        int low = 0;
        int high = of.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (trace.end(of.get(middle).event) <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
