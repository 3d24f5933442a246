"""What holds for all tests: how they are interrupted, and which samples hypothesis draws."""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

# In the background of a shell ^C is ignored, which a test of an interruption can't have.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same samples in every run, so that what breaks nothing fails nowhere; HYPOTHESIS_PROFILE=hunt draws others.
# How long a sample takes is never a test: machines are slow at times.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNHURRIED, derandomize=True)
settings.register_profile("hunt", UNHURRIED, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
