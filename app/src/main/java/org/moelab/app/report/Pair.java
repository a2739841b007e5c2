package org.moelab.app.report;

import java.util.List;

import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.technique.Catalogue;

/// Two runs that are compared.
///
/// @param a the run that the other is compared with
/// @param b the other
/// @param catalogue what is told of layers
public record Pair(StoredRun a, StoredRun b, Catalogue catalogue) {
    /// A layer that both runs have a result of.
    record Both(String layer, LayerResult inA, LayerResult inB) {}

    /// The layers that both have, in the order of A.
    List<Both> common() {
        return a.layers().stream()
                .flatMap(l -> b.layer(l.layer()).map(other -> new Both(l.layer(), l, other)).stream()).toList();
    }
}
