"""Figures."""
import numpy as np


def equal_error_rate(score: np.ndarray, bad: np.ndarray) -> float:
    """Where as many good are refused as bad pass, in percent."""
    order = np.argsort(score)
    missed = np.concatenate([[0], np.cumsum(bad[order])]) / max(bad.sum(), 1)
    refused = 1 - np.concatenate([[0], np.cumsum(~bad[order])]) / max((~bad).sum(), 1)
    at = np.argmin(np.abs(missed - refused))
    return 50 * float(missed[at] + refused[at])
