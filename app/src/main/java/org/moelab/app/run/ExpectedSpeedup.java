package org.moelab.app.run;

import java.util.List;
import java.util.Optional;

/// Where a layer's speedup over the lowest layer is expected, from what other runs measured.
///
/// @param layer as the run calls it
/// @param low the least that is expected
/// @param high the most
/// @param source the runs that let it be expected, by name and date, for people: `earlier runs (…)`, or `other runs (…)` where one
/// is not earlier
public record ExpectedSpeedup(String layer, double low, double high, String source) {
    public ExpectedSpeedup {
        if (!(low > 0) || !(high >= low)) {
            throw new IllegalArgumentException("a speedup expected from " + low + " to " + high);
        }
    }

    /// From where the times of both layers are expected, as if either could be anywhere in its range.
    ///
    /// @param lowestLow the least time of the lowest layer, in the unit of the other three
    /// @param lowestHigh its most
    /// @param layerLow the least time of the layer
    /// @param layerHigh its most
    public static ExpectedSpeedup ofTimes(String layer, double lowestLow, double lowestHigh, double layerLow,
            double layerHigh, String source) {
        return new ExpectedSpeedup(layer, lowestLow / layerHigh, lowestHigh / layerLow, source);
    }

    /// The one of a layer.
    public static Optional<ExpectedSpeedup> find(List<ExpectedSpeedup> expected, String layer) {
        return expected.stream().filter(e -> e.layer.equals(layer)).findFirst();
    }

    /// Tells where speedups of a run are expected.
    public interface Source {
        /// Expects nothing.
        Source NONE = (_, _) -> List.of();

        /// What is expected of the layers of a run in a phase; empty where nothing like it was measured in other runs.
        List<ExpectedSpeedup> of(StoredRun run, RunPhase phase);
    }
}
