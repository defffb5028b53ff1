# What peerbench times in Python: the operations of other mixup implementations,
# as their authors wrote them, and NumPy's Beta. It answers a request,
#
#     {"task": "mixup_data", "n": 128, "width": 3072, "alpha": 0.2, "seconds": 0.1}
#
# with the median time of a call in seconds.
#
# It runs behind prelude.py.

def labels_of(n, classes):
    return torch.arange(n) * 7 % classes


def mixup_data(n, dim, alpha):  # facebookresearch/mixup-cifar10
    x, y = torch.rand(n, dim), labels_of(n, 10)

    def run():
        lam = np.random.beta(alpha, alpha)
        index = torch.randperm(n)
        return lam * x + (1 - lam) * x[index, :], y, y[index], lam

    return run


def timm(n, dim, alpha):  # timm.data.Mixup, mode "batch"
    x = torch.rand(n, dim)

    def run():
        lam = np.random.beta(alpha, alpha)
        flipped = x.flip(0).mul_(1.0 - lam)
        x.mul_(lam).add_(flipped)

    return run


def torchvision(n, dim, alpha):  # torchvision.transforms.v2.MixUp
    x = torch.rand(n, dim)
    dirichlet = torch.distributions.Dirichlet(torch.tensor([alpha, alpha]))

    def run():
        lam = float(dirichlet.sample()[0])
        return x.roll(1, 0).mul_(1.0 - lam).add_(x.mul(lam))

    return run


def two_losses(n, classes, alpha):  # mixup_criterion, forward and backward
    logits, a = torch.randn(n, classes, requires_grad=True), labels_of(n, classes)
    b = a.flip(0)

    def run():
        logits.grad = None
        lam = 0.7
        loss = lam * torch.nn.functional.cross_entropy(logits, a) + (1 - lam) * torch.nn.functional.cross_entropy(logits, b)
        loss.backward()

    return run


def soft_loss(n, classes, alpha):
    logits, a = torch.randn(n, classes, requires_grad=True), labels_of(n, classes)
    targets = 0.7 * torch.nn.functional.one_hot(a, classes).float() + 0.3 * torch.nn.functional.one_hot(a.flip(0), classes).float()

    def run():
        logits.grad = None
        torch.nn.functional.cross_entropy(logits, targets).backward()

    return run


def soft_bce(n, classes, alpha):
    logits, targets = torch.randn(n, classes, requires_grad=True), torch.rand(n, classes)

    def run():
        logits.grad = None
        torch.nn.functional.binary_cross_entropy_with_logits(logits, targets).backward()

    return run


def one_hot(n, classes, alpha):  # timm's mixup_target
    a = labels_of(n, classes)
    b = a.flip(0)

    def run():
        y1 = torch.full((n, classes), 0.0).scatter_(1, a.view(-1, 1), 1.0)
        y2 = torch.full((n, classes), 0.0).scatter_(1, b.view(-1, 1), 1.0)
        return y1 * 0.7 + y2 * 0.3

    return run


def beta(n, _, alpha):
    generator = np.random.default_rng(1)
    return lambda: generator.beta(alpha, alpha, n)


def median_time(run, seconds):
    run()
    start = time.perf_counter()
    run()
    # Calls that take less than a millisecond are timed many at a time.
    many = max(1, int(1e-3 / max(time.perf_counter() - start, 1e-9)))
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(many):
            run()
        times.append((time.perf_counter() - start) / many)
    return sorted(times)[len(times) // 2]


tasks = [beta] if np else []
if np and torch:
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(1)
    tasks += [mixup_data, timm, torchvision, two_losses, soft_loss, soft_bce, one_hot]
tasks = {task.__name__: task for task in tasks}

say({
    "python": sys.version.split()[0],
    "numpy": np.__version__ if np else "",
    "torch": torch.__version__ if torch else "",
})
ready = {}  # the last task, with its tensors
for line in sys.stdin:
    request = json.loads(line)
    seconds = request.pop("seconds")
    key = json.dumps(request)
    if key not in ready:
        ready = {key: tasks[request["task"]](request["n"], request["width"], request["alpha"])}
    say(median_time(ready[key], seconds))
