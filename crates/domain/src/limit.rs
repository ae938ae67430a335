//! Limits: the quotas and rates of one key or member as a person writes them, checked before they hold.

use crate::{
    name::ApiName,
    quota::{MAX_LIMIT, Metric, Period, QuotaTerms},
    rate_limit::{MAX_RATE, Per, RateLimit},
};

/// The most quotas of one key: each costs a call a place in its permit.
pub const MAX_QUOTAS: usize = 8;

/// Why a limit was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitRefused {
    /// It would let nothing through.
    #[error("a limit of 0 lets nothing through; disable the key or suspend the member instead, or take the limit away")]
    Nothing,
    /// It cannot be counted.
    #[error("the most is {MAX_LIMIT}; take the limit away to set none")]
    QuotaTooLarge,
    /// The pace cannot be kept exactly.
    #[error("the most is {MAX_RATE}; choose a lower rate, or a quota")]
    RateTooLarge,
    /// Two say how much of the same.
    #[error("there is another quota of {0} per {1}; keep one of them")]
    QuotaTwice(Metric, Period),
    /// Two say how fast of the same.
    #[error("there is another rate of {0} per {1}; keep one of them")]
    RateTwice(Metric, Per),
    /// More than a permit has places for.
    #[error("there are at most {MAX_QUOTAS} quotas; take one away")]
    TooMany,
    /// A call that the key opens could never be served.
    #[error("the dearest call to {api} costs {dearest} credits and could never be served; choose {dearest} or more")]
    BelowDearest {
        /// The API with that call.
        api: ApiName,
        /// Its price.
        dearest: u32,
    },
}

/// Whether these may be the quotas of one key or member.
///
/// Errors: the place of the first that may not, and why.
pub fn check_quotas(quotas: &[QuotaTerms]) -> Result<(), (usize, LimitRefused)> {
    for (place, terms) in quotas.iter().enumerate() {
        let same = |other: &QuotaTerms| (other.metric, other.period) == (terms.metric, terms.period);
        let refused = match terms.limit {
            _ if place >= MAX_QUOTAS => LimitRefused::TooMany,
            0 => LimitRefused::Nothing,
            limit if limit > MAX_LIMIT => LimitRefused::QuotaTooLarge,
            _ if quotas[..place].iter().any(same) => LimitRefused::QuotaTwice(terms.metric, terms.period),
            _ => continue,
        };
        return Err((place, refused));
    }
    Ok(())
}

/// Whether these may be the rates of a key that opens APIs whose dearest calls cost so much: a rate is also the burst, and a
/// call above it never fits.
///
/// Errors: the place of the first that may not, and why.
pub fn check_rates(rates: &[RateLimit], dearest: Option<(&ApiName, u32)>) -> Result<(), (usize, LimitRefused)> {
    for (place, rate) in rates.iter().enumerate() {
        let same = |other: &RateLimit| (other.metric, other.per) == (rate.metric, rate.per);
        let too_small =
            dearest.filter(|(_, credits)| rate.metric == Metric::Credits && rate.limit < u64::from(*credits));
        let refused = match (rate.limit, too_small) {
            (0, _) => LimitRefused::Nothing,
            (limit, _) if limit > MAX_RATE => LimitRefused::RateTooLarge,
            _ if rates[..place].iter().any(same) => LimitRefused::RateTwice(rate.metric, rate.per),
            (_, Some((api, dearest))) => LimitRefused::BelowDearest { api: api.clone(), dearest },
            (_, None) => continue,
        };
        return Err((place, refused));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::Scope;

    type Checked = Result<(), (usize, LimitRefused)>;

    const DAY: Period = Period::Day;

    #[test]
    fn quotas_that_may_not_hold_are_told_by_their_place() {
        let terms = |period, limit| QuotaTerms { metric: Metric::Requests, period, limit, overage: None };
        let many: Vec<QuotaTerms> = (1..=9).map(|days| terms(Period::Days(days), 1)).collect();
        let twice = LimitRefused::QuotaTwice(Metric::Requests, DAY);
        let cases: [(&[QuotaTerms], Checked); 7] = [
            (&[], Ok(())),
            (&[terms(DAY, 1), terms(Period::Month, MAX_LIMIT)], Ok(())),
            (&[terms(DAY, 1), QuotaTerms { metric: Metric::Credits, ..terms(DAY, 1) }], Ok(())),
            (&[terms(Period::Month, 1), terms(DAY, 0)], Err((1, LimitRefused::Nothing))),
            (&[terms(DAY, MAX_LIMIT + 1)], Err((0, LimitRefused::QuotaTooLarge))),
            (&[terms(DAY, 1), terms(Period::Lifetime, 2), terms(DAY, 3)], Err((2, twice))),
            (&many, Err((MAX_QUOTAS, LimitRefused::TooMany))),
        ];
        for (quotas, expected) in cases {
            assert_eq!(check_quotas(quotas), expected, "{quotas:?}");
        }
    }

    #[test]
    fn rates_let_the_dearest_call_through() {
        let rate = |metric, per, limit| RateLimit { scope: Scope::Key, metric, per, limit };
        let chain: ApiName = "chain".parse().expect("a name");
        let below = LimitRefused::BelowDearest { api: chain.clone(), dearest: 250 };
        let (requests, credits) = (Metric::Requests, Metric::Credits);
        let cases: [(&[RateLimit], Checked); 6] = [
            (&[rate(requests, Per::Second, 1), rate(credits, Per::Second, 250)], Ok(())),
            (&[rate(requests, Per::Second, 1), rate(credits, Per::Minute, 249)], Err((1, below))),
            (&[rate(requests, Per::Second, 0)], Err((0, LimitRefused::Nothing))),
            (&[rate(requests, Per::Minute, MAX_RATE)], Ok(())),
            (&[rate(requests, Per::Minute, MAX_RATE + 1)], Err((0, LimitRefused::RateTooLarge))),
            (
                &[rate(requests, Per::Second, 1), rate(requests, Per::Second, 2)],
                Err((1, LimitRefused::RateTwice(requests, Per::Second))),
            ),
        ];
        for (rates, expected) in cases {
            assert_eq!(check_rates(rates, Some((&chain, 250))), expected, "{rates:?}");
        }
        assert_eq!(check_rates(&[rate(credits, Per::Second, 1)], None), Ok(()), "nothing has a price");
    }
}
