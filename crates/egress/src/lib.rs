//! The only way out to the network.
//!
//! Whoever may name a target may make us call it, and we stand where they don't: beside databases, metadata services and routers. So
//! there is one door out, and it asks three things of every connection. What addresses does this name have? Are they all public, or
//! allowed by the operator? Did the one we dialled answer? Numbers that passed are dialled, names never are, so a second lookup
//! cannot give a different answer (DNS rebinding). A pooled connection was vetted when it was opened and leads nowhere else.
//!
//! The second danger is the receiver. It gets one request and one deadline; of its answer we read so many headers and so many bytes,
//! inflate nothing and follow nothing. What it does wrong ends as one word of a closed list, which never says what listens inside.
//!
//! The cast, in reading order: a [`Target`] is an address parsed once; `address` judges numbers; an [`AllowRule`] is an operator's
//! exception; `policy` puts these together; [`Resolver`], `dial` and `connection` do the work; `meter` says how much a receiver
//! may say; `pool` keeps connections at rest; [`Client`] sends one request.
//!
//! **Deliberately absent:** redirects, proxies, cookies, compression, any word of the product, and retries, but for one: when a kept
//! connection turns out to have been closed before the receiver said a word.

mod target;

mod address;
mod allow;
mod policy;

mod settings;

mod client;
mod request;
mod response;

mod pool;

mod connection;

mod dial;
mod meter;
mod resolver;
mod stream;
mod tls;

mod error;

pub use allow::{AllowRule, AllowRuleError};
pub use client::Client;
pub use connection::{RESPONSE_HEADER_BYTES_MAX, RESPONSE_HEADERS_MAX};
pub use error::Error;
pub use request::Request;
pub use resolver::{Lookups, Resolver, Table};
pub use response::{Response, Timings};
pub use settings::Settings;
pub use target::{TARGET_BYTES_MAX, Target, TargetError};
