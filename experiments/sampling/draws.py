# The Beta distributions of NumPy and PyTorch. It answers a request,
#
#     {"sampler": "torch32", "alpha": 0.001, "n": 100000, "seed": 1}
#
# with how many draws are NaN, ½, 0 and 1, and the seconds that a draw took.
#
# It runs behind prelude.py.

def generator(alpha, n, seed):
    g = np.random.default_rng(seed)
    return lambda: g.beta(alpha, alpha, n)


def legacy(alpha, n, seed):
    g = np.random.RandomState(seed)
    return lambda: g.beta(alpha, alpha, n)


def torch32(alpha, n, seed):
    torch.manual_seed(seed)
    d = torch.distributions.Beta(torch.tensor(alpha), torch.tensor(alpha))
    return lambda: d.sample((n,)).numpy()


def torch64(alpha, n, seed):
    torch.manual_seed(seed)
    a = torch.tensor(alpha, dtype=torch.float64)
    d = torch.distributions.Beta(a, a)
    return lambda: d.sample((n,)).numpy()


samplers = {}
if np:
    np.seterr(all="ignore")
    samplers |= {"generator": generator, "legacy": legacy}
    if torch:
        torch.set_num_threads(1)
        samplers |= {"torch32": torch32, "torch64": torch64}

say({
    "python": sys.version.split()[0],
    "numpy": np.__version__ if np else "",
    "torch": torch.__version__ if torch else "",
    "samplers": list(samplers),
})
for line in sys.stdin:
    r = json.loads(line)
    draw = samplers[r["sampler"]](float(r["alpha"]), r["n"], r["seed"])
    start = time.perf_counter()
    try:
        b = draw()
    except ValueError as e:  # of a distribution that does not take the parameter
        say({"refused": str(e)})
        continue
    seconds = time.perf_counter() - start
    say({
        "nan": int(np.isnan(b).sum()),
        "half": int((b == 0.5).sum()),
        "zero": int((b == 0).sum()),
        "one": int((b == 1).sum()),
        "seconds": seconds / r["n"],
    })
