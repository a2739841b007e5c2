package org.moelab.app.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.moelab.gpu.bench.SweepAxis;
import org.moelab.gpu.bench.SweepReport.Sweep;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say along what a layer is swept.
final class SweepOptions {
    private static final String NONE = "none";
    private static final List<String> USUAL = List.of("batch=1,8,32,128", "context=512,4096,16384",
            "precision=bf16,mxfp4,fp8", "prompt=128,512,2048,8192", "gpus=1");
    private static final List<String> QUICK = List.of("batch=1,8,32", "context=512,4096", "precision=bf16,mxfp4,fp8",
            "prompt=128,512,2048", "gpus=1");
    private static final List<String> USUAL_ON_CPU = List.of("batch=1,2,4", "context=128,512",
            "precision=bf16,mxfp4,fp8", "prompt=32,128,512", "gpus=1");
    private static final List<String> QUICK_ON_CPU = List.of("batch=1,2", "context=16,64",
            "precision=bf16,mxfp4,fp8", "prompt=16,64", "gpus=1");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--sweep", paramLabel = "AXIS=V,…", description = "Measure the highest layer with one thing varied: batch=1,8,32, context=512,4096, precision=bf16,mxfp4,fp8,fp8-kv, prompt=128,512,2048 or gpus=1. May be given several times; none leaves all out (default: one of each, a small one with --quick).")
    private List<String> asked = List.of();

    /// Whether anything was said about sweeps.
    boolean areGiven() {
        return !asked.isEmpty();
    }

    /// The sweeps asked for, or those that are made where none were.
    ///
    /// @throws ParameterException where one means nothing
    List<Sweep> sweeps(boolean quick, boolean onGpu) {
        if (asked.equals(List.of(NONE))) {
            return List.of();
        }
        List<String> usual = onGpu ? quick ? QUICK : USUAL : quick ? QUICK_ON_CPU : USUAL_ON_CPU;
        List<Sweep> sweeps = new ArrayList<>();
        for (String text : asked.isEmpty() ? usual : asked) {
            Sweep sweep = sweep(text);
            if (sweeps.stream().anyMatch(other -> other.axis().equals(sweep.axis()))) {
                throw usage(text, sweep.axis() + " is swept twice");
            }
            sweeps.add(sweep);
        }
        return sweeps;
    }

    private Sweep sweep(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        SweepAxis axis = SweepAxis.of(name).orElseThrow(() -> usage(text, "nothing is called '" + name
                + "'; what can vary is "
                + Arrays.stream(SweepAxis.values()).map(SweepAxis::label).collect(Collectors.joining(", "))));
        if (equals < 0) {
            throw usage(text, "its values are missing: " + name + "=…");
        }
        List<String> values = Arrays.stream(text.substring(equals + 1).split(",", -1)).map(String::strip).distinct()
                .toList();
        values.forEach(value -> axis.problem(value).ifPresent(problem -> {
            throw usage(text, problem);
        }));
        return new Sweep(name, values);
    }

    private ParameterException usage(String text, String problem) {
        return new ParameterException(spec.commandLine(), "--sweep " + text + ": " + problem);
    }
}
