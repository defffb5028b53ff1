# Reference vectors of PyTorch for golden_test.go; see README.md.
#
#     python3 pytorch.py > pytorch.json

import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

seed = 20181
generator = np.random.Generator(np.random.PCG64(seed))
torch.set_num_threads(1)


def bits32(t):
    """The bit patterns of float32 values."""
    return t.detach().numpy().astype(np.float32).view(np.uint32).reshape(-1).tolist()


def bits64(v):
    """The bit pattern of a float64, as text: JSON numbers have too few bits."""
    return str(struct.unpack("<Q", struct.pack("<d", v))[0])


def decimals(t):
    """float64 values, with more digits than the tests look at."""
    return [float("%.9g" % v) for v in t.detach().double().reshape(-1).tolist()]


def normal(*shape, scale=1.0):
    return torch.from_numpy((scale * generator.standard_normal(shape)).astype(np.float32))


def partners(n):
    return torch.from_numpy(generator.permutation(n))


def labels(n, classes):
    return torch.from_numpy(generator.integers(classes, size=n))


def mixup(n, dim, lam):
    """mixup_data of mixup-cifar10, for one λ."""
    x, partner = normal(n, dim, scale=10.0 ** generator.integers(-2, 3)), partners(n)
    return {
        "n": n, "dim": dim, "lam": bits64(lam), "partner": partner.tolist(),
        "x": bits32(x), "want": bits32(lam * x + (1 - lam) * x[partner]),
    }


def perrow(n, dim):
    """The same with a λ for each row, whose weights are float32(λ) and float32(1-λ)."""
    x, partner = normal(n, dim, scale=10.0 ** generator.integers(-2, 3)), partners(n)
    lam = torch.from_numpy(generator.beta(1, 1, n))
    a, b = lam.float()[:, None], (1 - lam).float()[:, None]
    return {
        "n": n, "dim": dim, "lam": [bits64(v) for v in lam.tolist()], "partner": partner.tolist(),
        "x": bits32(x), "want": bits32(a * x + b * x[partner]),
    }


def onehot(n, classes, eps):
    """mixup_target of timm."""
    y, partner, lam = labels(n, classes), partners(n), float(generator.beta(1, 1))
    off, on = eps / classes, 1 - eps + eps / classes
    one_hot = torch.full((n, classes), off).scatter_(1, y[:, None], on)
    return {
        "n": n, "classes": classes, "eps": eps, "lam": bits64(lam), "labels": y.tolist(), "partner": partner.tolist(),
        "want": bits32(lam * one_hot + (1 - lam) * one_hot[partner]),
    }


def hard_loss(logits, lam, y, partner, eps, weight):
    """mixup_criterion of mixup-cifar10, a mean over rows whatever their weights."""
    def cross_entropy(target):
        return F.cross_entropy(logits, target, weight=weight, label_smoothing=eps, reduction="none").mean()
    return lam * cross_entropy(y) + (1 - lam) * cross_entropy(y[partner])


def loss(n, classes, eps, weighted, scale):
    logits, y, partner, lam = normal(n, classes, scale=scale), labels(n, classes), partners(n), float(generator.beta(1, 1))
    weight = torch.from_numpy(generator.uniform(0.2, 3, classes).astype(np.float32)) if weighted else None
    z = logits.double().requires_grad_()
    value = hard_loss(z, lam, y, partner, eps, weight.double() if weighted else None)
    value.backward()
    return {
        "n": n, "classes": classes, "eps": eps, "weight": bits32(weight) if weighted else None, "lam": bits64(lam),
        "labels": y.tolist(), "partner": partner.tolist(), "logits": bits32(logits),
        "loss": value.item(), "grad": decimals(z.grad),
    }


def soft_targets(n, classes):
    t = generator.dirichlet(np.full(classes, 0.3), n)
    return torch.from_numpy(t.astype(np.float32))


def binary_targets(n, classes):
    return torch.from_numpy(generator.uniform(0, 1, (n, classes)).astype(np.float32))


def targets_loss(function, targets, n, classes, scale):
    """A loss of logits and targets, and its gradient."""
    logits, target = normal(n, classes, scale=scale), targets(n, classes)
    z = logits.double().requires_grad_()
    value = function(z, target.double())
    value.backward()
    return {
        "n": n, "classes": classes, "logits": bits32(logits), "targets": bits32(target),
        "loss": value.item(), "grad": decimals(z.grad),
    }


def cutmix(n, channels, height, width, lam):
    """rand_bbox and the training step of CutMix-PyTorch."""
    x, partner = normal(n, channels, height, width), partners(n)
    cy, cx = int(generator.integers(height)), int(generator.integers(width))
    cut = np.sqrt(1.0 - lam)
    cut_h, cut_w = int(height * cut), int(width * cut)
    y0, y1 = np.clip([cy - cut_h // 2, cy + cut_h // 2], 0, height).tolist()
    x0, x1 = np.clip([cx - cut_w // 2, cx + cut_w // 2], 0, width).tolist()
    want = x.clone()
    want[:, :, y0:y1, x0:x1] = x[partner, :, y0:y1, x0:x1]
    return {
        "n": n, "channels": channels, "height": height, "width": width, "lam": bits64(lam), "cy": cy, "cx": cx,
        "box": [y0, y1, x0, x1], "corrected": 1 - (y1 - y0) * (x1 - x0) / (height * width), "partner": partner.tolist(),
        "x": bits32(x), "want": bits32(want),
    }


def main():
    # Widths around those of the kernels' loops: 8, 16, 32 and 64 values at a time.
    shapes = [(1, 1), (2, 3), (3, 7), (5, 16), (7, 17), (6, 31), (6, 33), (4, 64), (3, 65), (2, 257)]
    # Rows, classes, smoothing, class weights and the scale of the logits.
    losses = [
        (1, 2, 0, False, 1), (4, 3, 0, False, 1), (8, 10, 0, False, 10), (8, 10, 0.1, False, 10),
        (8, 10, 0, True, 10), (3, 37, 0.1, True, 30), (2, 100, 0, False, 100), (1, 401, 0, False, 3), (1, 257, 0.1, False, 3),
    ]
    all_lam = [0.0, 1.0] + generator.beta(1, 1, len(shapes) - 2).tolist()
    print(json.dumps({
        "mixup": [mixup(*shape, lam) for shape, lam in zip(shapes, reversed(all_lam))],
        "perrow": [perrow(*shape) for shape in shapes],
        "onehot": [onehot(*c) for c in [(1, 2, 0.0), (4, 3, 0.1), (8, 10, 0.0), (8, 10, 0.1), (6, 37, 0.2), (3, 100, 0.05)]],
        "loss": [loss(*c) for c in losses],
        "soft_loss": [targets_loss(F.cross_entropy, soft_targets, n, classes, scale) for n, classes, _, _, scale in losses],
        "bce": [targets_loss(F.binary_cross_entropy_with_logits, binary_targets, n, classes, scale) for n, classes, _, _, scale in losses],
        "cutmix": [cutmix(*shape, lam)
                   for shape in [(2, 1, 4, 4), (2, 2, 8, 5), (2, 1, 7, 9), (2, 1, 9, 11)]
                   for lam in [0.0, 0.1, 0.35, 0.5, 0.8, 0.999, 1.0]],
        "about": f"PyTorch {torch.__version__}, numpy {np.__version__}, seed {seed}, by pytorch.py",
    }, separators=(",", ":")))


if __name__ == "__main__":
    main()
