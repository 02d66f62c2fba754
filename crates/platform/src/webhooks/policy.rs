//! What shall be changed of how a webhook wants to be served, part by part.

use std::time::Duration;

use domain::filter::{Filter, FilterError};
use domain::policy::{Order, Policy, PolicyError};

/// What becomes of one part of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Part<T> {
    /// It stays.
    #[default]
    Keep,
    /// The server's own value holds again.
    Clear,
    /// This holds.
    Set(T),
}

/// What shall be changed of a policy; see [`Policy`] for what each part means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyWish {
    /// In which order.
    pub order: Part<Order>,
    /// The waits between attempts.
    pub waits: Part<Vec<Duration>>,
    /// How long a delivery is tried.
    pub retry_for: Part<Duration>,
    /// How long one attempt may take.
    pub timeout: Part<Duration>,
    /// Whether a 4xx ends a delivery.
    pub stops_on_4xx: Part<bool>,
    /// The filter's text.
    pub filter: Part<String>,
    /// Headers sent along; names in any case.
    pub headers: Part<Vec<(String, String)>>,
    /// Whether the server never disables it.
    pub is_never_disabled: Part<bool>,
}

/// What is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyProblem {
    /// A part is out of its limits.
    #[error(transparent)]
    Limit(#[from] PolicyError),
    /// The filter is none.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A header is given twice.
    #[error("the header {0:?} is given twice")]
    HeaderTwice(String),
}

impl PolicyWish {
    /// The policy after the change, within all limits; its filter as canonical text.
    pub fn applied_to(&self, present: &Policy) -> Result<Policy, PolicyProblem> {
        let policy = Policy {
            order: self.order.over(&present.order),
            waits: self.waits.over_option(present.waits.as_ref()),
            retry_for: self.retry_for.over_option(present.retry_for.as_ref()),
            timeout: self.timeout.over_option(present.timeout.as_ref()),
            stops_on_4xx: self.stops_on_4xx.over(&present.stops_on_4xx),
            filter: self.filter.over_option(present.filter.as_ref()),
            headers: self.headers.over(&present.headers).into_iter().map(lower).collect(),
            is_never_disabled: self.is_never_disabled.over(&present.is_never_disabled),
        };
        checked(policy)
    }
}

/// The policy if it keeps within all limits, its filter as canonical text.
pub(super) fn checked(mut policy: Policy) -> Result<Policy, PolicyProblem> {
    policy.check()?;
    let mut names: Vec<_> = policy.headers.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(PolicyProblem::HeaderTwice(pair[0].clone()));
    }
    if let Some(text) = &policy.filter {
        policy.filter = Some(Filter::parse(text)?.to_string());
    }
    Ok(policy)
}

fn lower((name, value): (String, String)) -> (String, String) {
    (name.to_ascii_lowercase(), value)
}

impl<T: Clone> Part<T> {
    fn over_option(&self, present: Option<&T>) -> Option<T> {
        match self {
            Self::Keep => present.cloned(),
            Self::Clear => None,
            Self::Set(value) => Some(value.clone()),
        }
    }
}

impl<T: Clone + Default> Part<T> {
    fn over(&self, present: &T) -> T {
        self.over_option(Some(present)).unwrap_or_default()
    }
}
