"""The copy to upload."""

from dataclasses import dataclass, field

from gradphoto import _gradphoto
from gradphoto._report import Measurements, measured


@dataclass(frozen=True, slots=True)
class Prepared:
    """A finished copy."""

    #: The file: JPEG, 480x640, 300 dpi. Where it is not the photo's own, 4:2:0 and without metadata but a label of AI.
    jpeg: bytes = field(repr=False)
    #: Its IJG quality, 60 to 95, or the photo's own.
    quality: int
    #: What was cut out of the upright original, in its pixels: x, y, width, height.
    crop: tuple[float, float, float, float]

    def on_original(self, measurements: Measurements) -> Measurements:
        """What was measured on the copy, its regions where they are on the original.

        >>> checker = Checker()
        >>> copy = checker.prepare("tests/conformance/comp_clean_005_0.jpg")
        >>> seen = copy.on_original(checker.see(copy.jpeg))
        >>> line = checker.profile.judge(seen)["eye-line"].region  # across the whole copy
        >>> line[2] == round(copy.crop[2])
        True
        """
        return Measurements.from_json(_gradphoto.on_original(self.crop, measured(measurements).to_json()))
