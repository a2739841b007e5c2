package org.moelab.app.profiling;

import java.util.List;

import org.moelab.gpu.bench.RunSession;

/// What files of a layer's recordings are called within a run directory: the layer and one of these endings, or in one of these
/// folders.
public final class ProfileFiles {
    static final String ROOFLINE = ".roofline.ncu-rep";
    static final String DEEP_DIVE = ".deep_dive.ncu-rep";
    static final String NCU = ".ncu-rep";
    static final String NSYS = ".nsys-rep";
    static final String DATABASE = ".sqlite";
    static final String HTA = "hta";
    static final String DIFFERENCES = "differences";

    /// The endings, that of captured timelines included.
    public static final List<String> ENDINGS = List.of(RunSession.TIMELINE, ROOFLINE, DEEP_DIVE, NCU, NSYS, DATABASE);
    /// The folders, which hold nothing else.
    public static final List<String> FOLDERS = List.of(HTA, DIFFERENCES);

    private ProfileFiles() {
    }
}
