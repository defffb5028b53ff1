"""Prints peers.json: what other implementations make of a small minibatch.

    python3 peers.py DIR > peers.json

DIR holds checkouts of the repositories whose files are loaded below. The files
run as they are. What they import and the machine lacks is replaced by stand-ins,
so what is called here is only what needs none: drawing, mixing, labels.
"""
import ast
import importlib.abc
import importlib.util
import json
import pathlib
import sys
import types

import numpy as np
import torch

N, CLASSES, IMAGE = 6, 5, (2, 4, 5)  # an image is NCHW
PIXELS_OF_IMAGE = IMAGE[1] * IMAGE[2]
LABELS = [3, 0, 2, 2, 4, 3]
EPS = 0.1


class Anything(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return cls


class Missing(metaclass=Anything):
    """Stands in for any class, function, decorator or module."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, f):
        return f


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the projects: those in files, and Missing ones."""

    roots = {"timm", "torchvision", "fastai", "composer", "ffcv", "numba", "keras", "kornia"}
    files = {}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in self.roots:
            return None
        if name in self.files:
            return importlib.util.spec_from_file_location(name, self.files[name])
        return importlib.util.spec_from_loader(name, self, is_package=True)

    def exec_module(self, module):
        module.__getattr__ = lambda name: getattr(Missing, name)


def load(*names):
    """Loads files by their path in DIR, the last one to be returned."""
    for name in names:
        parts = name.removesuffix("/__init__").split("/")
        Finder.files[".".join(parts[1:])] = DIR / (name + ".py")
    return importlib.import_module(".".join(parts[1:]))


def function(name, wanted, **scope):
    """Loads only this function of a file."""
    path = DIR / name
    tree = ast.parse(path.read_text())
    tree.body = [f for f in tree.body if isinstance(f, ast.FunctionDef) and f.name == wanted]
    exec(compile(tree, str(path), "exec"), scope)
    return scope[wanted]


def bits32(a):
    return np.asarray(a, np.float32).ravel().view(np.uint32).tolist()


def bits64(a):
    return [str(p) for p in np.asarray(a, np.float64).ravel().view(np.uint64)]


CASES, BOXES, DRAWS = [], [], []


def case(name, partner, lam, want, targets=None, box=None, eps=0.0, drawn=None):
    """Adds a minibatch that was mixed. lam is the weight of the row itself, box its
    (y0, y1, x0, x1), and drawn its λ before it was folded: of each row or of all."""
    rows = len(partner)
    c = {"name": name, "partner": [int(j) for j in partner], "lam": bits64(np.broadcast_to(np.ravel(lam), rows))}
    if box is not None:
        c["box"] = np.broadcast_to(box, (rows, 4)).tolist()
    if drawn is not None:
        c["drawn"] = bits64(np.broadcast_to(drawn, rows))
    want = np.asarray(want)
    c["want"] = want.ravel().tolist() if want.dtype == np.uint8 else bits32(want)
    if targets is not None:
        c["eps"], c["targets"] = eps, bits32(targets)
    CASES.append(c)


def count(name, draws):
    """Adds how often 0, 1, 2, … and the number of pixels of an image were drawn."""
    DRAWS.append({"name": name, "count": np.bincount(draws, minlength=PIXELS_OF_IMAGE + 1).tolist()})


def boxes(name, rand, module, function, draw, order):
    """Adds boxes of 7×10 images. draw(λ) is to call module.function for the two
    coordinates of the centre, which it is made to return."""
    b = {"name": name, "lam": [], "centre": [], "box": []}
    original = getattr(module, function)
    for lam in rand.random(40):
        centre = [int(rand.integers(7)), int(rand.integers(10))]
        given = iter(centre[::order])
        setattr(module, function, lambda *args, **kwargs: torch.tensor(next(given)) if module is torch else next(given))
        b["box"].append([int(e) for e in draw(lam)])
        b["lam"] += bits64(lam)
        b["centre"].append(centre)
    setattr(module, function, original)
    BOXES.append(b)


def area(box):
    y0, y1, x0, x1 = box
    return int((y1 - y0) * (x1 - x0))


def minibatch():
    return X.clone(), torch.tensor(LABELS)


def timm():
    module = load("pytorch-image-models/timm/data/mixup")
    seen, original, params = [], module.cutmix_bbox_and_lam, {}

    def recorded(*args, **kwargs):
        box, lam = original(*args, **kwargs)
        seen.append(box)
        return box, lam

    module.cutmix_bbox_and_lam = recorded

    def run(name, seed, collate=False, mode="batch", **options):
        np.random.seed(seed)
        seen.clear()
        cls = module.FastCollateMixup if collate else module.Mixup
        m = cls(num_classes=CLASSES, label_smoothing=EPS, mode=mode, **options)
        for method in "_params_per_elem", "_params_per_batch":
            def record(*args, f=getattr(m, method)):
                lam, params["cut"] = f(*args)
                params["lam"] = np.copy(lam)  # it is changed later
                return lam, params["cut"]

            setattr(m, method, record)
        if collate:
            want, targets = m([(PIXELS[i].copy(), LABELS[i]) for i in range(N)])
        else:
            want, targets = m(*minibatch())

        rows = N // 2 if mode in ("pair", "half") else N
        lam = np.broadcast_to(params["lam"], rows).copy()
        cut = np.broadcast_to(params["cut"], rows)
        boxes = np.zeros((rows, 4), int)
        for i in np.flatnonzero(cut & (lam != 1)):
            boxes[i] = seen[0] if mode == "batch" else seen.pop(0)
            if options.get("correct_lam", True):
                lam[i] = 1 - area(boxes[i]) / PIXELS_OF_IMAGE
        if mode == "pair":
            lam, boxes = np.concatenate((lam, lam[::-1])), np.concatenate((boxes, boxes[::-1]))
        partner = range(N - 1, N - 1 - len(want), -1)
        case(name, partner, lam, want, targets, boxes if cut.any() else None, EPS)

    run("timm batch mixup", 9)
    run("timm batch cutmix", 2, mixup_alpha=0, cutmix_alpha=1)
    run("timm batch cutmix uncorrected", 8, mixup_alpha=0, cutmix_alpha=1, correct_lam=False)
    run("timm batch cutmix minmax", 4, mixup_alpha=0, cutmix_minmax=(0.25, 0.9))
    run("timm elem mixup", 5, mode="elem")
    run("timm elem both", 15, mode="elem", cutmix_alpha=1, prob=0.8)
    run("timm pair both", 9, mode="pair", cutmix_alpha=1)
    run("timm pair mixup", 8, mode="pair")
    run("timm collate batch", 9, collate=True)
    run("timm collate elem both", 15, collate=True, mode="elem", cutmix_alpha=1, prob=0.8)
    run("timm collate pair both", 9, collate=True, mode="pair", cutmix_alpha=1)
    run("timm collate half both", 15, collate=True, mode="half", cutmix_alpha=1)

    boxes("timm", np.random.default_rng(1), np.random, "randint", lambda lam: module.rand_bbox((7, 10), lam), 1)
    np.random.seed(20)
    count("timm cutmix", [area(original(IMAGE, np.random.beta(1, 1))[0]) for _ in range(DRAWN)])
    m = module.Mixup(mixup_alpha=0.4, cutmix_alpha=1, prob=0.7, switch_prob=0.3, mode="elem")
    lam, cut = m._params_per_elem(DRAWN)
    count("timm elem", np.where(lam == 1, 9, np.where(cut, 8, np.minimum(lam * 8, 7).astype(int))))


def torchvision():
    module = load("vision/torchvision/transforms/v2/_augment")
    module.query_size = lambda inputs: inputs[0].shape[-2:]

    def corners(params):
        x0, y0, x1, y1 = params["box"]
        return y0, y1, x0, x1

    torch.manual_seed(16)
    x, y = minibatch()
    partner = [(i - 1) % N for i in range(N)]
    mixup, cutmix = module.MixUp(num_classes=CLASSES), module.CutMix(num_classes=CLASSES)
    p = {"labels": y, "batch_size": N, **mixup.make_params([x])}
    case("torchvision mixup", partner, p["lam"], mixup.transform(x, p), mixup.transform(y, p))
    p = {"labels": y, "batch_size": N, **cutmix.make_params([x])}
    case("torchvision cutmix", partner, p["lam_adjusted"], cutmix.transform(x, p), cutmix.transform(y, p), corners(p))
    count("torchvision cutmix", [area(corners(cutmix.make_params([X]))) for _ in range(DRAWN)])

    def given(lam):
        cutmix._dist = types.SimpleNamespace(sample=lambda shape: lam)
        return corners(cutmix.make_params([torch.empty(1, 7, 10)]))

    boxes("torchvision", np.random.default_rng(2), torch, "randint", given, -1)


def fastai():
    class L(list):
        def __init__(self, *items):
            super().__init__(items[0] if len(items) == 1 else items)

        def itemgot(self, i):
            return L([v[i] for v in self])

        def map_zip(self, f, **kwargs):
            return L([f(*v, **kwargs) for v in zip(*self)])

    basics = importlib.import_module("fastai.basics")
    basics.L, basics.torch, basics.tensor = L, torch, torch.tensor
    basics.unsqueeze = lambda v, n: v[(...,) + (None,) * n]
    basics.Callback = basics.Tensor = Missing
    basics.__all__ = ["Callback", "L", "Tensor", "tensor", "torch", "unsqueeze"]
    module = load("fastai/fastai/callback/mixup")

    def corners(box):
        x0, y0, x1, y1 = (int(e) for e in box)
        return y0, y1, x0, x1

    torch.manual_seed(4)
    permuted, randperm = [], torch.randperm
    torch.randperm = lambda n: permuted.append(randperm(n)) or permuted[-1]
    for name, cls in ("mixup", module.MixUp), ("cutmix", module.CutMix):
        t = cls()
        x, y = minibatch()
        y = torch.nn.functional.one_hot(y, CLASSES).float()
        t.x, t.y, t.xb, t.yb, t.stack_y = x, y, (x,), (y,), False
        t.learn = types.SimpleNamespace(xb=[x])
        box = None
        if name == "cutmix":
            rand_bbox, drawn = t.rand_bbox, []
            t.rand_bbox = lambda *args: drawn.append(rand_bbox(*args)) or drawn[-1]
        sample, lam = t.distrib.sample, None
        if name == "mixup":
            lam = sample((N,))
            t.distrib.sample = lambda shape: lam
        t.before_batch()
        t.distrib.sample = sample
        if name == "cutmix":
            box = corners(drawn[0])
        case("fastai " + name, permuted[-1], t.lam.flatten(), t.learn.xb[0], t.learn.yb[0], box, drawn=lam)
    torch.randperm = randperm
    draw = lambda: rand_bbox(IMAGE[2], IMAGE[1], t.distrib.sample((1,)))
    count("fastai cutmix", [area(corners(draw())) for _ in range(DRAWN)])


def composer():
    mixup = load("composer/composer/algorithms/mixup/mixup")
    cutmix = load("composer/composer/algorithms/cutmix/cutmix")

    def corners(box):
        y0, x0, y1, x1 = box  # x is its name for the height
        return y0, y1, x0, x1

    np.random.seed(13)
    torch.manual_seed(5)
    x, y = minibatch()
    y = torch.nn.functional.one_hot(y, CLASSES).float()
    indices = mixup._gen_indices(N)
    drawn, beta = 0.3, np.random.beta
    np.random.beta = lambda a, b: drawn
    want, permuted, mixing = mixup.mixup_batch(x, y, indices=indices)
    np.random.beta = beta
    case("composer mixup", indices, 1 - mixing, want, (1 - mixing) * y + mixing * permuted, drawn=drawn)
    want, permuted, lam, box = cutmix.cutmix_batch(x, y, indices=indices)
    case("composer cutmix", indices, lam, want, lam * y + (1 - lam) * permuted, corners(box))

    boxes("composer", np.random.default_rng(3), np.random, "randint", lambda lam: corners(cutmix._rand_bbox(7, 10, lam)), 1)
    for uniform in False, True:
        draw = lambda: cutmix._rand_bbox(*IMAGE[1:], cutmix._gen_cutmix_coef(1), uniform_sampling=uniform)
        name = "composer cutmix uniform" if uniform else "composer cutmix"
        count(name, [area(corners(draw())) for _ in range(DRAWN)])


def cifar10():
    mixup_data = function("mixup-cifar10/train.py", "mixup_data", np=np, torch=torch)
    np.random.seed(6)
    torch.manual_seed(6)
    x, _ = minibatch()
    want, _, partner, lam = mixup_data(x, torch.arange(N), use_cuda=False)
    case("mixup-cifar10", partner, lam, want)


def big_vision():
    rng = np.random.default_rng(9)
    drawn = np.float32(rng.beta(0.4, 0.4))
    jax = types.SimpleNamespace(
        random=types.SimpleNamespace(split=lambda key: (key, key), beta=lambda key, a, b: drawn),
        tree=types.SimpleNamespace(map=lambda f, trees: [[f(v) for v in trees[0]], {}]))
    get_mixup = function("big_vision/big_vision/utils.py", "get_mixup", jax=jax, jnp=np)
    onehot = np.eye(CLASSES, dtype=np.float32)[LABELS]
    _, (want, targets), _ = get_mixup(None, 0.4)(X.numpy(), onehot)
    partner = [(i - 1) % N for i in range(N)]
    case("big_vision", partner, max(drawn, 1 - drawn), want, targets, drawn=drawn)


def ffcv():
    module = load("ffcv/ffcv/transforms/mixup")
    module.Compiler = types.SimpleNamespace(get_iterator=lambda: range)
    for same in True, False:
        indices = np.array([7, 3, 9, 1, 12, 8])
        image = module.ImageMixup(0.8, same).generate_code()
        label = module.LabelMixup(0.8, same).generate_code()
        want = image(PIXELS, np.empty_like(PIXELS), indices)
        mixed = label(np.array(LABELS)[:, None], np.empty((N, 3), np.float32), indices)
        lam = mixed[:, 2].copy()
        targets = module.MixupToOneHot(CLASSES).generate_code()(torch.tensor(mixed), torch.empty(N, CLASSES))
        name = "ffcv same_lambda" if same else "ffcv"
        case(name, [(i - 1) % N for i in range(N)], lam, want, targets)


def keras():
    class Backend:
        numpy = np
        cast = staticmethod(lambda a, dtype: np.asarray(a, dtype))

    folder = "keras/keras/src/layers/preprocessing/image_preprocessing/"
    base = importlib.import_module(folder[len("keras/"):].replace("/", ".") + "base_image_preprocessing_layer")
    base.base_image_preprocessing_color_example = ""
    rng = np.random.default_rng(7)
    onehot = np.eye(CLASSES, dtype=np.float32)[LABELS]
    partner = rng.permutation(N)
    for name, cls in ("mixup", load(folder + "mix_up").MixUp), ("cutmix", load(folder + "cut_mix").CutMix):
        cls._set_factor = lambda self, factor: None
        cls.data_format, cls.backend, cls.compute_dtype = "channels_first", Backend, "float32"
        t = cls()
        p, box = {"permutation_order": partner}, None
        if name == "mixup":
            p["mix_weight"] = rng.beta(0.2, 0.2, N).astype(np.float32)
        else:
            ratio = np.sqrt(1 - rng.beta(1, 1, N)).astype(np.float32)
            w, h = ratio * IMAGE[2], ratio * IMAGE[1]
            x0, y0 = (rng.random(N) * (IMAGE[2] - w)).astype(np.float32), (rng.random(N) * (IMAGE[1] - h)).astype(np.float32)
            p["batch_masks"], p["mix_weight"] = t._generate_batch_mask((N, *IMAGE), (x0, x0 + w, y0, y0 + h))
            box = [edges(m[0]) for m in p["batch_masks"]]
        case("keras " + name, partner, p["mix_weight"], t.transform_images(X.numpy(), p), t.transform_labels(onehot, p), box)


def edges(mask):
    """The box of a mask."""
    y, x = np.nonzero(mask)
    return (y.min(), y.max() + 1, x.min(), x.max() + 1) if len(y) else (0, 0, 0, 0)


def kornia():
    torch.compiler = Missing  # which PyTorch 1 lacks
    random = "kornia/kornia/augmentation/random_generator/"
    generators = [load("kornia/kornia/core/check", "kornia/kornia/core/utils", "kornia/kornia/geometry/bbox",
                       "kornia/kornia/augmentation/utils/__init__", "kornia/kornia/augmentation/utils/helpers",
                       random + "base", random + "_2d/" + name)
                  for name in ("mixup", "cutmix")]
    mixup = load("kornia/kornia/augmentation/_2d/mix/base", "kornia/kornia/augmentation/_2d/mix/mixup").RandomMixUpV2
    cutmix = load("kornia/kornia/augmentation/_2d/mix/cutmix").RandomCutMixV2
    torch.manual_seed(8)
    x, y = minibatch()
    g = generators[0].MixupGenerator()
    g.make_samplers("cpu", torch.float32)
    p = g((N, *IMAGE))
    case("kornia mixup", p["mixup_pairs"], 1 - p["mixup_lambdas"].double(), mixup.apply_transform(None, x, p))
    g = generators[1].CutmixGenerator()
    g.make_samplers("cpu", torch.float32)
    p = g((N, *IMAGE))
    want = cutmix.apply_transform(None, x, p)
    box = [(b[0][1], b[2][1] + 1, b[0][0], b[2][0] + 1) for b in p["crop_src"][0].long().tolist()]
    lam = [1 - area(b) / PIXELS_OF_IMAGE for b in box]
    case("kornia cutmix", p["mix_pairs"][0], lam, want, box=box)


DIR = pathlib.Path(sys.argv[1]).resolve()
DRAWN = 100000
sys.meta_path.insert(0, Finder())
RNG = np.random.default_rng(20181)
X = torch.tensor(RNG.standard_normal((N, *IMAGE)), dtype=torch.float32)
PIXELS = RNG.integers(0, 256, (N, *IMAGE), dtype=np.uint8)
timm()
torchvision()
fastai()
composer()
cifar10()
big_vision()
ffcv()
keras()
kornia()
top = {"n": N, "classes": CLASSES, "image": IMAGE, "labels": LABELS, "x": bits32(X), "pixels": PIXELS.ravel().tolist()}
lines = [f'"{k}": {json.dumps(v)}' for k, v in top.items()]
for k, rows in ("cases", CASES), ("boxes", BOXES), ("draws", DRAWS):
    lines.append(f'"{k}": [\n' + ",\n".join(json.dumps(r) for r in rows) + "\n]")
print("{" + ",\n".join(lines) + "}")
