#!/usr/bin/env python3
"""Compares two runs over the same photos: for each rule the share of findings with the same verdict.

    python3 tests/accuracy/agree.py A.jsonl B.jsonl [--least 99.5]   # exit 1 when a rule agrees on less (percent)
"""

import argparse
import collections
import json
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--least", type=float, default=99.5)
    args = parser.parse_args()
    a, b = verdicts(args.a), verdicts(args.b)
    if a.keys() != b.keys():
        odd = sorted(a.keys() ^ b.keys())
        sys.exit(f"{len(odd)} findings are in one file only, e.g. {odd[:3]}")
    same = collections.defaultdict(list)
    for (photo, rule), verdict in a.items():
        same[rule].append(verdict == b[photo, rule])
    shares = {rule: 100 * sum(equal) / len(equal) for rule, equal in same.items()}
    for rule, share in sorted(shares.items(), key=lambda item: item[1]):
        print(f"{rule:26}{share:8.2f} %{'' if share >= args.least else '  TOO FEW'}")
    everything = 100 * sum(map(sum, same.values())) / max(len(a), 1)
    print(f"{'all findings':26}{everything:8.2f} % of {len(a)}")
    sys.exit(0 if a and min(shares.values()) >= args.least else 1)


def verdicts(path):
    """Verdicts by photo and rule; the error kind of a photo that could not be checked stands under the rule `error`."""
    found = {}
    with open(path, encoding="utf-8") as lines:
        for report in map(json.loads, lines):
            if "error" in report:
                found[report["photo"], "error"] = report["error"]["kind"]
            for finding in report.get("findings", []):
                found[report["photo"], finding["rule"]] = finding["verdict"]
    return found


if __name__ == "__main__":
    main()
