"""What holds for all tests: how they are interrupted, and which samples hypothesis draws."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

# In the background of a shell ^C is ignored, which a test of an interruption can't have.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same samples in every run, so that what breaks nothing fails nowhere; HYPOTHESIS_PROFILE=hunt draws others.
settings.register_profile("same", derandomize=True)
settings.register_profile("hunt", max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
