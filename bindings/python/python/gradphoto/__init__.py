"""Checks Chinese graduation photos against 《高等教育学历证书电子注册图像采集规范》, clause by clause and offline.

>>> import gradphoto
>>> checker = gradphoto.Checker()
>>> report = checker.check("tests/samples/low-quality.jpg")
>>> report.verdict
<Verdict.FAIL: 'fail'>
>>> print(report["jpeg-quality"].value, report["jpeg-quality"].limit)
35.0 Limit(min=60.0, max=None)

A photo that does not meet the standard is a report like any other. Only one that cannot be read raises.

What the command `check` says of photos and batches is said here too, by classes of the same names as in the Rust library, and
`Checker.prepare` makes the copy to upload. Not mirrored are the command's tables, notices and page, the order of shots
(`--assign`), schedules, a camera's frames (`--capture`), and naming and packing copies: for those there is the command
`gradphoto`, which comes with this package.
"""

from gradphoto._batch import Batch, BatchFinding, BatchReport, Match, Paths, Roster, Student
from gradphoto._checker import Checker, find_photos
from gradphoto._errors import DecodeError, Error, InternalError, ModelError, NoCopyError, ProfileError, RosterError
from gradphoto._gradphoto import __version__
from gradphoto._lang import Lang
from gradphoto._prepared import Prepared
from gradphoto._profile import Profile, Rule, rules
from gradphoto._report import EngineStamp, Finding, Limit, Mark, Measurements, ProfileStamp, Reason, Report, Verdict
from gradphoto._source import Name, Photo
from gradphoto._table import to_dataframe

__all__ = [
    "Batch",
    "BatchFinding",
    "BatchReport",
    "Checker",
    "DecodeError",
    "EngineStamp",
    "Error",
    "Finding",
    "InternalError",
    "Lang",
    "Limit",
    "Mark",
    "Match",
    "Measurements",
    "ModelError",
    "Name",
    "NoCopyError",
    "Paths",
    "Photo",
    "Prepared",
    "Profile",
    "ProfileError",
    "ProfileStamp",
    "Reason",
    "Report",
    "Roster",
    "RosterError",
    "Rule",
    "Student",
    "Verdict",
    "__version__",
    "find_photos",
    "rules",
    "to_dataframe",
]
