//! What the query of an operator's question says: numbers, words and instants by their names.

use crate::error::Refusal;
use domain::Timestamp;
use web::form;
use web::params::Params;

/// The most that `limit` gets, however many it asks for.
pub(crate) const LIMIT_MAX: i64 = 100;
/// How many are listed unless `limit` says otherwise.
const LIMIT_DEFAULT: i64 = 20;

/// A query. An empty value is as good as none.
pub(crate) struct Query(Params);

impl Query {
    pub(crate) fn of(query: Option<&str>) -> Result<Self, Refusal> {
        let params = Params::parse(query.unwrap_or_default().as_bytes()).map_err(form::Error::from)?;
        Ok(Self(params))
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A whole number from 0.
    pub(crate) fn number(&self, name: &'static str) -> Result<Option<i64>, Refusal> {
        let read = |text: &str| text.parse().ok().filter(|number| *number >= 0).ok_or(Refusal::Number(name));
        self.text(name).map(read).transpose()
    }

    /// How many are asked for at most.
    pub(crate) fn limit(&self) -> Result<i64, Refusal> {
        Ok(self.number("limit")?.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX))
    }
}

/// Reads an instant as attributes have them; the error says what is wrong with it.
pub(crate) fn instant(text: &str) -> Result<Timestamp, web::instant::BadInstant> {
    let read = web::instant::parse_iso8601(text);
    let micros = read.or_else(|error| web::instant::parse_http_date(text).map_err(|_| error))?;
    Ok(Timestamp::from_micros(micros))
}

/// An instant as this wire's additions write it.
pub(crate) fn written(at: Timestamp) -> String {
    web::instant::rfc3339_micros(at.as_micros())
}
