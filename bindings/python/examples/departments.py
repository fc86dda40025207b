"""Sums up a school's photos by department, one folder each: `python departments.py FOLDER PLOT.png`.

Prints how many photos pass in each department and what fails most often, and draws both.
"""

import sys
from pathlib import Path

import matplotlib.pyplot
import pandas

import gradphoto


def main(folder: str, plot: str) -> None:
    findings = gradphoto.to_dataframe(gradphoto.Checker().check_many(folder), rows="finding")
    findings["department"] = [Path(photo).parent.name for photo in findings["photo"]]
    verdicts = by_department(findings)
    failures = most_frequent_failures(findings)
    print(verdicts.to_string())
    print(failures.to_string())
    draw(verdicts, failures, plot)


def by_department(findings: pandas.DataFrame) -> pandas.DataFrame:
    """Photos of each department by their verdict."""
    photos = findings.drop_duplicates("photo")
    verdicts = photos["photo_verdict"].fillna("unreadable")
    return pandas.crosstab(photos["department"], verdicts)


def most_frequent_failures(findings: pandas.DataFrame, count: int = 8) -> pandas.Series:
    """The rules that turn most photos back, and how many photos."""
    rejected = findings[(findings["verdict"] == "fail") & (findings["severity"] == "reject")]
    return rejected["rule"].value_counts().head(count)


def draw(verdicts: pandas.DataFrame, failures: pandas.Series, path: str) -> None:
    figure, (left, right) = matplotlib.pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    colours = {"pass": "#1a7f37", "review": "#d4a72c", "fail": "#cf222e", "unreadable": "#6e7781"}
    verdicts.plot.bar(stacked=True, ax=left, color=[colours[verdict] for verdict in verdicts.columns], rot=0)
    left.set(title="Photos by department", xlabel="", ylabel="photos")
    if not failures.empty:
        failures[::-1].plot.barh(ax=right, color="#cf222e")
    right.set(title="Turned back because of", xlabel="photos", ylabel="")
    figure.savefig(path)
    matplotlib.pyplot.close(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
