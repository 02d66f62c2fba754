//! A webhook's policy, as JSON: only what differs from the defaults. Spans are in milliseconds.

use crate::error::Error;
use domain::policy::{Order, Policy};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::time::Duration;

#[derive(Serialize, Deserialize)]
pub(super) struct PolicyForm<'a> {
    #[serde(rename = "o", borrow, default, skip_serializing_if = "Option::is_none")]
    order: Option<Cow<'a, str>>,
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    waits: Option<Vec<u64>>,
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    retry_for: Option<u64>,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    timeout: Option<u64>,
    #[serde(rename = "s", default, skip_serializing_if = "std::ops::Not::not")]
    stops_on_4xx: bool,
    #[serde(rename = "f", borrow, default, skip_serializing_if = "Option::is_none")]
    filter: Option<Cow<'a, str>>,
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    #[serde(rename = "n", default, skip_serializing_if = "std::ops::Not::not")]
    is_never_disabled: bool,
}

impl<'a> PolicyForm<'a> {
    pub(super) fn of(policy: &'a Policy) -> Self {
        let milliseconds = |span: &Duration| span.as_millis() as u64;
        Self {
            order: (policy.order != Order::default()).then(|| Cow::Borrowed(policy.order.name())),
            waits: policy.waits.as_ref().map(|waits| waits.iter().map(milliseconds).collect()),
            retry_for: policy.retry_for.as_ref().map(milliseconds),
            timeout: policy.timeout.as_ref().map(milliseconds),
            stops_on_4xx: policy.stops_on_4xx,
            filter: policy.filter.as_deref().map(Cow::Borrowed),
            headers: policy.headers.clone(),
            is_never_disabled: policy.is_never_disabled,
        }
    }

    pub(super) fn into_policy(self) -> Result<Policy, Error> {
        let order = match self.order {
            Some(name) => Order::from_name(&name).ok_or_else(|| Error::bug(format!("an order is {name:?}")))?,
            None => Order::default(),
        };
        Ok(Policy {
            order,
            waits: self.waits.map(|waits| waits.into_iter().map(Duration::from_millis).collect()),
            retry_for: self.retry_for.map(Duration::from_millis),
            timeout: self.timeout.map(Duration::from_millis),
            stops_on_4xx: self.stops_on_4xx,
            filter: self.filter.map(Cow::into_owned),
            headers: self.headers,
            is_never_disabled: self.is_never_disabled,
        })
    }
}
