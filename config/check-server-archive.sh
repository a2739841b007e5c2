#!/bin/sh
# Unpacks the archive for servers and runs its verbs with nothing of this machine: no PATH, no Java, no variables.
# check-server-archive.sh ARCHIVE

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
fixtures=$root/traces/src/test/resources/h200
run=$root/docs/runs/h200-gpt-oss-20b
tests=$root/app/src/test/resources/org/moelab/app
work=$(mktemp -d) || exit 1
trap 'rm -rf -- "$work"' EXIT
tar -xzf "$1" -C "$work" || exit 1
set -- "$work"/*/bin/moelab
moelab=$1
gzip -dc "$fixtures/ncu/scale.ncu-rep.gz" > "$work/scale.ncu-rep"
cd "$work" || exit 1
failures=0

# check CODE TEXT ARGUMENT…: runs a verb, which must end with CODE and write TEXT.
check() {
    code=$1 text=$2
    shift 2
    env -i "$moelab" "$@" > "$work/output" 2>&1
    ended=$?
    if [ "$ended" = "$code" ] && { [ -z "$text" ] || grep -q -- "$text" "$work/output"; }; then return; fi
    echo "server archive: moelab $* ended with $ended, expected $code and \"$text\":" >&2
    head -20 "$work/output" >&2
    failures=$((failures + 1))
}

check 0 'MoE Lab' --version
check 0 'driver' doctor
check 0 '^baseline' layers
check 0 'nvtx' techniques
check 0 generated_ids generate --model tiny --prompt-ids 5,7,9 --max-new 3 --device cpu
check 0 prefill bench --model tiny --device cpu --prefill 8 --decode 8 --batch 1
check 0 'run.json' run --model tiny --device cpu --layers 0 --batch 1 --prompt 4 --generate 3 -o "$work/run"
check 0 'profile ncu left out' run --model tiny --device cpu --layers 0 --prompt 4 --generate 3 --profile all -o "$work/profiled"
check 0 'not measured: more than one GPU' analyze --quick --device cpu -o "$work/analysis"
check 0 'run.json' analyze --resume "$work/analysis"
check 0 'choice' verify --model tiny --device cpu --layers 0 --prompt 4 --batch 1
check 1 'too many for the CPU engine' generate --model gpt-oss-20b --device cpu --prompt 'hello world'
check 0 "$work/tiny" export-checkpoint --model tiny -o "$work/tiny"
check 0 generated_ids generate --model "$work/tiny" --prompt-ids 5,7,9 --max-new 3 --device cpu
check 0 'report.html' report "$run" -o "$work/report.html"
check 0 'report.md' report "$run" -o "$work/report.md"
check 1 'no java.desktop' report "$run" -o "$work/report.pdf"
mkdir "$work/größe" && cp "$run/run.json" "$work/größe"
check 0 'größe/5 µs ×2.md' report "$work/größe" -o "$work/größe/5 µs ×2.md" # in the locale C, as everything here
for file in "$fixtures/gptoss2L_nsys_node.sqlite.gz" "$fixtures/gptoss2L_pytorch.json.gz" scale.ncu-rep; do
    check 0 ' kernel$\|profiled' info "$file"
done
check 0 Name stats "$fixtures/gptoss2L_nsys_node.sqlite.gz" --report cuda_gpu_kern_sum
check 0 idle_time stats "$fixtures/gptoss2L_pytorch.json.gz" --report temporal_breakdown
check 0 scale stats scale.ncu-rep --report ncu_kernels
check 0 experts roofline "$run"
check 0 '' roofline "$run" --format csv -o roofline.csv
check 1 'no java.desktop' roofline "$run" -o roofline.png
check 0 'Finding' advise "$fixtures/gptoss2L_pytorch.json.gz"
check 0 'within noise' check "$run"
check 1 '1 regression: layer 6 in decode, attention/out' check "$tests/expectation/planted" --against "$tests/run/h200-gpt-oss-20b"
check 2 'nothing to compare' check "$work/run"
check 0 'vLLM bench serve' peers "$tests/peers/vllm-serve.json" --beside "$run"
check 1 'looked for llama-bench' peers "$run/run.json"
check 0 '' expect "$run" -o expectations.json
check 1 'cannot be reached\|was refused\|status' advise "$run" --llm-analysis --llm-endpoint http://localhost:9 --llm-model none --yes
check 2 'yes is missing' advise "$run" --llm-analysis --llm-endpoint http://localhost:9 --llm-model none
check 0 Name compare "$fixtures/gptoss2L_pytorch.json.gz" "$fixtures/gptoss2L_nsys_node.sqlite.gz"
check 1 'CUDA' ablate --model tiny --techniques fp8
check 0 '' convert "$fixtures/gptoss2L_nsys_node.sqlite.gz" -o converted.json.gz
check 0 ' kernel$' info converted.json.gz
check 1 'no window' gui
check 1 'no window'

if [ -n "$(find "$work" -name 'javafx*' -o -name 'libawt*' -o -name '*.dll')" ]; then
    echo "server archive: it holds a part of the window, or of another system" >&2
    failures=$((failures + 1))
fi
[ "$failures" = 0 ] && echo "server archive: every verb ran without Java, PATH and variables of this machine"
