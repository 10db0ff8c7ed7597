#!/usr/bin/env bash
# Makes the numbers and charts of docs/findings.md anew: about half an hour on two cores, most of it for the calibration of six models. Needs bash, awk and Rust.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release
comity=$PWD/target/release/comity
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Puts a text between the marks of that name in docs/findings.md.
splice() {
    awk -v name="$1" -v text="$2" '
        $0 == "<!-- " name ":begin -->" { print; while ((getline line < text) > 0) print line; skip = 1; next }
        $0 == "<!-- " name ":end -->" { skip = 0 }
        !skip { print }
    ' docs/findings.md > "$work/findings.md"
    mv "$work/findings.md" docs/findings.md
}

# Runs a study and keeps its words, and the charts named.
study() {
    local name=$1 words=$1
    shift
    "$comity" compare "scenarios/study-$name.toml" --markdown --out "$work/$name" | tail -n +2 > "$work/$name.md"
    splice "$words" "$work/$name.md"
    for chart in "$@"; do cp "$work/$name/charts/$chart.png" "docs/images/$name-$chart.png"; done
}

study barriers forest
"$comity" run scenarios/asean-baseline.toml --plain --out "$work/baseline" > /dev/null
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "| barrier | share of lost cases in which its removal alone would have brought cooperation |"; print "|---|---:|"; next }
    $at["state"] == "region" && $at["role"] == "all" && $at["period"] == "all" { printf "| %s | %.1f %% |\n", $at["label"], 100 * $at["share"] }' \
    "$work/baseline/barriers.csv" > "$work/each.md"
splice each "$work/each.md"
study inclination
study interventions forest-during forest-after cost-effect-during
study persistence differences
{
    "$comity" compare scenarios/study-persistence.toml --set trust.generalised_return=0.35 --markdown --out "$work/returning" | tail -n +2
} > "$work/returning.md"
splice returning "$work/returning.md"
{
    echo '```text'
    "$comity" explain scenarios/study-persistence.toml --arm exchange --replicates 20
    echo '```'
} > "$work/spread.md"
splice spread "$work/spread.md"
study tipping loop-ramp loop-ramp-no-habit loop-ramp-no-trust loop-ramp-neither
"$comity" validate scenarios/asean-baseline.toml --predictions --markdown -n 60 > "$work/predictions.md"
splice predictions "$work/predictions.md"
"$comity" sweep scenarios/sweep-exchange-by-handbook.toml --out "$work/sweep" > /dev/null
cp "$work/sweep/result/charts/heatmap-differences-both.png" docs/images/sweep-exchange-by-handbook-heatmap-differences-both.png

# The words between the second line and the name of the folder.
findings_of() { awk -v work="$work" 'NR > 2 && index($0, work) == 1 { exit } NR > 2 { print }'; }
"$comity" sensitivity scenarios/study-sensitivity.toml --quiet --out "$work/sensitivity" | findings_of > "$work/sensitivity.md"
splice sensitivity "$work/sensitivity.md"
for chart in screening-level best-arms; do cp "$work/sensitivity/sensitivity/charts/$chart.png" "docs/images/sensitivity-$chart.png"; done
{
    echo '```text'
    "$comity" calibrate scenarios/study-calibration.toml --quiet --out "$work/calibration" | findings_of
    echo '```'
} > "$work/calibration.md"
splice calibration "$work/calibration.md"
for chart in predictive rivals; do cp "$work/calibration/result/charts/$chart.png" "docs/images/calibration-$chart.png"; done
{
    echo '```text'
    "$comity" compare scenarios/study-interventions.toml --posterior scenarios/asean-posterior.csv --quiet --out "$work/posterior" | findings_of
    echo '```'
} > "$work/posterior.md"
splice posterior "$work/posterior.md"
