#!/usr/bin/env python3
"""Compares our logits with those of Hugging Face transformers on the same checkpoint.

    moelab export-checkpoint --model gpt-oss-20b -o model
    moelab generate --model model --prompt-ids 5,7,9,... --max-new 8 --logits-file ours.f32
    python3 tools/compare/transformers_logits.py model ours.f32

transformers unpacks the experts to bf16, which is exact for MXFP4. The reference is then computed in float32 without TF32:
layer by layer, the weights of one layer widened at a time, so that the model needs no more memory than in bf16. A second
pass computes in bf16, as people run it. Both see the whole text at once (prompt and generated tokens) without a cache, so
that they stand for prefill and decode alike. Needs torch, transformers and accelerate; no network.

With random weights, experts are often near ties, and a token that goes to another expert gets other logits whatever computes
them. So a third pass, in float32 again, sends each token to the experts that we chose, weighted by its own router: what is
left is numerical error. How far those experts were from the best ones is printed as the gap: by how much the logit of the
worst expert that we chose is under the best that we did not, over the root mean square of the token's router logits.

Prints a line for the prompt's positions and one for the decode steps, for each file of logits, and then one JSON object a
line with all figures.
Exit code 0: done (whatever the figures are); 1: failed, with one line that says why.
"""

import argparse
import contextlib
import json
import os
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


class Problem(Exception):
    """What the user reads in one line."""


def read_ours(path):
    """Our logits as a float32 tensor (rows, vocabulary), and what the file beside them says."""
    import torch

    try:
        with open(path + ".json", encoding="utf-8") as file:
            about = json.load(file)
    except OSError as e:
        raise Problem(f"{path}.json: {e.strerror}; --logits-file writes it beside the logits") from e
    rows, columns = about["rows"], about["columns"]
    if about["dtype"] != "float32":
        raise Problem(f"{path}.json: expected float32, found {about['dtype']}")
    size = os.path.getsize(path)
    if size != rows * columns * 4:
        raise Problem(f"{path}: {size} bytes are not {rows} rows of {columns} float32")
    ours = torch.from_file(path, shared=False, size=rows * columns, dtype=torch.float32).view(rows, columns)
    tokens = about["prompt_ids"] + about["generated_ids"]
    # the last generated token was not fed
    fed = tokens[: len(about["prompt_ids"]) + max(0, len(about["generated_ids"]) - 1)]
    if len(fed) != rows:
        raise Problem(f"{path}.json: {rows} rows for {len(fed)} tokens that were fed")
    return ours, about, fed


def load(folder, device, experts):
    """The model with unpacked experts in bf16, ready for inference."""
    import torch
    import transformers

    if not os.path.isfile(os.path.join(folder, "config.json")):
        raise Problem(f"{folder}: no config.json: not a checkpoint")
    options = {"device_map": device, "attn_implementation": "eager"}
    major = int(transformers.__version__.split(".")[0])
    options["dtype" if major >= 5 else "torch_dtype"] = torch.bfloat16
    config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    if getattr(config, "quantization_config", None) is not None:
        options["quantization_config"] = transformers.Mxfp4Config(dequantize=True)
    if major >= 5:
        options["experts_implementation"] = experts
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, **options)
    model.eval()
    types = {str(p.dtype) for p in model.parameters()}
    if types != {"torch.bfloat16"}:
        raise Problem(f"expected every weight as bf16, found {', '.join(sorted(types))}")
    return model


@contextlib.contextmanager
def widened(model):
    """While open, the model computes in float32: what is outside of the layers at once, each layer while it runs."""
    import torch

    def widen(module, *_):
        for parameter in module.parameters():
            parameter.data = parameter.data.float()

    def narrow(module, *_):  # exact, because every weight came from bf16
        for parameter in module.parameters():
            parameter.data = parameter.data.to(torch.bfloat16)

    layers = list(model.model.layers)
    rest = [model.model.embed_tokens, model.model.norm, model.lm_head]
    hooks = []
    try:
        for module in rest:
            widen(module)
        for layer in layers:
            hooks.append(layer.register_forward_pre_hook(widen))
            hooks.append(layer.register_forward_hook(narrow))
        yield
    finally:
        for hook in hooks:
            hook.remove()
        for module in layers + rest:
            narrow(module)


def logits(model, tokens, device):
    """(positions, vocabulary) in float32 on the processor."""
    import torch

    with torch.inference_mode():
        ids = torch.tensor([tokens], device=device)
        rows = model(input_ids=ids, use_cache=False).logits[0]
        return rows.float().cpu()


@contextlib.contextmanager
def held(model, experts):
    """While open, each layer's router sends tokens to given experts (rows, layers, chosen). Gives the gaps seen."""
    import torch

    seen = {"choices": 0, "rerouted": 0, "largest_gap": 0.0}

    def hold(router, inputs, outputs, layer):
        if not (isinstance(outputs, tuple) and len(outputs) == 3):
            raise Problem("this transformers' router does not give logits, scores and experts: use 5.x")
        scored, scores, indices = outputs
        ours = experts[:, layer].to(indices.device)
        unchosen = scored.scatter(-1, ours, float("-inf")).max(dim=-1).values
        gap = (unchosen - scored.gather(-1, ours).min(dim=-1).values).clamp(min=0)
        gap = gap / scored.square().mean(dim=-1).sqrt()
        seen["choices"] += len(ours)
        seen["rerouted"] += int((gap > 0).sum())
        seen["largest_gap"] = max(seen["largest_gap"], gap.max().item())
        given = torch.softmax(scored.gather(-1, ours), dim=-1, dtype=scores.dtype)
        return scored, given, ours.to(indices.dtype)

    hooks = [layer.mlp.router.register_forward_hook(lambda m, i, o, at=at: hold(m, i, o, at))
             for at, layer in enumerate(model.model.layers)]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def read_experts(path, about):
    """The experts that we chose, (rows, layers, chosen)."""
    import torch

    count = about["rows"] * about["model_layers"] * about["chosen"]
    try:
        size = os.path.getsize(path + ".experts")
    except OSError as e:
        raise Problem(f"{path}.experts: {e.strerror}; --logits-file writes it beside the logits") from e
    if size != 4 * count:
        raise Problem(f"{path}.experts: {size} bytes are not {count} int32")
    chosen = torch.from_file(path + ".experts", shared=False, size=count, dtype=torch.int32)
    return chosen.view(about["rows"], about["model_layers"], about["chosen"]).long()


def relative_l2(actual, expected):
    """|actual - expected| / |expected| over all numbers, in double precision, a row at a time."""
    difference = norm = 0.0
    for a, e in zip(actual, expected):
        a, e = a.double(), e.double()
        difference += (a - e).square().sum().item()
        norm += e.square().sum().item()
    return (difference / norm) ** 0.5 if norm > 0 else float("nan")


def compare(name, ours, fp32, bf16, held_fp32):
    """The figures of some positions."""
    import torch

    best = fp32.argmax(dim=-1)
    top = fp32.topk(2, dim=-1).values
    figures = {
        "positions": len(ours),
        "finite": bool(torch.isfinite(ours).all()),
        "relative_l2": {
            "ours_vs_fp32": relative_l2(ours, fp32),
            "ours_vs_fp32_held": relative_l2(ours, held_fp32),
            "ours_vs_bf16": relative_l2(ours, bf16),
            "bf16_vs_fp32": relative_l2(bf16, fp32),
        },
        "worst_position_ours_vs_fp32_held": max(relative_l2(o[None], f[None]) for o, f in zip(ours, held_fp32)),
        "worst_position_ours_vs_fp32": max(relative_l2(o[None], f[None]) for o, f in zip(ours, fp32)),
        "worst_position_bf16_vs_fp32": max(relative_l2(b[None], f[None]) for b, f in zip(bf16, fp32)),
        "argmax_agreement": {
            "ours_vs_fp32": (ours.argmax(dim=-1) == best).double().mean().item(),
            "ours_vs_bf16": (ours.argmax(dim=-1) == bf16.argmax(dim=-1)).double().mean().item(),
            "bf16_vs_fp32": (bf16.argmax(dim=-1) == best).double().mean().item(),
        },
        "smallest_gap_top1_top2_fp32": (top[:, 0] - top[:, 1]).min().item(),
    }
    l2, same = figures["relative_l2"], figures["argmax_agreement"]
    print(f"{name:8s} {len(ours):4d} positions   relative L2: ours/fp32 held {l2['ours_vs_fp32_held']:.3e}"
          f"  free {l2['ours_vs_fp32']:.3e}"
          f"  ours/bf16 {l2['ours_vs_bf16']:.3e}  bf16/fp32 {l2['bf16_vs_fp32']:.3e}"
          f"   same argmax: ours/fp32 {same['ours_vs_fp32']:.1%}  bf16/fp32 {same['bf16_vs_fp32']:.1%}", flush=True)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("checkpoint", help="the checkpoint's folder")
    parser.add_argument("logits", nargs="+", help="what moelab generate --logits-file wrote, with its .json beside it")
    parser.add_argument("--device", default="cuda", help="cuda or cpu (default: cuda)")
    parser.add_argument("--experts", default="eager", help="experts_implementation (default: eager)")
    parser.add_argument("-o", "--output", help="a file for the JSON, beside standard output")
    arguments = parser.parse_args()

    try:
        import torch
        import transformers
    except ImportError as e:
        raise Problem(f"needs torch, transformers and accelerate: {e}") from e
    if arguments.device.startswith("cuda") and not torch.cuda.is_available():
        raise Problem("torch sees no GPU; --device cpu runs on the processor")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.set_float32_matmul_precision("highest")

    inputs = [(path, *read_ours(path)) for path in arguments.logits]
    begin = time.monotonic()
    model = load(arguments.checkpoint, arguments.device, arguments.experts)
    print(f"loaded in {time.monotonic() - begin:.1f} s", file=sys.stderr, flush=True)
    free = {}  # both passes that choose their experts themselves, by the tokens fed
    reports = []
    for path, ours, about, fed in inputs:
        begin = time.monotonic()
        if tuple(fed) not in free:
            bf16 = logits(model, fed, arguments.device)
            with widened(model):
                free[tuple(fed)] = logits(model, fed, arguments.device), bf16
        reports.append(report(path, model, ours, about, fed, *free[tuple(fed)], arguments))
        print(f"{path} in {time.monotonic() - begin:.1f} s", file=sys.stderr, flush=True)
    text = "".join(json.dumps(figures) + "\n" for figures in reports)
    print(text, end="")
    if arguments.output:
        with open(arguments.output, "w", encoding="utf-8") as file:
            file.write(text)


def report(path, model, ours, about, fed, fp32, bf16, arguments):
    """All figures of one file of logits, printed on the way."""
    import torch
    import transformers

    if fp32.shape != ours.shape:
        raise Problem(f"{path}: ours are {tuple(ours.shape)}, those of transformers {tuple(fp32.shape)}")
    with widened(model), held(model, read_experts(path, about)) as routing:
        held_fp32 = logits(model, fed, arguments.device)
    print(f"layer {about['layer']}: {routing['rerouted']} of {routing['choices']} tokens and layers went elsewhere,"
          f" largest gap {routing['largest_gap']:.2e}", flush=True)
    prompt = len(about["prompt_ids"])
    figures = {
        "checkpoint": arguments.checkpoint,
        "ours": {key: about[key] for key in ("model", "device", "layer")},
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "device": torch.cuda.get_device_name() if arguments.device.startswith("cuda") else "CPU",
        "experts_implementation": getattr(model.config, "_experts_implementation", "none"),
        "routing": routing,
        "prefill": compare("prefill", ours[:prompt], fp32[:prompt], bf16[:prompt], held_fp32[:prompt]),
    }
    if len(fed) > prompt:
        figures["decode"] = compare("decode", ours[prompt:], fp32[prompt:], bf16[prompt:], held_fp32[prompt:])
        # greedy continuation, given our text so far: what transformers would have chosen at each step
        figures["generated_ids"] = about["generated_ids"]
        figures["fp32_choices_on_our_text"] = fp32[prompt - 1:].argmax(dim=-1).tolist()
    return figures


if __name__ == "__main__":
    try:
        main()
    except Problem as e:
        print(f"transformers_logits: {e}", file=sys.stderr)
        sys.exit(1)
