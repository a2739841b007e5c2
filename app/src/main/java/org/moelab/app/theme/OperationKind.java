package org.moelab.app.theme;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import org.moelab.traces.model.EventKind;

/// The families of work that keep their colour in every view, in the legend's order.
public enum OperationKind {
    ATTENTION("attention"), EXPERT_MATMUL("expert matmul"), DENSE_MATMUL("dense matmul"), ROUTER(
            "router and sort"), ELEMENTWISE("norm and elementwise"), UNEMBEDDING("unembedding and sampling"), MEMORY(
                    "memory copy"), COMMUNICATION(
                            "communication"), OTHER("other device work"), CALL("runtime call"), IDLE("idle");

    private record Rule(OperationKind kind, Pattern name) {
        Rule(OperationKind kind, String words) {
            this(kind, Pattern.compile(words));
        }
    }

    /// What the words in a kernel's name tell of it; the first rule that finds one decides. Only names that state
    /// their work are claimed; every other kernel is [#OTHER].
    private static final List<Rule> RULES = List.of(
            new Rule(COMMUNICATION, "nccl|rccl|nvshmem|deep_?ep|all_?reduce|all_?gather|reduce_?scatter|all_?to_?all"),
            new Rule(ATTENTION, "flash|fmha|attention|attn|paged_kv"),
            new Rule(ELEMENTWISE, "triton_(poi|red|per)_fused"),
            new Rule(EXPERT_MATMUL,
                    "grouped_?(gemm|mm)|group_?gemm|groupproblemshape|matmul_ogs|moe.*(gemm|mm|gate_up|down)|expert.*(gemm|mm|gate_up|down|swiglu|combine)|combine_experts|gemmgrouped"),
            new Rule(ROUTER,
                    "moe|expert|router|routing|norm_route|top_?k|gating|sort|histogram|bincount|permute_tokens|scan_?kernel|exclusive_?sum"),
            new Rule(UNEMBEDDING,
                    "unembed|lm_?head|coarse_logits|rescore|argmax|keep_choice|sampl|multinomial|embedding"),
            new Rule(DENSE_MATMUL,
                    "gemm|gemv|matmul|xmma|nvjet|cublas|cutlass|conv(?!ert)|wgrad|dgrad|splitk|dot_kernel|tensile|cijk_|dense_(stream|bulk|async)"),
            new Rule(ATTENTION, "(?<![a-z])rope(?![a-z])|rotary|kv_?cache|kv_append"),
            new Rule(MEMORY, "memcpy|memset|catarray|transpose|copy|fill|gather|scatter|index_?select"),
            new Rule(ELEMENTWISE,
                    "norm(?!al)|elementwise|softmax|reduce|activation|silu|swiglu|gelu|relu|dropout|pointwise|adam|functor|add_(bias|residual)|embed_tokens"));

    private final String label;

    OperationKind(String label) {
        this.label = label;
    }

    /// The name in legends and in the palette.
    public String label() {
        return label;
    }

    /// The family of this label.
    public static Optional<OperationKind> ofLabel(String label) {
        return Arrays.stream(values()).filter(k -> k.label.equals(label)).findFirst();
    }

    /// The family of an event: by what it is, and for kernels by the words in their name.
    /// Costs a few pattern searches: for each distinct name, not for each event.
    public static OperationKind of(EventKind kind, String name) {
        return switch (kind) {
            case KERNEL, GRAPH, DEVICE_OTHER -> ofKernel(name);
            case MEMCPY, MEMSET, MEMORY -> MEMORY;
            case RUNTIME_CALL, DRIVER_CALL, OS_RUNTIME -> CALL;
            case SYNCHRONIZATION -> IDLE;
            default -> OTHER;
        };
    }

    private static OperationKind ofKernel(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (Rule rule : RULES) {
            if (rule.name.matcher(lower).find()) {
                return rule.kind;
            }
        }
        return OTHER;
    }
}
