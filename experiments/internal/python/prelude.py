# What each script begins with: the packages, of which NumPy and PyTorch may be
# missing, and a way to answer.

import json
import signal
import sys
import time

# Ctrl-C goes to all programs of a terminal, and it is the Go program that decides
# when to stop.
signal.signal(signal.SIGINT, signal.SIG_IGN)

try:
    import numpy as np
except ImportError:
    np = None
try:
    import torch
except ImportError:
    torch = None


def say(value):
    print(json.dumps(value), flush=True)


