"""A short two-layer gpt-oss run with the 20b shapes, random weights, on one GPU: what the recordings under
traces/src/test/resources/h200 were made from (see README.md beside this file).

usage: gptoss2L.py pytorch OUT.json | gptoss2L.py range
`pytorch` writes a PyTorch profiler trace; `range` runs between cudaProfilerStart and cudaProfilerStop, for nsys and ncu.
"""
import sys

import torch
from transformers import GptOssConfig, GptOssForCausalLM

LAYERS = 2
PROMPT = 128


def build():
    torch.manual_seed(7)
    torch.set_default_dtype(torch.bfloat16)
    config = GptOssConfig(num_hidden_layers=LAYERS)
    config.layer_types = config.layer_types[:LAYERS]
    with torch.device("cuda"):
        model = GptOssForCausalLM._from_config(config, experts_implementation="grouped_mm")
    for p in model.parameters():
        p.data.normal_(0, 0.02)
    model.eval()
    for i, layer in enumerate(model.model.layers):
        annotate(layer, f"layer {i}")
        annotate(layer.self_attn, "attention")
        annotate(layer.mlp, "experts")
    annotate(model.lm_head, "unembedding")
    return config, model


def annotate(module, name):
    def before(m, a):
        torch.cuda.nvtx.range_push(name)

    def after(m, a, o):
        torch.cuda.nvtx.range_pop()

    module.register_forward_pre_hook(before)
    module.register_forward_hook(after)


def capture_graph():
    a = torch.randn(2880, 2880, device="cuda")
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            torch.relu(a @ a).sum()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        z = a
        for _ in range(4):
            z = torch.relu(a @ z)
        total = z.float().sum()
    return graph, total


def main():
    config, model = build()
    nvtx = torch.cuda.nvtx
    ids = torch.randint(0, config.vocab_size, (1, PROMPT), device="cuda")
    pinned = torch.empty(1 << 20, pin_memory=True)
    landing = torch.empty(1 << 20, device="cuda")
    copies = torch.cuda.Stream()
    graph, total = capture_graph()

    def work(steps):
        with torch.no_grad():
            nvtx.range_push("prefill")
            out = model(ids, use_cache=True)
            nvtx.range_pop()
            with torch.cuda.stream(copies):
                landing.copy_(pinned, non_blocking=True)
            cache, token = out.past_key_values, out.logits[:, -1:].argmax(-1)
            for _ in range(steps):
                nvtx.range_push("decode step")
                out = model(token, past_key_values=cache, use_cache=True)
                cache, token = out.past_key_values, out.logits[:, -1:].argmax(-1)
                token.item()
                nvtx.range_pop()
            nvtx.range_push("graph replay")
            graph.replay()
            graph.replay()
            float(total)
            nvtx.range_pop()
            nvtx.mark("done")

    work(4)
    work(4)
    torch.cuda.synchronize()
    if sys.argv[1] == "pytorch":
        from torch.profiler import ProfilerActivity, profile

        with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA], with_stack=True, record_shapes=True) as p:
            work(1)
            torch.cuda.synchronize()
        p.export_chrome_trace(sys.argv[2])
    else:
        torch.cuda.cudart().cudaProfilerStart()
        work(4)
        torch.cuda.synchronize()
        torch.cuda.cudart().cudaProfilerStop()


main()
