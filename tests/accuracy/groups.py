#!/usr/bin/env python3
"""How often good photos are failed or sent to a person, by who is on them: sex, skin, beard, hair.

    python3 tests/accuracy/groups.py --photos ../shared/photos ../shared/studio           # print the table
    python3 tests/accuracy/groups.py --photos ../shared/photos ../shared/studio --write   # and put it into docs/fairness.md

Reads target/accuracy/results.jsonl, which gate.py leaves behind, and the same labels; needs numpy and pillow. Sex is known
where the file name tells it (SCUT AF AM CF CM, Canada f m); of studio portraits it was told by eye, with beards and hair
(people.csv). Skin is lighter or darker by the median individual typology angle (ITA) of the middle of the face; where light
or colour are the defect under test it is not told.
"""

import argparse
import csv
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image

from gate import RESULTS, ROOT, line, read_labels, read_results

PAGE = ROOT / "docs/fairness.md"
BEGIN, END = "<!-- groups.py begins -->\n", "<!-- groups.py ends -->\n"

PEOPLE = Path(__file__).with_name("people.csv")

GROUPS = ["women", "men", "East Asian women", "East Asian men", "beards", "grey hair", "bald", "fair hair", "lighter skin", "darker skin"]
HAIR = {"grey": "grey hair", "bald": "bald", "fair": "fair hair"}
EAST_ASIAN = re.compile(r"(?:s?blue_)?(?:kr_|tw_)|scut(?:fx_[a-z]+)?_A")
# Chardon's typology: below 28 degrees skin is tan, brown or dark.
DARKER_BELOW_ITA_DEG = 28
# Photos whose light or colour was changed say nothing of the skin.
RELIT = re.compile(r"comp_(over|under|cast|grey|sidelight)|scutfx_")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, nargs="+", required=True, metavar="PACK")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    good, pack_of = good_by_rule(args.photos)
    findings, eyes = read_verdicts()
    members = groups_of(pack_of, eyes)
    lines = table(good, findings, members)
    print("\n".join(lines))
    if args.write:
        write(lines)


def good_by_rule(packs):
    """Photos labelled good by rule, and the pack of each."""
    good, pack_of = defaultdict(list), {}
    for pack in packs:
        for row in read_labels(pack):
            if row["truth"] == "pass" and row["rule"] != "overall":
                good[row["rule"]].append(row["photo"])
                pack_of[row["photo"]] = pack
    return good, pack_of


def read_verdicts():
    """Verdicts by photo and rule, and where the eyes of each photo are."""
    findings, eyes = {}, {}
    for photo, report in read_results(RESULTS).items():
        of_photo = {finding["rule"]: finding for finding in report.get("findings", [])}
        findings[photo] = {rule: finding["verdict"] for rule, finding in of_photo.items()}
        eyes[photo] = of_photo.get("gaze-frontal", {}).get("region")
    return findings, eyes


def groups_of(pack_of, eyes):
    """The photos of every group."""
    with open(PEOPLE, newline="", encoding="utf-8") as people:
        seen = {person["picture"]: person for person in csv.DictReader(people)}
    members = defaultdict(set)
    for photo, pack in pack_of.items():
        # a portrait put before another wall shows the same person
        person = seen.get(re.sub("^s?blue_", "", Path(photo).stem))
        if sex := {"f": "women", "m": "men"}[person["sex"]] if person else sex_of(photo):
            members[sex].add(photo)
            if EAST_ASIAN.match(photo):
                members[f"East Asian {sex}"].add(photo)
        if person and person["bearded"] == "1":
            members["beards"].add(photo)
        if person and person["hair"]:
            members[HAIR[person["hair"]]].add(photo)
        if eyes.get(photo) and not RELIT.match(photo):
            ita_deg = skin_ita_deg(pack / "images" / photo, eyes[photo])
            members["darker skin" if ita_deg < DARKER_BELOW_ITA_DEG else "lighter skin"].add(photo)
    return members


def sex_of(photo):
    if match := re.match(r"scut(?:fx_[a-z]+)?_[AC]([FM])|canada_\d+([fm])", photo):
        return "women" if (match[1] or match[2]).upper() == "F" else "men"
    return None


def skin_ita_deg(path, eyes):
    """Median ITA of cheeks and nose: the box below both eyes, as high as half its width."""
    x, y, width, height = eyes
    picture = Image.open(path).convert("RGB")
    top = y + 1.5 * height
    box = (max(x, 0), max(top, 0), min(x + width, picture.width), min(top + width / 2, picture.height))
    lightness, b = lab(np.asarray(picture.crop(tuple(map(round, box)))).reshape(-1, 3))
    return np.degrees(np.arctan2(np.median(lightness) - 50, np.median(b)))


def lab(rgb):
    """CIELAB L* and b* (D65) of sRGB pixels."""
    value = rgb / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    y, z = linear @ [0.2126, 0.7152, 0.0722], linear @ [0.0193, 0.1192, 0.9505] / 1.0891
    root = lambda t: np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return 116 * root(y) - 16, 200 * (root(y) - root(z))


def table(good, findings, members):
    header = ["rule", "all n", "failed %", "review %"]
    header += [f"{group} {figure}" for group in GROUPS for figure in ("n", "failed %", "review %")]
    rows, unequal = [line(header), line("---" for _ in header)], []
    for rule in next(iter(findings.values())):
        if rule not in good:
            continue
        overall = rates(good[rule], rule, findings)
        cells = [rule, *shown(overall)]
        for group in GROUPS:
            of_group = rates([photo for photo in good[rule] if photo in members[group]], rule, findings)
            cells += shown(of_group)
            n, failed, _ = of_group
            if failed > 2 * overall[1]:
                counts = [f"{round(share * of / 100)} of {of} ({share:.1f} %)" for of, share, _ in (of_group, overall)]
                unequal.append(f"* {rule}: {group} {counts[0]}, all {counts[1]}.")
        rows.append(line(cells))
    verdict = unequal or ["* None."]
    return [*rows, "", "Rules by whose own limit good photos of a group fail more than twice as often as all:", "", *verdict]


def rates(photos, rule, findings):
    verdicts = [findings[photo][rule] for photo in photos if rule in findings.get(photo, {})]
    share = lambda verdict: 100 * verdicts.count(verdict) / len(verdicts) if verdicts else 0.0
    return len(verdicts), share("fail"), share("review")


def shown(figures):
    n, failed, review = figures
    return [str(n), f"{failed:.1f}", f"{review:.1f}"] if n else ["0", "–", "–"]


def write(lines):
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
