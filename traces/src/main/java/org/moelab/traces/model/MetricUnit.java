package org.moelab.traces.model;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The unit of an Nsight Compute metric.
///
/// Reports hold no units: the tool derives them from names, whose structure its Profiling Guide gives as
/// `unit__(subunit_)(stage_)quantity_(qualifiers).(rollup).(submetric)`. [#ofMetric] does the same by these rules, in order:
///
/// 1. `.pct`, `.pct_of_peak_…`, `_pct`: per cent.
/// 2. `launch__…`: a table of its own.
/// 3. `.ratio` and `.max_rate` of `average_A_per_B`: A by B for bytes, sectors and requests, else none.
/// 4. The quantity: `time_duration`, `…_time` are ns; `bytes` bytes; `sectors`, `requests`, `warps`, `ctas` (blocks),
///    `passes`; `cycles`; `inst` instructions; `threads`.
/// 5. The submetric: `.per_second` makes it a rate by second, cycles Hz; `.per_cycle_…` and `.peak_sustained` a rate by
///    cycle, cycles and active warps none and warps.
///
/// Where no rule holds, the unit is [#NONE]. CSV pages state units, with decimal prefixes: [#parse] reads them.
///
/// @param text base unit without a prefix, as the tool writes it: `byte/s`, `inst/cycle`, `ns`
/// @param scale what a value is to be multiplied with to be in the base unit
/// @param unit the base unit for display, [Unit#NONE] where there is none
public record MetricUnit(String text, double scale, Unit unit) {
    /// No unit, or one that the name does not tell.
    public static final MetricUnit NONE = new MetricUnit("", 1, Unit.NONE);

    private static final MetricUnit PERCENT = base("%", Unit.PERCENT);
    private static final MetricUnit NANOSECONDS = base("ns", Unit.NANOSECONDS);
    private static final MetricUnit BYTES = base("byte", Unit.BYTES);
    private static final MetricUnit HERTZ = base("hz", Unit.HERTZ);
    private static final Map<String, String> LAUNCH = Map.ofEntries(Map.entry("block_dim_x", "block"),
            Map.entry("block_dim_y", "block"), Map.entry("block_dim_z", "block"),
            Map.entry("occupancy_limit_barriers", "block"), Map.entry("occupancy_limit_blocks", "block"),
            Map.entry("occupancy_limit_registers", "block"), Map.entry("occupancy_limit_shared_mem", "block"),
            Map.entry("occupancy_limit_warps", "block"), Map.entry("cluster_max_potential_size", "block"),
            Map.entry("cluster_max_active", "cluster"), Map.entry("persisting_l2_cache_size", "byte"),
            Map.entry("registers_per_thread", "register/thread"),
            Map.entry("registers_per_thread_allocated", "register/thread"),
            Map.entry("shared_mem_config_size", "byte"), Map.entry("shared_mem_per_block", "byte/block"),
            Map.entry("shared_mem_per_block_allocated", "byte/block"),
            Map.entry("shared_mem_per_block_driver", "byte/block"),
            Map.entry("shared_mem_per_block_dynamic", "byte/block"),
            Map.entry("shared_mem_per_block_static", "byte/block"), Map.entry("sm_count", "SM"),
            Map.entry("thread_count", "thread"));
    private static final Pattern PERCENT_NAME = Pattern.compile("\\.pct(_of_peak_\\w+)?$|_pct$|\\.pct_");
    private static final Pattern RATIO = Pattern.compile("average(?:_data)?(?:_t)?_([a-z]+)_per_([a-z]+)");
    private static final Map<String, Double> TIMES = Map.of("ns", 1.0, "nsecond", 1.0, "us", 1e3, "usecond", 1e3, "ms",
            1e6, "msecond", 1e6, "s", 1e9, "second", 1e9);
    private static final Map<Character, Double> PREFIXES = Map.of('K', 1e3, 'M', 1e6, 'G', 1e9, 'T', 1e12, 'P', 1e15);

    /// The unit deduced from a metric's name.
    public static MetricUnit ofMetric(String metric) {
        if (PERCENT_NAME.matcher(metric).find()) {
            return PERCENT;
        }
        String name = metric.substring(Math.max(metric.lastIndexOf(':'), lastPrefixDot(metric)) + 1);
        if (name.startsWith("launch__")) {
            return base(LAUNCH.getOrDefault(name.substring("launch__".length()), ""));
        }
        if (name.startsWith("device__") || name.startsWith("nvlink__") || name.startsWith("numa__")) {
            return NONE;
        }
        if (name.endsWith(".ratio") || name.endsWith(".max_rate")) {
            var ratio = RATIO.matcher(name);
            if (!ratio.find()) {
                return NONE;
            }
            String of = ratio.group(1);
            return of.equals("bytes") || of.equals("sectors") || of.equals("requests")
                    ? base(singular(of) + "/" + singular(ratio.group(2)))
                    : NONE;
        }
        return rate(quantity(name), name);
    }

    /// Sampled metrics carry groups before the counter, such as `TPC.TriageCompute.`: the dot before the counter's name.
    private static int lastPrefixDot(String metric) {
        int unit = metric.indexOf("__");
        return unit < 0 ? -1 : metric.lastIndexOf('.', unit);
    }

    private static String quantity(String name) {
        int dot = name.indexOf('.');
        String counter = "_" + (dot < 0 ? name : name.substring(0, dot)) + "_";
        if (counter.contains("_time_duration_") || counter.endsWith("_time_")) {
            return "ns";
        }
        for (String unit : new String[] { "bytes", "sectors", "requests", "ctas", "passes" }) {
            if (counter.contains("_" + unit + "_")) {
                return unit.equals("ctas") ? "block" : unit.equals("passes") ? "pass" : singular(unit);
            }
        }
        if (counter.contains("_cycles_")) {
            return "cycle";
        }
        if (counter.contains("_warps_")) {
            return "warp";
        }
        if (counter.contains("_inst_")) {
            return "inst";
        }
        return counter.contains("_threads_") ? "thread" : "";
    }

    private static MetricUnit rate(String quantity, String name) {
        if (quantity.isEmpty()) {
            return NONE;
        }
        if (name.endsWith(".per_second")) {
            return quantity.equals("cycle") ? HERTZ : base(quantity + "/s");
        }
        if (name.contains(".per_cycle_") || name.endsWith(".peak_sustained")) {
            // a counter of warps in a state counts them anew each cycle, so that cycles cancel out
            return quantity.equals("cycle") ? NONE : base(quantity.equals("warp") ? quantity : quantity + "/cycle");
        }
        return base(quantity);
    }

    /// The unit that a CSV page states, such as `Gbyte/s`, `nsecond`, `Mhz`, `cycle/nsecond`, `%` or `inst/cycle`.
    public static MetricUnit parse(String stated) {
        String text = stated.strip();
        int slash = text.indexOf('/');
        if (slash < 0) {
            return scaled(text);
        }
        MetricUnit over = scaled(text.substring(0, slash));
        String under = text.substring(slash + 1);
        Double time = TIMES.get(under);
        if (time != null) {
            double perSecond = over.scale * 1e9 / time;
            return over.text.equals("cycle")
                    ? new MetricUnit(HERTZ.text, perSecond, Unit.HERTZ)
                    : new MetricUnit(over.text + "/s", perSecond, over.text.equals("byte")
                            ? Unit.BYTES_PER_SECOND
                            : Unit.NONE);
        }
        MetricUnit divisor = scaled(under);
        return new MetricUnit(over.text + "/" + divisor.text, over.scale / divisor.scale, Unit.NONE);
    }

    private static MetricUnit scaled(String text) {
        Double time = TIMES.get(text);
        if (time != null) {
            return new MetricUnit(NANOSECONDS.text, time, Unit.NANOSECONDS);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        Double prefix = text.isEmpty() ? null : PREFIXES.get(Character.toUpperCase(text.charAt(0)));
        if (lower.endsWith("hz") && lower.length() <= 3) {
            return new MetricUnit(HERTZ.text, lower.length() == 2 || prefix == null ? 1 : prefix, Unit.HERTZ);
        }
        if (prefix != null && lower.substring(1).equals("byte")) {
            return new MetricUnit(BYTES.text, prefix, Unit.BYTES);
        }
        return base(text);
    }

    private static MetricUnit base(String text) {
        return switch (text) {
            case "" -> NONE;
            case "%" -> PERCENT;
            case "byte" -> BYTES;
            case "ns" -> NANOSECONDS;
            case "byte/s" -> base(text, Unit.BYTES_PER_SECOND);
            case "block", "cluster", "cycle", "inst", "pass", "request", "sector", "thread", "warp", "SM" ->
                base(text, Unit.COUNT);
            default -> base(text, Unit.NONE);
        };
    }

    private static MetricUnit base(String text, Unit unit) {
        return new MetricUnit(text, 1, unit);
    }

    private static String singular(String plural) {
        return plural.endsWith("s") ? plural.substring(0, plural.length() - 1) : plural;
    }

    /// A value of this unit for people, such as `13.42 µs` or `0.207 inst/cycle`.
    public String format(double value) {
        return unit == Unit.NONE || unit == Unit.COUNT
                ? (Unit.NONE.format(value * scale) + " " + text).strip()
                : unit.format(value * scale);
    }
}
