package org.moelab.app.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A figure of a peer beside ours.
///
/// @param measure what it is of
/// @param unit of both figures
/// @param theirs the peer's figure
/// @param ours of the run
/// @param ratio how often as fast ours is; absent where anything that matters differs or is not known
/// @param differs what differs, or is not told; empty where they are alike
/// @param remarks what a ratio does not account for
public record Beside(PeerResult peer, String measure, String unit, double theirs, double ours, Optional<Double> ratio,
        List<String> differs, List<String> remarks) {
    /// Lengths that are a mean over requests are the same within this part.
    static final double LENGTHS = 0.02;

    public Beside {
        differs = List.copyOf(differs);
        remarks = List.copyOf(remarks);
    }

    /// All figures that both have.
    public static List<Beside> of(PeerResult peer, OwnResult own) {
        List<Beside> rows = new ArrayList<>();
        List<String> setup = differences(peer.setup(), own);
        List<String> prompt = plus(setup, length("prompt", peer.setup().prompt(), own.prompt()));
        List<String> decode = plus(plus(setup, length("context", peer.setup().context(), own.prompt())),
                length("new tokens", peer.setup().generated(), own.generated()));
        Optional<Double> perSequence = own.decodeTotal().map(t -> t / own.batch());
        add(rows, peer, "prefill", "tok/s", peer.rates().prefill(), Optional.of(own.prefill()), true, prompt, own);
        add(rows, peer, "decode, a sequence", "tok/s", peer.rates().decodeSequence(), perSequence, true, decode, own);
        add(rows, peer, "decode, in all", "tok/s", peer.rates().decodeTotal(), own.decodeTotal(), true, decode, own);
        add(rows, peer, "TTFT", "ms", peer.ttftMs().typical(), Optional.of(own.ttftMs()), false, prompt, own);
        add(rows, peer, peer.tpotMs().isStated() ? "TPOT" : "ITL", "ms",
                peer.tpotMs().typical().or(() -> peer.itlMs().typical()), own.tpotMs(), false, decode, own);
        return rows;
    }

    private static void add(List<Beside> rows, PeerResult peer, String measure, String unit, Optional<Double> theirs,
            Optional<Double> ours, boolean more, List<String> differs, OwnResult own) {
        if (theirs.isEmpty() || ours.isEmpty()) {
            return;
        }
        double speed = more ? ours.get() / theirs.get() : theirs.get() / ours.get();
        rows.add(new Beside(peer, measure, unit, theirs.get(), ours.get(),
                differs.isEmpty() ? Optional.of(speed) : Optional.empty(), differs, remarks(peer, own)));
    }

    private static List<String> remarks(PeerResult peer, OwnResult own) {
        List<String> remarks = new ArrayList<>();
        if (peer.setup().concurrent()) {
            remarks.add("theirs is a server's, with queueing and scheduling");
        } else {
            remarks.addAll(peer.notes());
        }
        if (!own.others().equals(own.experts())) {
            remarks.add("ours reads other weights in " + own.others());
        }
        return remarks;
    }

    private static List<String> differences(PeerSetup peer, OwnResult own) {
        List<String> differs = new ArrayList<>();
        compare(differs, "model", peer.model(), own.model(), peer.model().filter(m -> isModel(m, own.model())));
        compare(differs, "GPU", peer.gpu(), own.gpu(), peer.gpu().filter(g -> isGpu(g, own.gpu())));
        compare(differs, "precision", peer.precision(), own.experts(),
                peer.precision().filter(p -> isPrecision(p, own.experts())));
        String batch = peer.concurrent() ? "concurrency" : "batch";
        compare(differs, batch, peer.sequences().map(Object::toString), Integer.toString(own.batch()),
                peer.sequences().filter(s -> s == own.batch()).map(Object::toString));
        return differs;
    }

    private static void compare(List<String> differs, String what, Optional<String> theirs, String ours,
            Optional<String> alike) {
        if (theirs.isEmpty()) {
            differs.add(what + " not told");
        } else if (alike.isEmpty()) {
            differs.add(what + " " + theirs.get() + ", ours " + ours);
        }
    }

    private static Optional<String> length(String what, Optional<Double> theirs, int ours) {
        if (theirs.isEmpty()) {
            return Optional.of(what + " not told");
        }
        return Math.abs(theirs.get() - ours) <= LENGTHS * ours
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "%s %.0f, ours %d", what, theirs.get(), ours));
    }

    private static List<String> plus(List<String> list, Optional<String> one) {
        List<String> all = new ArrayList<>(list);
        one.ifPresent(all::add);
        return all;
    }

    /// `openai/gpt-oss-20b` and `gpt-oss 20B` are gpt-oss-20b.
    private static boolean isModel(String theirs, String ours) {
        String theirName = letters(theirs.substring(theirs.lastIndexOf('/') + 1));
        String ourName = letters(ours);
        return theirName.equals(ourName) || theirName.startsWith(ourName) && theirName.length() > ourName.length()
                && !Character.isDigit(theirName.charAt(ourName.length()));
    }

    private static boolean isGpu(String theirs, String ours) {
        String theirName = letters(theirs);
        String ourName = letters(ours);
        return theirName.equals(ourName) || theirName.equals(ourName.replace("nvidia", ""));
    }

    /// Names of formats begin with the format: `MXFP4 MoE`, `bfloat16`.
    private static boolean isPrecision(String theirs, String ours) {
        String name = letters(theirs).replace("bfloat16", "bf16");
        return name.startsWith(letters(ours));
    }

    private static String letters(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
