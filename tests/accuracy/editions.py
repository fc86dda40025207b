#!/usr/bin/env python3
"""Compares the two editions of the nets, rule by rule, and writes docs/nets.md.

    cargo build --release --bin gradphoto && cp target/release/gradphoto /tmp/research
    cargo build --release --bin gradphoto --no-default-features && cp target/release/gradphoto /tmp/open
    python3 tests/accuracy/editions.py --research /tmp/research --open /tmp/open ../shared/photos ../shared/studio

The packs are those of gate.py. Studio portraits of us_house are left out, for the open nets have seen some of its people. What an edition leaves
untold is measured too where the program was built with `untold` taken out of models/manifest.toml and src/nets.rs written anew:
`UPDATE=1 cargo test -p gradphoto-models`.
A difference comes with its 95 % interval, by drawing the photos anew. Needs numpy.
"""
import argparse
import importlib.util
from collections import defaultdict
from pathlib import Path

import numpy as np

from gate import PROFILE, ROOT, WORK, check, is_held_out, line, read_labels, read_results

PAGE = ROOT / "docs/nets.md"
SEEN_BY_OPEN = "us_house"  # part of a photo's name
# Studio sources that the research nets have not learned from; the open nets have learned from none.
UNSEEN = ("tw_ly", "cuhk")
DRAWS, SEED = 1000, 20261126
MIN_OF_SOURCE = 20


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--research", type=Path, required=True, help="the command with the research nets")
    parser.add_argument("--open", type=Path, required=True, help="the command with the open nets alone")
    parser.add_argument("packs", type=Path, nargs="+")
    parser.add_argument("--again", action="store_true", help="take the results of the last run")
    args = parser.parse_args()
    packs = [pack.resolve() for pack in args.packs]
    score = scorer(packs[0] / "score.py")
    WORK.mkdir(parents=True, exist_ok=True)
    results = []
    for program, kind in ((args.research, "research"), (args.open, "open")):
        path = WORK / f"{kind}.jsonl"
        if not args.again:
            check([pack / "images" for pack in packs], PROFILE, path, program)
        reports = read_results(path)
        stamps = {report["engine"]["nets"] for report in reports.values() if "engine" in report}
        assert stamps == {kind}, f"{program} has the nets {stamps}"
        results.append({photo: {f["rule"]: f for f in report.get("findings", [])} for photo, report in reports.items()})
    PAGE.write_text("\n".join(page(packs, results, score)) + "\n", encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


def scorer(path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(packs, results, score):
    rows = [dict(row, pack=pack.name) for pack in packs for row in read_labels(pack) if row["rule"] != "overall" and SEEN_BY_OPEN not in row["photo"]]
    by_rule = defaultdict(list)
    for row in rows:
        found = [result.get(row["photo"], {}).get(row["rule"]) for result in results]
        if all(found):
            by_rule[row["rule"]].append((row, *found))
    same = {rule for rule, found in by_rule.items() if all(a.get("value") == b.get("value") and a["verdict"] == b["verdict"] for _, a, b in found)}
    yield from ((ROOT / "tests/accuracy/editions_head.md").read_text(encoding="utf-8").rstrip(), "")
    yield "## Rule by rule"
    yield ""
    yield ("EER %: the error rate at the limit where as many good photos fail as bad ones pass. Then, at the limits as they are, the share "
           "of good photos failed or asked about and of bad ones passed, %. Unseen: people held out of the development photos and the "
           f"studio sources {' and '.join(UNSEEN)}, from which neither learned. All: every photo; research nets have learned from two thirds "
           "of its people, the open ones from those of the London and Canada sets alone.")
    yield ""
    yield line(["rule", "photos", "good + bad", "research", "open", "difference", "95 %", "good refused or asked: research, open", "bad passed: research, open"])
    yield line("---" for _ in range(9))
    for rule, found in sorted(by_rule.items()):
        if rule not in same:
            for name, part in (("unseen", [entry for entry in found if is_unseen(entry[0])]), ("all", found)):
                if part:
                    yield line([rule, name, *compared(part, score)])
    yield ""
    yield f"The same with both, for neither of the two nets tells them: {', '.join(sorted(same))}."
    yield ""
    yield "## By source"
    yield ""
    yield f"Good photos failed + asked about, and bad ones passed, of every source with at least {MIN_OF_SOURCE} photos where the two differ."
    yield ""
    yield line(["rule", "pack", "source", "good", "research", "open", "bad", "passed by research", "by open"])
    yield line("---" for _ in range(9))
    for rule, found in sorted(by_rule.items()):
        parts = defaultdict(list)
        for entry in found:
            parts[entry[0]["pack"], entry[0]["source"]].append(entry)
        for (pack, source), part in sorted(parts.items()):
            cells = counted(part)
            if len(part) >= MIN_OF_SOURCE and (cells[1] != cells[2] or cells[4] != cells[5]):
                yield line([rule, pack, source, *cells])


def is_unseen(row):
    return is_held_out(row["photo"]) if row["pack"] == "photos" else row["source"] in UNSEEN


def is_bad(entry):
    return entry[0]["truth"] == "fail"


def compared(part, score):
    """Cells from the numbers on to the shares."""
    good, bad = [e for e in part if not is_bad(e)], [e for e in part if is_bad(e)]
    cells = [f"{len(good)} + {len(bad)}"]
    if len(good) and len(bad):
        worse = [np.array([badness(e[which], is_bad(e), score) for e in group], float) for which in (1, 2) for group in (good, bad)]
        rates = [100 * score.eer(*worse[:2]), 100 * score.eer(*worse[2:])]
        rng, apart = np.random.default_rng(SEED), []
        for _ in range(DRAWS):
            g, b = rng.integers(len(good), size=len(good)), rng.integers(len(bad), size=len(bad))
            apart.append(100 * (score.eer(worse[2][g], worse[3][b]) - score.eer(worse[0][g], worse[1][b])))
        low, high = np.percentile(apart, [2.5, 97.5])
        cells += [f"{rates[0]:.1f}", f"{rates[1]:.1f}", f"{rates[1] - rates[0]:+.1f}", f"{low:+.1f} to {high:+.1f}"]
    else:
        cells += ["–"] * 4
    share = lambda group, which, verdicts: f"{100 * np.mean([e[which]['verdict'] in verdicts for e in group]):.1f}" if group else "–"  # noqa: E731
    cells.append(", ".join(share(good, which, ("fail", "review")) for which in (1, 2)))
    cells.append(", ".join(share(bad, which, ("pass",)) for which in (1, 2)))
    return cells


def badness(finding, bad, score):
    """As the scorer ranks a finding: what was not assessed is wrong at every limit."""
    value = score.badness(finding)
    return value if value is not None else (-np.inf if bad else np.inf)


def counted(part):
    good, bad = [e for e in part if not is_bad(e)], [e for e in part if is_bad(e)]
    refused = lambda which: " + ".join(str(sum(e[which]["verdict"] == v for e in good)) for v in ("fail", "review"))  # noqa: E731
    passed = lambda which: sum(e[which]["verdict"] == "pass" for e in bad)  # noqa: E731
    return [str(cell) for cell in (len(good), refused(1), refused(2), len(bad), passed(1), passed(2))]


if __name__ == "__main__":
    main()
