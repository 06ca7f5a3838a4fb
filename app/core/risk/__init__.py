"""Risk of the book as it is: pure functions over arrays, one room for each metric. Floats never go back to the books.

The way of the data; each step is a value that the next one takes:

    prices.prices(histories)            closes on common bars; zero, negative, stale, doubled ones flagged, held out
    returns.returns(prices)             growth from bar to bar, NaN where unknown, split or not to be believed (jumps)
    scenarios.historical(returns, …)    P × S outcomes of a window; new assets proxied and labelled, or left out
    exposures.holding · debt · … → net(…) → scenarios.book(…)    what moves, in the order of the scenarios
    metrics.tail.tail(scenarios, book)  value at risk and expected shortfall, whichever model made the outcomes

Models make scenarios out of scenarios, so that tails, shares and live figures are read off all of them alike:

    scenarios.historical                as they were
    metrics.filtered.rescaled · paths   FHS-EWMA, the default, or by a GARCH: one day, several days
    metrics.monte_carlo.drawn           from a covariance; kept, and weighted anew with whatever the book becomes
    metrics.parametric                  closed forms: normal; Cornish-Fisher where it is a quantile

What is read off them:

    metrics.contributions               component, marginal and incremental risk, a trade before it is made
    metrics.stressed                    the worst year for this book
    live.LiveTail                       the same after every tick, without a full computation
    backtest.card.card                  the report card: models out of sample, tests in backtest.likelihood
    stress.episodes · hypothetical · shocks   days that happened, things that have not, prices that move at once

About markets and curves:

    metrics.covariance                  EWMA as returns come in; Ledoit-Wolf for what must be inverted
    metrics.correlations · turbulence · absorption    alarms, with the pair or the culprit
    metrics.leverage                    long, short, debt beside what the book is worth; what is locked
    metrics.concentration · liquidity   by how many things a book stands, and what it costs to leave
    leaving.leaving                     the same for a whole book, by what is known of its markets
    metrics.drawdown · ratios · rolling · attribution of a curve without flows, of daily returns
    curves.held · fixed → track.track(curve, benchmark)    the track record: of books as they were, of weights that stay
    parts.attribution                   where a return comes from, and what made the difference to a benchmark

`study.study` puts them together for window and command line. Conventions, the same everywhere: losses are positive
(`quantiles` pins the tail), a year has 365 days, unknown is NaN in arrays and None in results, and each result carries
a `basis.Basis`: method, window, coverage, how it is computed, what was assumed. The hot path wants one BLAS thread,
which `app.__main__` sees to before numpy is first imported.
"""
