#!/usr/bin/env python3
"""Measures how fast eager PyTorch runs gpt-oss: the milliseconds of a decode step, one sequence.

    python3 tools/compare/transformers_speed.py            # the 20b's sizes
    python3 tools/compare/transformers_speed.py --config model/config.json

The model is made on the GPU from its sizes, in bf16 with random weights: no checkpoint is read, nothing downloaded. For each
way in which this version of transformers runs experts (the loop `eager`, the grouped product `grouped_mm`, and others that
--experts names) a prompt is fed, then tokens are fed one by one with the likeliest next token chosen on the GPU. Each step is
timed by a pair of CUDA events on the stream, so that gaps in which the GPU waits for Python count, as they do for whoever
waits for the token. The first --warmup steps do not count.

Prints one JSON line. A way that fails is reported by its error and does not stop the others. Exit code 0 where at least one
was measured, else 1.
"""

import argparse
import json
import os
import statistics
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

# gpt-oss-20b, as its published configuration gives it
SIZES_20B = {
    "num_hidden_layers": 24, "num_local_experts": 32, "num_experts_per_tok": 4, "vocab_size": 201088, "hidden_size": 2880,
    "intermediate_size": 2880, "head_dim": 64, "num_attention_heads": 64, "num_key_value_heads": 8, "sliding_window": 128,
}


class Problem(Exception):
    """What the user reads in one line."""


def make_config(path):
    import transformers

    if path:
        try:
            with open(path, encoding="utf-8") as file:
                values = json.load(file)
        except OSError as e:
            raise Problem(f"{path}: {e.strerror}") from e
        # the weights are made as bf16 numbers: nothing is packed
        values.pop("quantization_config", None)
        return transformers.GptOssConfig.from_dict(values)
    return transformers.GptOssConfig(**SIZES_20B)


def make_model(config, device):
    """The model in bf16 on the device, with weights of a size that keeps the activations finite."""
    import torch
    import transformers

    major = int(transformers.__version__.split(".")[0])
    options = {"attn_implementation": "eager", "dtype" if major >= 5 else "torch_dtype": torch.bfloat16}
    with torch.device(device):
        model = transformers.AutoModelForCausalLM.from_config(config, **options)
    generator = torch.Generator(device=device).manual_seed(20)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name:
                parameter.fill_(1)
            else:
                parameter.normal_(0.0, 0.02, generator=generator)
    model.eval()
    types = {str(p.dtype) for p in model.parameters()}
    places = {p.device.type for p in model.parameters()}
    if types != {"torch.bfloat16"} or places != {device.split(":")[0]}:
        raise Problem(f"expected bf16 weights on {device}, found {types} on {places}")
    return model


def choose_experts(model, way):
    """Switches the way in which experts run. Says in words where this version cannot."""
    if not hasattr(model, "set_experts_implementation"):
        if way != "eager":
            raise Problem("this version of transformers knows no other way than eager")
        return
    model.set_experts_implementation(way)
    used = model.config._experts_implementation
    if used != way:
        raise Problem(f"transformers chose {used} instead")


class Clock:
    """Milliseconds of work on the device: CUDA events, or the processor's clock."""

    def __init__(self, device):
        self.cuda = device.startswith("cuda")

    def mark(self):
        import torch

        if not self.cuda:
            return time.perf_counter()
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event

    def finish(self):
        import torch

        if self.cuda:
            torch.cuda.synchronize()

    def millis(self, begin, end):
        return begin.elapsed_time(end) if self.cuda else (end - begin) * 1000


def measure(model, config, device, prompt, steps, warmup):
    """The times of one prompt and of each decode step, in milliseconds."""
    import torch

    clock = Clock(device)
    generator = torch.Generator(device="cpu").manual_seed(20)
    ids = torch.randint(0, config.vocab_size, (1, prompt), generator=generator).to(device)
    with torch.inference_mode():
        # once to warm up: the first call chooses algorithms and fills caches
        model(input_ids=ids, use_cache=True, logits_to_keep=1)
        clock.finish()
        begin = clock.mark()
        output = model(input_ids=ids, use_cache=True, logits_to_keep=1)
        end = clock.mark()
        clock.finish()
        prefill = clock.millis(begin, end)
        token = output.logits[:, -1:].argmax(dim=-1)
        marks = []
        for _ in range(warmup + steps):
            begin = clock.mark()
            output = model(input_ids=token, past_key_values=output.past_key_values, use_cache=True)
            token = output.logits[:, -1:].argmax(dim=-1)
            marks.append((begin, clock.mark()))
        clock.finish()
        if not bool(torch.isfinite(output.logits).all()):
            raise Problem("the logits are not finite")
        return prefill, [clock.millis(begin, end) for begin, end in marks[warmup:]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--config", help="a config.json whose sizes to take (default: gpt-oss-20b)")
    parser.add_argument("--prompt", type=int, default=512, help="tokens of the prompt (default: 512)")
    parser.add_argument("--new", type=int, default=32, help="decode steps that count (default: 32)")
    parser.add_argument("--warmup", type=int, default=4, help="decode steps before them (default: 4)")
    parser.add_argument("--experts", default="eager,grouped_mm", help="ways to run experts (default: eager,grouped_mm)")
    parser.add_argument("--device", default="cuda", help="cuda or cpu (default: cuda)")
    arguments = parser.parse_args()

    try:
        import torch
        import transformers
    except ImportError as e:
        raise Problem(f"needs torch and transformers: {e}") from e
    if arguments.device.startswith("cuda") and not torch.cuda.is_available():
        raise Problem("torch sees no GPU; --device cpu runs on the processor")

    config = make_config(arguments.config)
    begin = time.monotonic()
    model = make_model(config, arguments.device)
    print(f"made in {time.monotonic() - begin:.1f} s", file=sys.stderr, flush=True)
    results = {}
    for way in arguments.experts.split(","):
        try:
            choose_experts(model, way)
            prefill, decode = measure(model, config, arguments.device, arguments.prompt, arguments.new,
                                      arguments.warmup)
            median = statistics.median(decode)
            results[way] = {
                "decode_ms_median": median, "decode_ms_min": min(decode), "decode_ms_max": max(decode),
                "decode_tokens_per_second": 1000 / median, "prefill_ms": prefill,
                "prefill_tokens_per_second": arguments.prompt / prefill * 1000,
            }
            print(f"{way}: decode {median:.2f} ms a token, prefill {prefill:.1f} ms", file=sys.stderr, flush=True)
        except Exception as e:  # a way that this version lacks must not cost the others' figures
            results[way] = {"error": f"{type(e).__name__}: {e}".splitlines()[0]}
            print(f"{way}: {results[way]['error']}", file=sys.stderr, flush=True)
    print(json.dumps({
        "what": "eager PyTorch, batch 1, bf16, random weights",
        "torch": torch.__version__, "transformers": transformers.__version__, "python": sys.version.split()[0],
        "device": torch.cuda.get_device_name() if arguments.device.startswith("cuda") else "CPU",
        "attention": "eager", "layers": config.num_hidden_layers, "experts": config.num_local_experts,
        "prompt": arguments.prompt, "new": arguments.new, "warmup": arguments.warmup,
        "parameters": sum(p.numel() for p in model.parameters()), "results": results,
    }))
    return 0 if any("error" not in r for r in results.values()) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as e:
        print(f"transformers_speed: {e}", file=sys.stderr)
        sys.exit(1)
