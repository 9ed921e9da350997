"""The probability of a count, given the counts before it, when counts vary more than chance alone. Pure arithmetic.

Origins come in bursts, so their counts vary more than Poisson's law allows; the negative binomial (mean m,
variance m + d m², with d the dispersion) describes that with one number. A term in nearly every report varies
less: for d below 0, -1/d is the number of draws of the binomial with that variance.
"""

from __future__ import annotations

import math

from msgspec import Struct

_NEGLIGIBLE = 1e-9


class Expectation(Struct, frozen=True):
    """The distribution expected of a count: its mean and its dispersion, which is 0 for pure chance (Poisson)."""

    mean: float
    dispersion: float

    @property
    def _draws(self) -> int:
        """The draws of the binomial, always more than its mean."""
        return max(math.floor(self.mean) + 1, round(-1 / self.dispersion))

    def exactly(self, count: int) -> float:
        """Return the probability of this count."""
        return math.exp(self._log_probability(count))

    def at_least(self, count: int) -> float:
        """Return the probability of this count or a higher one."""
        term, total = self.exactly(count), 0.0
        ratio = 1.0
        draws = self._draws if self.dispersion < 0 else 0
        # Beyond the mean the terms fall, in the end by a constant ratio, so the rest of the sum is negligible.
        while term > _NEGLIGIBLE * total or ratio >= 1:
            total += term
            ratio = self._step(count, draws)
            term *= ratio
            count += 1
        return min(1.0, total)

    def at_most(self, count: int) -> float:
        """Return the probability of this count or a lower one."""
        return min(1.0, math.fsum(self.exactly(n) for n in range(count + 1)))

    def _step(self, count: int, draws: int) -> float:
        """Return the probability of count + 1 divided by that of count."""
        if self.dispersion < 0:
            return max(0, draws - count) / (count + 1) * self.mean / (draws - self.mean)
        if not self.dispersion:
            return self.mean / (count + 1)
        size = 1 / self.dispersion
        return (count + size) / (count + 1) * self.mean / (self.mean + size)

    def _log_probability(self, count: int) -> float:
        if self.dispersion < 0:
            return self._log_binomial(count)
        if not self.dispersion:
            return count * math.log(self.mean) - self.mean - math.lgamma(count + 1)
        size = 1 / self.dispersion
        return (
            math.lgamma(count + size)
            - math.lgamma(size)
            - math.lgamma(count + 1)
            - size * math.log1p(self.mean / size)
            + count * (math.log(self.mean) - math.log(self.mean + size))
        )

    def _log_binomial(self, count: int) -> float:
        draws, chance = self._draws, self.mean / self._draws
        if count > draws:
            return -math.inf
        return (
            math.lgamma(draws + 1)
            - math.lgamma(count + 1)
            - math.lgamma(draws - count + 1)
            + count * math.log(chance)
            + (draws - count) * math.log1p(-chance)
        )
