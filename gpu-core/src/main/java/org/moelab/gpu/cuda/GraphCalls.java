package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.lang.foreign.MemorySegment;

/// The driver's functions for recording a stream's work and launching it as a graph. Names and signatures are those of
/// cuda.h of CUDA 12.3; newer drivers keep them beside the newer ones.
///
/// @param beginCapture `cuStreamBeginCapture`: a stream, how far other calls are forbidden
/// @param captureInfo `cuStreamGetCaptureInfo`
/// @param endCapture `cuStreamEndCapture`: a stream, where to put the graph
/// @param nodes `cuGraphGetNodes`: a graph, where to put its nodes, their number
/// @param nodeType `cuGraphNodeGetType`: a node, where to put its type
/// @param instantiate `cuGraphInstantiateWithFlags`: where to put what can be launched, a graph, flags
/// @param launch `cuGraphLaunch`: what can be launched, a stream
/// @param destroy `cuGraphDestroy`
/// @param destroyExecutable `cuGraphExecDestroy`
record GraphCalls(Signatures.PI beginCapture, CaptureInfo captureInfo, Signatures.PP endCapture, Signatures.PPP nodes,
        Signatures.PP nodeType, Signatures.PPL instantiate, Signatures.PP launch, Signatures.P destroy,
        Signatures.P destroyExecutable) {

    /// `cuStreamGetCaptureInfo`: a stream, then where to put the status, the recording's id, the graph, the nodes that the
    /// next one will follow, the kinds of these dependencies, and their number; all but the status may be null.
    public interface CaptureInfo {
        int call(MemorySegment stream, MemorySegment status,
                MemorySegment id, MemorySegment graph,
                MemorySegment dependencies, MemorySegment kinds, MemorySegment count);
    }

    static GraphCalls of(ForeignLibrary library) throws CudaUnavailableException {
        return new GraphCalls(
                library.bind(Signatures.PI.class, "cuStreamBeginCapture_v2", POINTER, INT),
                library.bind(CaptureInfo.class, "cuStreamGetCaptureInfo_v3", POINTER, POINTER, POINTER, POINTER,
                        POINTER, POINTER, POINTER),
                library.bind(Signatures.PP.class, "cuStreamEndCapture", POINTER, POINTER),
                library.bind(Signatures.PPP.class, "cuGraphGetNodes", POINTER, POINTER, POINTER),
                library.bind(Signatures.PP.class, "cuGraphNodeGetType", POINTER, POINTER),
                library.bind(Signatures.PPL.class, "cuGraphInstantiateWithFlags", POINTER, POINTER, LONG),
                library.bind(Signatures.PP.class, "cuGraphLaunch", POINTER, POINTER),
                library.bind(Signatures.P.class, "cuGraphDestroy", POINTER),
                library.bind(Signatures.P.class, "cuGraphExecDestroy", POINTER));
    }
}
