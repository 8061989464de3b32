"""Every item of the curriculum is taught in a cell, and every number it names is printed there.

The saved outputs read here are those that re-executing the notebooks reproduces.  Line breaks and
widths of columns make no difference.
"""

import pytest

from tests.notebooks.course import NOTEBOOKS, number, read

# For each notebook: (item, a piece of the cell that teaches it, what that cell prints)
CURRICULUM = {
    "01": [
        ("definition by chords", r"\lambda f(u_1) + (1 - \lambda) f(u_2)"),
        ("second-derivative test", r"it is concave exactly if $f''(u) \le 0$ everywhere"),
        ("logarithm is concave", r"\log'' u = -\frac{1}{u^2} < 0"),
        ("domain of the logarithm", r"defined on $(0, \infty)$"),
        ("convex f", r"**convex** on the interval, then $f(\mathbb{E}[U]) \le \mathbb{E}[f(U)]$"),
        ("concave f", r"**concave** on the interval, then $f(\mathbb{E}[U]) \ge \mathbb{E}[f(U)]$"),
        ("picture to move", "steppers.jensen([", "a gap of 0.357"),
        ("picture", "plots.jensen(cases)", "a gap of 0.600"),
        ("proof", r"\mathbb{E}[f(U)] &\le \mathbb{E}[T(U)]"),
        ("equality: U constant", "* **$U$ is constant**"),
        ("equality: f affine", "* **$f$ is affine**"),
        ("no gap though f is not constant", "capped", "mean of f 1.5500, f of the mean 1.5500"),
        ("the wrong claim", 'only if $f$ is constant" is wrong'),
    ],
    "02a": [
        ("the principle", "**The principle of maximum likelihood.**"),
        ("rows of flips with labels", "RandomState(1234)", "heads: [7 9 2 6 0]"),
        ("n rows, and flips in each", "$n = 5$ **rows** and 10 **flips**"),
        ("theta is for heads", r"$\theta_j$ is coin $j$'s probability of **heads**"),
        ("log-likelihood", r"\ell_c(\alpha, \theta) &= \log \prod_i p(x_i, z_i; \alpha, \theta)"),
        ("closed form derived", r"\text{so}\quad \hat\theta = \frac{H}{F}"),
        ("closed form", "estimate(heads, flips, labels, 2)", "[0.7333333 0.1 ]"),
        ("Do and Batzoglou", "heads_db", "[0.8 0.45]", "24/30 = 0.8 and 9/20 = 0.45"),
        ("minimiser with bounds", "bounds=[(1e-6, 1", "[0.73333 0.1 ] 7.6552678"),
        ("weights", r"\hat\theta_j = \frac{\sum_i w_{ij} h_i}{\sum_i w_{ij} f_i}"),
        ("a witness is no likelihood", "both.x", "alone: [0.733 0.509]", "flips: [0.803 0.443]"),
        ("the log of a sum", r"\ell(\theta) = \sum_i \log \sum_j s_{ij}"),
    ],
    "02b": [
        ("standard error", r"\mathrm{se} &= \sqrt{\frac{\hat\theta (1 - \hat\theta)}{F}}"),
        (
            "curvature at the top",
            r"= \frac{F}{\hat\theta (1 - \hat\theta)} = \frac{1}{\mathrm{se}^2}",
        ),
        ("intervals", "1.96 * se", "coin A: 0.575 to 0.892", "coin B: -0.031 to 0.231"),
        ("coverage", "usual(flips)", "0.782 0.26 ]", "[0.943 0.947 0.926 0.799]"),
        ("why it is 0.26", "1 - 0.99**30", "0.2603"),
        (
            "picture of the coverage",
            "plots.coverage_curves(grid, curves",
            "Coverage of the interval",
        ),
        ("likelihood interval", "- 1.92", "0.02 to 0.28"),
        ("zero heads", "xlogy(0, 0.0)", "nan", "0.139"),
        ("pseudo-counts", r"(H + a - 1) \log\theta + (T + b - 1) \log(1 - \theta)"),
        ("estimate with a prior", "best(np.array([0])", "20 views: 0.0455"),
    ],
    "03a": [
        ("why the log of a sum is in the way", "contains the unknown $\\theta$"),
        ("log of a sum, sum of logs", "np.log(pair)", "-7.0283", "-15.4533", "1.6094", "1.7918"),
        ("log-sum-exp", "logsumexp(a)", "-inf", "-1389.6867"),
        ("multiply and divide", r"\text{multiply and divide by }"),
        ("an equality, not a bound", r"\text{definition of expectation: an equality}"),
        ("Jensen", r"\text{Jensen: log is concave; the only inequality}"),
        ("the ratio must be constant", r"r_j = \frac{s_j}{\sum_l s_l}"),
        ("the bound touches", "bound_over_q(s[1], tried)", "touches the line at q_A = 0.805"),
        ("Q and entropy", r"**entropy** $H = -\sum_j q_j \log q_j$"),
        ("the gap is a divergence", r"= \mathrm{KL}(q \,\|\, r)"),
        ("tight at the posterior", "bound + KL", "r: bound -33.093863 KL 0.000000"),
        ("first responsibilities", "closest_here", "[0.45 0.8 0.73 0.35 0.65]"),
        ("picture of the climbing bound", "climb(run_em(", "0.100, 0.411, 0.581, 0.705"),
        ("maximum without a derivative", r"-n\, \mathrm{KL}(N / n \,\|\, \alpha)"),
        ("a whole run", "fit_here(log_p,", "[0.1 0.344 0.5 0.553]", "[0.577 0.423]", "-31.6654"),
        ("its bounds", "plots.weight_climb(log_p", "0.100, 0.344, 0.500, 0.553 and so on"),
    ],
    "03b": [
        ("labels are lost", "**the labels are lost**"),
        ("first responsibilities", "e_step_here(theta", "[0.45 0.8 0.73 0.35 0.65]", "-33.093863"),
        ("E-step", r"r_{ij} = \frac{\alpha_j\, \theta_j^{h_i} (1 - \theta_j)^{f_i - h_i}}"),
        ("expected counts", "heads @ r", "[21.3 11.7]", "[8.6 8.4]"),
        ("M-step", r"\frac{\partial Q}{\partial \theta_j}"),
        ("after one iteration", "m_step_here(r, heads, flips)", "[0.71 0.58]"),
        ("verbal outline", "**Touch**"),
        ("the log-likelihood never falls", "so it rises by at least as much"),
        (
            "every theta beside its log-likelihood",
            "em_here(theta, alpha, heads, flips",
            *("0 0.60000000 0.50000000 -33.093863", "1 0.71301224 0.58133931 -31.859258"),
            *("2 0.74529204 0.56925575 -31.723116", "3 0.76809883 0.54953591 -31.627827"),
            *("4 0.78316458 0.53461745 -31.584947", "5 0.79105525 0.52628117 -31.573058"),
            "0.79678907 0.51958312 -31.570200",
        ),
        ("steps of the reader's own run", "stepper(as_run(", "EM for 2 coins on 5 rows"),
        ("picture of the climbing bound", "plots.bound_climb", "touches the log-likelihood"),
        ("synthetic data", "RandomState(1234)", "[0.7982 0.3516]"),
        ("the old criterion on it", "RandomState(1234)", "-5756.595652"),
        ("underflow", "0.35**800 * 0.65**200", "under 0.35: 0.0"),
        ("two starts, two answers", "unequal", "[0.78 0.496] -31.587553", "0.811] -31.608213"),
        (
            "random starts",
            "rng.random(2)",
            "-31.5876 0.78 0.496 ] from 9",
            "-31.6082 0.547 0.811 ] from 11",
        ),
        ("stationary point, not maximum", "where all derivatives are 0 (Wu 1983)"),
    ],
    "03c": [
        (
            "loop program",
            "for h in heads:",
            *("1 theta 0.71 0.58 ll -32.69", "2 theta 0.75 0.57 ll -31.26"),
            *("3 theta 0.77 0.55 ll -30.76", "4 theta 0.78 0.53 ll -30.33"),
            *("5 theta 0.79 0.53 ll -30.07", "6 theta 0.79 0.52 ll -29.95"),
            *("7 theta 0.80 0.52 ll -29.90", "8 theta 0.80 0.52 ll -29.88"),
            "9 theta 0.80 0.52 ll -29.87",
        ),
        ("the first log_old", "`ll_old = 0`"),
        (
            "vectorised program, as a function",
            "def published",
            "1 theta 0.71 0.58 ll -32.69",
            "9 theta 0.80 0.52 ll -29.87",
        ),
        (
            "program with entropy",
            "entropy=True",
            *("-29.63 2 ", "-28.39 3 ", "-28.26 4 ", "-28.16 5 ", "-28.12 6 ", "-28.11 7 "),
            "theta 0.80 0.52 ll -28.10",
        ),
        ("three objects, three names", "**Three objects, three names**"),
        (
            "every value beside its parameters",
            "bound_here(r, thetas[t]",
            *("0 0.600000 0.500000 -33.093863 -32.68", "1 0.713012 0.581339 -31.859258 -31.25"),
            *("2 0.745292 0.569256 -31.723116 -30.76", "3 0.768099 0.549536 -31.627827 -30.33"),
            *("4 0.783165 0.534617 -31.584947 -30.07", "5 0.791055 0.526281 -31.573058 -29.95"),
        ),
        (
            "four numbers at the limit",
            "orders",
            "0.796789 0.519583 -31.570200 -29.8686",
            "-9.796924",
        ),
        ("starts are rows (p, 1 - p)", "`random((2, 2))`"),
        (
            "Q falls",
            "[0.20, 0.95]",
            *("-29.6007 log-likelihood -31.678072", "-29.7497 log-likelihood -31.586168"),
            *("-29.8190 log-likelihood -31.572858", "-29.8483 log-likelihood -31.570647"),
            "-29.8603 log-likelihood -31.570275",
        ),
        ("saddle", "[0.3, 0.3001]", "[0.66 0.66] -32.051774"),
        ("rate of convergence", "factors(thetas[-1])", "[0.378 0.4097]", "1.533]"),
        ("exchanged labels", "rng.random((30, 2))", "0.52 0.797 from", "0.797 0.52 from"),
        ("label switching", "**Label switching**"),
        ("hard against soft", ".argmax(axis=1)", "[0.8 0.45]"),
        (
            "free mixing weights",
            "fit_mixing_weights",
            "[0.79337 0.51392]",
            "[0.52275 ",
            "-31.568695",
        ),
        ("best of many starts", "best_here(starts", "reached from 30 of 30"),
    ],
    "04a": [
        ("three components", "covariances=[np.eye(2), 2 * np.eye(2), 3 * np.eye(2)]"),
        ("surface", "plots.density_surface", "as a surface", "0.0167", "0.0349", "0.0278"),
        ("density", r"p(x; \theta) = \sum_j \alpha_j\, \mathcal{N}(x; \mu_j, \Sigma_j)"),
        ("log-likelihood", r"\ell(\theta) = \sum_i \log \sum_j p(x_i, z_i = j; \theta)"),
        ("E-step", r"r_{ij} = \frac{p(x_i, z_i = j; \theta)}{\sum_l p(x_i, z_i = l; \theta)}"),
        ("in logarithms", "logsumexp(log_joint, axis=1, keepdims=True)"),
        ("constraint on the weights", r"J(\alpha, \lambda)"),
        ("weights", r"\alpha_j &= \frac{N_j}{n}"),
        ("means", r"\mu_j = \frac{1}{N_j} \sum_i r_{ij}\, x_i"),
        ("covariances", r"(x_i - \mu_j^{\text{new}})(x_i - \mu_j^{\text{new}})^{\mathsf T}"),
        ("about the new means", '("old", start[1])', "new means: Q = -4493.832", "Q = -4868.593"),
        ("data", "multivariate_normal([0, 4], np.diag([3, 0.5]), 600)"),
        ("start", "legacy.random_sample((2, 2))", "[0.5272 0.4728]"),
        ("loop program", "def step_loops"),
        ("vectorised program", "def step_vectors"),
        ("einsum program", "def step_einsum"),
        (
            "all three at tolerances 0.01 and 1e-10, in every parameter",
            "run_program(step, 0.01), run_program(step, 1e-10)",
            *(
                f"step_{name} -3690.556846 after 12 iterations, -3690.552596 after 34 iterations, "
                "equal to einsum: True"
                for name in ("loops", "vectors", "einsum")
            ),
        ),
        ("they are timed", "timeit.repeat", "step_loops", "step_vectors", "step_einsum", " ms"),
        ("scatter with fitted contours", "plots.scatter(geyser, {", "end: A with weight 0.36"),
        ("Old Faithful, by the reader's program", "em_here(geyser, alpha, mu", "-1147.806"),
        ("steps of the reader's own run", "stepper(own)", "EM for 2 Gaussians on 272 rows"),
        ("a component collapses", "sigmas3[t, 2]", "-1145.64", "-1075.28"),
    ],
    "04b": [
        ("unbounded likelihood", r"-\log\sigma + \text{constant} \;\to\; \infty"),
        ("it rises for ever", "two_sizes(sigma).log_likelihood(late)", "-16.924", "3.736"),
        ("stationary point, not maximum", "*a* stationary point"),
        ("histogram of optima", "three.optima", "-1127.01", "-1128.55", "-1131.82"),
        ("label order", "np.argsort(model.means[:, 0])", "[0.31 0.07 0.62]"),
        ("k-means as a limit", "epsilon * np.eye(2)", "[0.4688 0.5312]", "9.997e-01"),
        ("a fair rival", "honest", "collapsed -991.56, honest -1114.44"),
        ("prior", r"\frac{\sum_i r_{ij}\, u_i u_i^{\mathsf T} + s\, C}{N_j + s}"),
        ("the prior cures the collapse", "step_here(geyser", "16.19", "0.308"),
        ("BIC", "choose_here(", "2332.27", "It is 4"),
        (
            "three families, by BIC and by ICL",
            "icl_here(",
            *("2322.19", "says 2, ICL", "2314.3", "says 3, ICL", "2332.27", "says 4, ICL"),
            *("2323.58", "2328. ", "2346.52"),
        ),
        ("a small gain is not a small distance", "TheirMixture(2", "-1663.05", "-1660.72"),
    ],
    "05": [
        ("real counts", "162, 267, 271"),
        ("plain EM is slow", "needed(path, top)", "[1.256 2.663]", "0.36", "It is 1334"),
        ("a naive stop", "np.diff(heights)", "t = 14 [1.387 2.771 0.444]", "It is 14"),
        ("Louis", r"-\ell'' &= \mathbb{E}[-S'] - \mathrm{Var}[S]"),
        ("by hand for a coin", r"complete 4, missing $\mathrm{Var}[S] = 4$, observed 0"),
        (
            "shares missing are the eigenvalues",
            "np.linalg.eigvals(columns)",
            "missing: [0.378 0.4097]",
            "errors by : [0.378 0.4097]",
        ),
        ("a rate near 1", "observed_information(fit.model", "0.9957 0.7204", "530.0", "4000.9"),
        (
            "what days are worth",
            "labelled / without",
            *("[0.35 0.25 0.195]", "[0.056 0.062 0.014]", "It is 6.08"),
        ),
        ("bootstrap where theory holds", "rng.choice(rows, 400)", "[0.0114 0.0141]", "[0.0117"),
        ("bootstrap where it does not", "rng.multinomial(n", "[0.2 1.69]", "[0.57 1.94]"),
        ("Aitken", "rho / (1 - rho)", "0.1244 off", "0.0170 after", "at step 517"),
        ("SQUAREM with its guard", "landed >= height or not guard"),
        ("SQUAREM is fast", "needed(fast, top)", "It is 57"),
        ("a race", "race(runs", "plain EM begins 20 below"),
        ("no guard", "guard=guard", "57 steps", "45 steps", "[-2.49 7.68 1.91]"),
        ("Anderson", "max_iter=5000", "1601 EM", "104 EM", "29 EM"),
        ("saddle", "information_here(equal", "1.533"),
    ],
    "06": [
        ("annotators", r"\log \alpha_j + \sum_m \sum_f x_{imf} \log p_{jmf}"),
        ("one vote against five", "r_ready[1]", "[0. 0. 0. 1.]"),
        ("their tables", "tables_here(votes, r)", "-190.731", "[0.4 0.42 0.11 0.07]"),
        ("a prior in the M-step", "with_prior(s)", "[0. 0. 0.98 0.02]"),
        ("linkage", r"\tfrac12 + \tfrac{\theta}{4}"),
        ("its limit and its rate", "step_here(theta, counts)", "0.6268215", "0.1328"),
        ("an expected square", r"\mathbb{E}[a \mid b]^2 + \operatorname{Var}[a \mid b]"),
        ("the variance forgotten", "fit(lost, forget=", "0.903", "0.945", "5.90", "4.30"),
        ("not missing at random", "censored", "70.90", "68.24"),
        ("half-steps", "heights[sweep.__name__]", "-192.398", "-192.377", "-190.734"),
    ],
    "07": [
        ("the order of the rows tells", "rng.permutation(geyser)", "from 21 to 46"),
        ("short after short", "short_twice(geyser)", "It is 6."),
        ("all paths, and forward", "repeat=10", "-45.5414"),
        ("a forward sum by hand", "0.5 * 1 * 0.9 * 0.5 + 0.5 * 0.2 * 0.4 * 0.5", "It is 0.245"),
        ("plain numbers underflow", "while a.any()", "is 0 from row 169 on"),
        ("forward-backward", r"\frac{a_{ij}\, A_{jl}\, b_{i+1,l}\, w_{i+1,l}}{p(x)}"),
        ("what neighbours tell", "right_coins(", "alone 72.4%", "chain 88.1%"),
        ("Q of a chain", r"s_{ijl} \log A_{jl}"),
        (
            "Baum-Welch, by the reader's program",
            "m_step_here(data, r, pairs)",
            *("-1114.053", "[[0.062, 0.938], [0.523, 0.477]]", "It is 33.8"),
        ),
        ("emlib agrees", "HiddenMarkov.gaussian(", "-1114.052974"),
        ("moves as flows", "flows(run", "from short 6.0 to short, 91.0 to long"),
        ("states one by one, an impossible path", "doors[one, two]", "named: A B", "It is 0."),
        ("a forecast", "forecast_here(r[-1]", "short 0.523", "10 ahead: short 0.358"),
        ("a forecast put to the test", "geyser[:136]", "1 ahead: chain 0.95, mean 1.10"),
    ],
}
ITEMS = [(short, *item) for short, items in CURRICULUM.items() for item in items]


def one_line(text: str) -> str:
    return " ".join(text.split())


def printed(cell) -> str:
    texts = [o.get("text", "") + o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return one_line(" ".join(texts))


def cells(short: str):
    (path,) = (path for name, path in NOTEBOOKS.items() if number(name) == short)
    return read(path).cells


def missing(cells, piece: str, *numbers: str) -> str:
    """Say what no single cell of these has; nothing if one has it all."""
    taught = [cell for cell in cells if piece in one_line(cell.source)]
    if not taught:
        return f"no cell holds {piece}"
    if not numbers:
        return ""
    outputs = [printed(cell) for cell in taught if cell.cell_type == "code"]
    if any(all(number in output for number in numbers) for output in outputs):
        return ""
    return f"no cell with {piece!r} prints all of {numbers}"


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item[0]} {item[1]}")
def test_item_is_taught_and_its_numbers_are_printed(item):
    short, _, *wanted = item
    assert not missing(cells(short), *wanted)
